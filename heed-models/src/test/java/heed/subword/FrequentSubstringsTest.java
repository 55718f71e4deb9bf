package heed.subword;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class FrequentSubstringsTest {
    @Test
    void theyAreThoseThatComeLessOftenWhenMadeLonger() {
        WordCounts words = new WordCounts();
        for (String word : "abcab abcab xabc".split(" ")) { // of the same word the places count once
            words.add(word);
        }
        // ab: twice in abcab and once in xabc
        assertThat(FrequentSubstrings.of(words, 16)).isEqualTo(Map.of("ab", 3, "abc", 2, "bc", 2));
    }

    @Test
    void theyAreThoseThatCountingFinds() {
        Random random = new Random(5);
        for (int round = 0; round < 40; round++) {
            WordCounts words = new WordCounts();
            int alphabet = 1 + random.nextInt(4);
            for (int i = 0; i < 1 + random.nextInt(90); i++) {
                StringBuilder word = new StringBuilder();
                for (int c = random.nextInt(12); c >= 0; c--) {
                    word.append(Character.toString(0x1F600 + random.nextInt(alphabet))); // beyond the first plane
                }
                words.add(word.toString());
            }
            int longest = 2 + random.nextInt(9);
            assertThat(FrequentSubstrings.of(words, longest)).isEqualTo(counted(words, longest));
        }
    }

    /// Substrings of at least two places with more than one way to go on, or that are as long as may be.
    private static Map<String, Integer> counted(WordCounts words, int longest) {
        Map<String, Integer> places = new HashMap<>();
        Map<String, Set<Integer>> next = new HashMap<>();
        int ends = 0;
        for (String word : words.words()) {
            int[] characters = word.codePoints().toArray();
            for (int from = 0; from < characters.length; from++) {
                for (int length = 2; length <= longest && from + length <= characters.length; length++) {
                    String part = new String(characters, from, length);
                    places.merge(part, 1, Integer::sum);
                    int end = from + length;
                    // the end of a word goes on nowhere, and not as any other end does
                    int follows = end < characters.length ? characters[end] : --ends;
                    next.computeIfAbsent(part, _ -> new HashSet<>()).add(follows);
                }
            }
        }
        Map<String, Integer> found = new TreeMap<>();
        places.forEach((part, count) -> {
            boolean branches = next.getOrDefault(part, Set.of()).size() > 1;
            boolean full = part.codePointCount(0, part.length()) == longest;
            if (count > 1 && (branches || full)) {
                found.put(part, count);
            }
        });
        return found;
    }
}

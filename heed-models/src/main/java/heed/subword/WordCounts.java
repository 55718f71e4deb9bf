package heed.subword;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// How often each word of a text comes. What is learned depends on the counts alone, not on the order that the
/// words came in.
public final class WordCounts {
    private final Map<String, int[]> counts = new HashMap<>();

    /// No words yet.
    public WordCounts() {}

    /// Counts one word; an empty one does not count.
    public void add(String word) {
        add(word, 1);
    }

    private void add(String word, int count) {
        if (!word.isEmpty()) {
            counts.computeIfAbsent(word, _ -> new int[1])[0] += count;
        }
    }

    /// How many different words there are.
    public int size() {
        return counts.size();
    }

    /// How often a word came.
    public int count(String word) {
        int[] count = counts.get(word);
        return count == null ? 0 : count[0];
    }

    /// All words, in the order of their characters.
    public List<String> words() {
        String[] words = counts.keySet().toArray(String[]::new);
        Arrays.sort(words);
        return List.of(words);
    }

    /// The words cut at their rarest characters, so that the others are at least this share of all: a few
    /// characters of other scripts then cost no place in a vocabulary.
    ///
    /// @param coverage above 0, at most 1
    public WordCounts covering(double coverage) {
        Map<Integer, Long> characters = new TreeMap<>();
        counts.forEach((word, count) ->
                word.codePoints().forEach(character -> characters.merge(character, (long) count[0], Long::sum)));
        double wanted = coverage
                * characters.values().stream().mapToLong(Long::longValue).sum();
        Set<Integer> kept = new HashSet<>();
        long sum = 0;
        for (Map.Entry<Integer, Long> character : characters.entrySet().stream()
                .sorted(Map.Entry.<Integer, Long>comparingByValue().reversed())
                .toList()) {
            if (sum >= wanted) {
                break;
            }
            kept.add(character.getKey());
            sum += character.getValue();
        }
        WordCounts covered = new WordCounts();
        counts.forEach((word, count) -> covered.addParts(word, count[0], kept));
        return covered;
    }

    private void addParts(String word, int count, Set<Integer> kept) {
        StringBuilder part = new StringBuilder();
        word.codePoints().forEach(character -> {
            if (kept.contains(character)) {
                part.appendCodePoint(character);
            } else {
                add(part.toString(), count);
                part.setLength(0);
            }
        });
        add(part.toString(), count);
    }

    /// All characters, in the order of their code points.
    public List<String> characters() {
        return counts.keySet().stream()
                .flatMapToInt(String::codePoints)
                .distinct()
                .sorted()
                .mapToObj(Character::toString)
                .toList();
    }
}

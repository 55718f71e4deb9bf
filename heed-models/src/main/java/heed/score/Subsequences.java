package heed.score;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Longest common subsequences of words.
final class Subsequences {
    private Subsequences() {}

    /// The length of one, in memory for two rows of the table.
    static int common(List<String> a, List<String> b) {
        int[] previous = new int[b.size() + 1];
        int[] current = new int[b.size() + 1];
        for (String word : a) {
            for (int j = 1; j <= b.size(); j++) {
                current[j] = word.equals(b.get(j - 1)) ? previous[j - 1] + 1 : Math.max(previous[j], current[j - 1]);
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[b.size()];
    }

    /// The counts of a summary's sentences: of every sentence of the reference the words that lie in a common
    /// subsequence with any of them, each no more often than both sides have it.
    static double[] union(List<List<String>> said, List<List<String>> expected) {
        Map<String, Integer> saidLeft = counted(said);
        Map<String, Integer> expectedLeft = counted(expected);
        int hits = 0;
        for (List<String> sentence : expected) {
            BitSet found = new BitSet();
            said.forEach(other -> mark(sentence, other, found));
            for (int place : found.stream().toArray()) {
                String word = sentence.get(place);
                if (saidLeft.getOrDefault(word, 0) > 0 && expectedLeft.getOrDefault(word, 0) > 0) {
                    hits++;
                    saidLeft.merge(word, -1, Integer::sum);
                    expectedLeft.merge(word, -1, Integer::sum);
                }
            }
        }
        return Rouge.counts(hits, words(said), words(expected));
    }

    private static Map<String, Integer> counted(List<List<String>> sentences) {
        Map<String, Integer> counts = new HashMap<>();
        sentences.forEach(sentence -> sentence.forEach(word -> counts.merge(word, 1, Integer::sum)));
        return counts;
    }

    private static int words(List<List<String>> sentences) {
        return sentences.stream().mapToInt(List::size).sum();
    }

    /// Marks the places of a common subsequence in `a`. Of several it is the one that rouge-score finds, going
    /// back from the ends.
    private static void mark(List<String> a, List<String> b, BitSet places) {
        int[][] lengths = new int[a.size() + 1][b.size() + 1];
        for (int i = 1; i <= a.size(); i++) {
            for (int j = 1; j <= b.size(); j++) {
                lengths[i][j] = a.get(i - 1).equals(b.get(j - 1))
                        ? lengths[i - 1][j - 1] + 1
                        : Math.max(lengths[i - 1][j], lengths[i][j - 1]);
            }
        }
        int i = a.size();
        int j = b.size();
        while (i > 0 && j > 0) {
            if (a.get(i - 1).equals(b.get(j - 1))) {
                places.set(i - 1);
                i--;
                j--;
            } else if (lengths[i][j - 1] > lengths[i - 1][j]) {
                j--;
            } else {
                i--;
            }
        }
    }
}

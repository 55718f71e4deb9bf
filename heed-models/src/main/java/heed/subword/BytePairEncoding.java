package heed.subword;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// Byte-pair encoding (Sennrich et al. 2016, §3.2): words begin as characters, and the pair of neighbours that
/// comes most often becomes one token, again and again. Of pairs that come equally often the one with the lower
/// ids is merged first, which makes the merges those of Hugging Face's `BpeTrainer`.
///
/// A merge visits only the words that have its pair: every pair knows them, and a queue has the counts. A count
/// in the queue may be out of date, for pairs that lose neighbours are not looked for there; it is corrected
/// when it comes up.
public final class BytePairEncoding {
    private final List<String> tokens;
    private final Map<String, Integer> ids = new HashMap<>();
    private final int[][] words;
    private final int[] counts;
    private final Map<Long, int[]> pairCounts = new HashMap<>();
    private final Map<Long, Positions> fresh = new LinkedHashMap<>(); // pairs that are new or came to more words
    private final PriorityQueue<Candidate> queue =
            new PriorityQueue<>(Comparator.comparingInt((Candidate candidate) -> -candidate.count)
                    .thenComparingLong(candidate -> candidate.pair));

    /// Two tokens that become one.
    public record Merge(String left, String right) {}

    /// @param tokens by id: the first ones, in their order, then those of the merges
    /// @param merges in the order in which a tokenizer applies them
    public record Learned(List<String> tokens, List<Merge> merges) {}

    /// A pair in the queue.
    ///
    /// @param pair two ids; in the order of the first, then of the second
    private record Candidate(long pair, int count, Positions positions) {}

    /// Numbers of words, ascending.
    private static final class Positions {
        private int[] words = new int[4];
        private int size;

        void add(int word) {
            if (size > 0 && words[size - 1] == word) {
                return;
            }
            if (size == words.length) {
                words = Arrays.copyOf(words, 2 * size);
            }
            words[size++] = word;
        }
    }

    private BytePairEncoding(WordCounts texts, List<String> first) {
        tokens = new ArrayList<>(first);
        first.forEach(token -> ids.putIfAbsent(token, ids.size()));
        List<String> all = texts.words();
        words = new int[all.size()][];
        counts = new int[words.length];
        for (int w = 0; w < words.length; w++) {
            String word = all.get(w);
            counts[w] = texts.count(word);
            words[w] = word.codePoints()
                    .mapToObj(Character::toString)
                    .filter(ids::containsKey)
                    .mapToInt(ids::get)
                    .toArray();
        }
    }

    /// @param texts words, in the characters that tokens are written with
    /// @param first the tokens that are there before any merge: special ones and the alphabet, without doubles
    /// @param size of the vocabulary, with those
    /// @param minFrequency pairs that come less often are not merged
    public static Learned learn(
            WordCounts texts, List<String> first, int size, int minFrequency, LearningProgress progress) {
        BytePairEncoding encoding = new BytePairEncoding(texts, first);
        encoding.countPairs();
        return encoding.merge(size, minFrequency, progress);
    }

    private static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    private void countPairs() {
        for (int w = 0; w < words.length; w++) {
            for (int i = 0; i + 1 < words[w].length; i++) {
                change(pair(words[w][i], words[w][i + 1]), 1, w);
            }
        }
        queueFresh();
    }

    private void change(long pair, int by, int word) {
        pairCounts.computeIfAbsent(pair, _ -> new int[1])[0] += by * counts[word];
        if (by > 0) {
            fresh.computeIfAbsent(pair, _ -> new Positions()).add(word);
        }
    }

    private int countOf(long pair) {
        int[] count = pairCounts.get(pair);
        return count == null ? 0 : count[0];
    }

    private void queueFresh() {
        fresh.forEach((pair, positions) -> {
            int count = countOf(pair);
            if (count > 0) {
                queue.add(new Candidate(pair, count, positions));
            }
        });
        fresh.clear();
    }

    private Learned merge(int size, int minFrequency, LearningProgress progress) {
        Map<Long, Merge> merges = new LinkedHashMap<>();
        int begun = tokens.size();
        for (Candidate top = queue.poll(); top != null && tokens.size() < size; top = queue.poll()) {
            int count = countOf(top.pair);
            if (count != top.count) {
                queue.add(new Candidate(top.pair, count, top.positions));
                continue;
            }
            if (count < Math.max(1, minFrequency)) {
                break;
            }
            int left = (int) (top.pair >>> 32);
            int right = (int) top.pair;
            String merged = tokens.get(left) + tokens.get(right);
            Integer known = ids.get(merged); // two ways of putting the same characters together
            int id = known == null ? tokens.size() : known;
            if (known == null) {
                tokens.add(merged);
                ids.put(merged, id);
            }
            merges.remove(top.pair); // merged again, it takes its later place
            merges.put(top.pair, new Merge(tokens.get(left), tokens.get(right)));
            for (int i = 0; i < top.positions.size; i++) {
                merge(top.positions.words[i], left, right, id);
            }
            queueFresh();
            progress.at("merges", tokens.size() - begun, size - begun);
        }
        return new Learned(List.copyOf(tokens), List.copyOf(merges.values()));
    }

    /// Merges a pair wherever a word has it, from left to right, and counts its neighbours anew.
    private void merge(int number, int left, int right, int merged) {
        int[] word = words[number];
        int length = 0;
        int i = 0;
        while (i < word.length) {
            if (word[i] != left || i + 1 == word.length || word[i + 1] != right) {
                word[length++] = word[i++];
                continue;
            }
            if (length > 0) {
                change(pair(word[length - 1], left), -1, number);
                change(pair(word[length - 1], merged), 1, number);
            }
            if (i + 2 < word.length) {
                change(pair(right, word[i + 2]), -1, number);
                change(pair(merged, word[i + 2]), 1, number);
            }
            word[length++] = merged;
            i += 2;
        }
        words[number] = length == word.length ? word : Arrays.copyOf(word, length);
    }
}

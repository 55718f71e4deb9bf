package heed.subword;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// All ways to cut a word into pieces (Kudo 2018, §3.2). One lattice is used for many words, by one thread.
final class Lattice {
    private final PieceTrie trie;
    private final double[] scores;
    private double[] forward = new double[64];
    private double[] backward = new double[64];
    private int[] best = new int[64]; // the piece that ends at each place
    private int[] bestStart = new int[64];

    /// @param scores log-probabilities of the pieces of the trie
    Lattice(PieceTrie trie, double[] scores) {
        this.trie = trie;
        this.scores = scores;
    }

    private void reserve(int length) {
        if (length >= forward.length) {
            int size = Math.max(2 * forward.length, length + 1);
            forward = new double[size];
            backward = new double[size];
            best = new int[size];
            bestStart = new int[size];
        }
    }

    /// Adds to every piece how often it is expected in a word, over all ways to cut it.
    ///
    /// @param count how often the word comes
    /// @return the log-probability of the word once
    double expect(int[] word, double count, double[] expected) {
        reserve(word.length);
        Arrays.fill(forward, 0, word.length + 1, Double.NEGATIVE_INFINITY);
        Arrays.fill(backward, 0, word.length + 1, Double.NEGATIVE_INFINITY);
        forward[0] = 0;
        backward[word.length] = 0;
        for (int start = 0; start < word.length; start++) {
            int node = 0;
            for (int end = start; end < word.length; end++) {
                node = trie.next(node, word[end]);
                if (node < 0) {
                    break;
                }
                int piece = trie.piece(node);
                if (piece >= 0) {
                    forward[end + 1] = logAdd(forward[end + 1], forward[start] + scores[piece]);
                }
            }
        }
        double all = forward[word.length];
        for (int start = word.length - 1; start >= 0; start--) {
            int node = 0;
            for (int end = start; end < word.length; end++) {
                node = trie.next(node, word[end]);
                if (node < 0) {
                    break;
                }
                int piece = trie.piece(node);
                if (piece >= 0) {
                    double rest = scores[piece] + backward[end + 1];
                    backward[start] = logAdd(backward[start], rest);
                    expected[piece] += count * Math.exp(forward[start] + rest - all);
                }
            }
        }
        return all;
    }

    /// The pieces of one way to cut a word, drawn as often as it is likely.
    ///
    /// @return null when there is no way
    int @Nullable [] sample(int[] word, SplittableRandom random) {
        reserve(word.length);
        Arrays.fill(backward, 0, word.length + 1, Double.NEGATIVE_INFINITY);
        backward[word.length] = 0;
        for (int start = word.length - 1; start >= 0; start--) {
            int node = 0;
            for (int end = start; end < word.length; end++) {
                node = trie.next(node, word[end]);
                if (node < 0) {
                    break;
                }
                int piece = trie.piece(node);
                if (piece >= 0) {
                    backward[start] = logAdd(backward[start], scores[piece] + backward[end + 1]);
                }
            }
        }
        if (backward[0] == Double.NEGATIVE_INFINITY) {
            return null;
        }
        int[] pieces = new int[word.length];
        int count = 0;
        for (int start = 0; start < word.length; count++) {
            double left = random.nextDouble();
            int node = 0;
            int chosenEnd = start;
            for (int end = start; end < word.length && left >= 0; end++) {
                node = trie.next(node, word[end]);
                if (node < 0) {
                    break;
                }
                int piece = trie.piece(node);
                if (piece >= 0 && backward[end + 1] > Double.NEGATIVE_INFINITY) {
                    left -= Math.exp(scores[piece] + backward[end + 1] - backward[start]);
                    pieces[count] = piece; // the last possible one, should rounding leave a rest
                    chosenEnd = end + 1;
                }
            }
            start = chosenEnd;
        }
        return Arrays.copyOf(pieces, count);
    }

    private static double logAdd(double a, double b) {
        double high = Math.max(a, b);
        double low = Math.min(a, b);
        return low == Double.NEGATIVE_INFINITY ? high : high + Math.log1p(Math.exp(low - high));
    }

    /// The pieces of the likeliest way to cut a word.
    ///
    /// @param without a piece that must not be used, or -1
    /// @return null when there is no way
    int @Nullable [] cut(int[] word, int without) {
        reserve(word.length);
        Arrays.fill(forward, 0, word.length + 1, Double.NEGATIVE_INFINITY);
        forward[0] = 0;
        for (int start = 0; start < word.length; start++) {
            int node = 0;
            for (int end = start; end < word.length; end++) {
                node = trie.next(node, word[end]);
                if (node < 0) {
                    break;
                }
                int piece = trie.piece(node);
                if (piece >= 0 && piece != without && forward[start] + scores[piece] > forward[end + 1]) {
                    forward[end + 1] = forward[start] + scores[piece];
                    best[end + 1] = piece;
                    bestStart[end + 1] = start;
                }
            }
        }
        if (forward[word.length] == Double.NEGATIVE_INFINITY) {
            return null;
        }
        int length = 0;
        for (int end = word.length; end > 0; end = bestStart[end]) {
            length++;
        }
        int[] pieces = new int[length];
        for (int end = word.length; end > 0; end = bestStart[end]) {
            pieces[--length] = best[end];
        }
        return pieces;
    }
}

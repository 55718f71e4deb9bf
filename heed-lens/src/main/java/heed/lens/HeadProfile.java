package heed.lens;

import heed.model.AttentionMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Where one head sends its attention, and how much it links words with each other.
///
/// The five shares are means over the tokens of the text (special ones do not count as lookers), and add up
/// to 1. `previous`, `next` and `itself` have a meaning only where the text looks at itself; between two
/// texts they are 0 and everything that is not special is in `others`.
///
/// @param layer from 0
/// @param head from 0
/// @param special the share on tokens such as `[CLS]` and `[SEP]`, where heads rest that found nothing
/// (Clark et al. 2019, §3.2)
/// @param itself the share of the token itself
/// @param previous the share of the token before
/// @param next the share of the token after
/// @param others the share of all other tokens
/// @param linking how much of `others` picks out particular words, see {@link #of}
public record HeadProfile(
        int layer,
        int head,
        double special,
        double itself,
        double previous,
        double next,
        double others,
        double linking) {

    /// What a head can look at.
    public enum Target {
        SPECIAL,
        ITSELF,
        PREVIOUS,
        NEXT,
        OTHERS
    }

    /// Measures one head.
    ///
    /// With `W` the words of the text (neither special tokens nor punctuation) and `A` the weights,
    /// ```
    /// linking = 1/|W| · Σ_{i ∈ W} Σ_{j ∈ W, |i−j| > 1} max(0, A_ij − max(1/n_i, m_ij))
    /// ```
    /// counts attention from word to word that is neither itself nor a neighbour, as far as it is more than
    /// both an even spread over the `n_i` keys that word `i` can see, and `m_ij`, the mean weight that the
    /// other words give to the same key `j`. The first keeps heads that average everything from looking busy,
    /// the second does so for heads in which all words look at the same token, whichever it is. 0 means that
    /// no word picks out another; 1 is the limit for a head that links each word with exactly one other.
    public static HeadProfile of(AttentionMap map) {
        boolean self = map.queryTokens().equals(map.keyTokens());
        return of(map, self, TokenLabels.of(map.queryTokens()), TokenLabels.of(map.keyTokens()));
    }

    static HeadProfile of(AttentionMap map, boolean self, TokenLabels queries, TokenLabels keys) {
        int[] all = IntStream.range(0, queries.size()).toArray();
        return of(map.layer(), map.head(), all, i -> map.weights()[i], self, queries, keys);
    }

    /// Measures one head by some of its rows: of a long text a sample is enough to tell what a head does.
    ///
    /// @param lookers the queries to measure by, in their order
    /// @param rows gives the weights of a query over all keys
    /// @param self whether queries and keys are the same tokens
    public static HeadProfile of(
            int layer,
            int head,
            int[] lookers,
            IntFunction<float[]> rows,
            boolean self,
            TokenLabels queries,
            TokenLabels keys) {
        double special = 0;
        double itself = 0;
        double previous = 0;
        double next = 0;
        double others = 0;
        Linking linking = new Linking(self, keys.words(), keys.size());
        int count = 0;
        for (int i : lookers) {
            if (queries.special().get(i)) {
                continue;
            }
            count++;
            float[] row = rows.apply(i);
            for (int j = 0; j < keys.size(); j++) {
                switch (target(i, j, self, keys.special())) {
                    case SPECIAL -> special += row[j];
                    case ITSELF -> itself += row[j];
                    case PREVIOUS -> previous += row[j];
                    case NEXT -> next += row[j];
                    case OTHERS -> others += row[j];
                }
            }
            if (queries.words().get(i)) {
                linking.add(i, row);
            }
        }
        int n = Math.max(1, count);
        return new HeadProfile(
                layer, head, special / n, itself / n, previous / n, next / n, others / n, linking.mean());
    }

    /// The share of one kind of target.
    public double share(Target target) {
        return switch (target) {
            case SPECIAL -> special;
            case ITSELF -> itself;
            case PREVIOUS -> previous;
            case NEXT -> next;
            case OTHERS -> others;
        };
    }

    /// What the head looks at most.
    public Target mostly() {
        return Arrays.stream(Target.values())
                .reduce((a, b) -> share(b) > share(a) ? b : a)
                .orElseThrow();
    }

    private static Target target(int query, int key, boolean self, BitSet special) {
        if (special.get(key)) {
            return Target.SPECIAL;
        }
        if (!self) {
            return Target.OTHERS;
        }
        return switch (key - query) {
            case 0 -> Target.ITSELF;
            case -1 -> Target.PREVIOUS;
            case 1 -> Target.NEXT;
            default -> Target.OTHERS;
        };
    }

    /// Gathers the rows of words, since what the other words give to a key is known only when all are there.
    private static final class Linking {
        private final boolean self;
        private final BitSet keyWords;
        private final double[] received;
        private final int[] lookers;
        private final List<Integer> queries = new ArrayList<>();
        private final List<float[]> rows = new ArrayList<>();

        Linking(boolean self, BitSet keyWords, int keys) {
            this.self = self;
            this.keyWords = keyWords;
            this.received = new double[keys];
            this.lookers = new int[keys];
        }

        void add(int query, float[] row) {
            queries.add(query);
            rows.add(row);
            for (int j = 0; j < received.length; j++) {
                received[j] += row[j];
                lookers[j] += row[j] > 0 ? 1 : 0;
            }
        }

        double mean() {
            double linking = 0;
            for (int n = 0; n < rows.size(); n++) {
                linking += of(queries.get(n), rows.get(n));
            }
            return Double.isNaN(linking) ? 0 : linking / Math.max(1, rows.size());
        }

        private double of(int i, float[] row) {
            int visible = 0;
            for (float weight : row) {
                visible += weight > 0 ? 1 : 0;
            }
            double even = visible == 0 ? 0 : 1.0 / visible;
            double linking = 0;
            for (int j = keyWords.nextSetBit(0); j >= 0; j = keyWords.nextSetBit(j + 1)) {
                float weight = row[j];
                if ((self && Math.abs(i - j) <= 1) || !(weight > 0)) {
                    continue;
                }
                double fromOthers = lookers[j] > 1 ? (received[j] - weight) / (lookers[j] - 1) : 0;
                linking += Math.max(0, weight - Math.max(even, fromOthers));
            }
            return linking;
        }
    }
}

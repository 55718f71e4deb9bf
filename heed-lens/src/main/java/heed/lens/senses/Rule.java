package heed.lens.senses;

import java.util.Arrays;
import java.util.Locale;

/// How the sense of an example is told from the others of its word. It is held out itself; of senses that come
/// out equal, the one that was met more often in labelled texts is chosen, then the first.
public enum Rule {
    /// The sense of the most alike example.
    NEAREST {
        @Override
        double[] votes(Similarities examples, int[] senses, int count, int held) {
            double[] best = new double[count];
            Arrays.fill(best, Double.NEGATIVE_INFINITY);
            for (int j = 0; j < examples.size(); j++) {
                if (j != held) {
                    best[senses[j]] = Math.max(best[senses[j]], examples.cosines()[held][j]);
                }
            }
            return best;
        }
    },
    /// The sense whose examples' mean is most alike.
    CENTROID {
        @Override
        double[] votes(Similarities examples, int[] senses, int count, int held) {
            double[][] cosines = examples.cosines();
            double[] dots = new double[count];
            double[] squares = new double[count];
            for (int i = 0; i < examples.size(); i++) {
                if (i != held) {
                    dots[senses[i]] += cosines[held][i];
                    for (int j = 0; j < examples.size(); j++) {
                        squares[senses[i]] += j != held && senses[j] == senses[i] ? cosines[i][j] : 0;
                    }
                }
            }
            for (int s = 0; s < count; s++) {
                dots[s] /= Math.sqrt(Math.max(squares[s], 1e-24));
            }
            return dots;
        }
    };

    private static final double EQUAL = 1e-9;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// How much speaks for each sense.
    ///
    /// @param senses of the examples, and of what stands behind them and is never held out
    /// @param count how many senses there are
    abstract double[] votes(Similarities examples, int[] senses, int count, int held);

    /// The sense of a held-out example.
    ///
    /// @param frequencies of the senses
    int sense(Similarities examples, int[] senses, int[] frequencies, int held) {
        double[] votes = votes(examples, senses, frequencies.length, held);
        int best = 0;
        for (int s = 1; s < votes.length; s++) {
            boolean equal = Math.abs(votes[s] - votes[best]) < EQUAL;
            if (equal ? frequencies[s] > frequencies[best] : votes[s] > votes[best]) {
                best = s;
            }
        }
        return best;
    }
}

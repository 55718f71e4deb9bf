package heed.moderation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Makes a label's score a probability: of the comments with a score of 0.7, seven in ten should have the
/// label. Fitted on comments that the model was not trained on.
public sealed interface Calibration {
    /// @param logit the model's score before it becomes a probability; for labels that exclude each other,
    /// `log(p / (1 − p))`
    double probability(double logit);

    /// As the model says.
    record None() implements Calibration {
        @Override
        public double probability(double logit) {
            return sigmoid(logit);
        }
    }

    /// One number for a model that is too sure or not sure enough (Guo et al. 2017): `σ(logit / T)`. It changes
    /// no order.
    record Temperature(double temperature) implements Calibration {
        public Temperature {
            if (!(temperature > 0) || !Double.isFinite(temperature)) {
                throw new ModerationException("a temperature is above 0, not " + temperature);
            }
        }

        @Override
        public double probability(double logit) {
            return sigmoid(logit / temperature);
        }
    }

    /// A rising staircase, straight between its steps (Zadrozny and Elkan 2002).
    ///
    /// @param logits rising
    /// @param probabilities never falling
    @SuppressWarnings("ArrayRecordComponent")
    record Isotonic(double[] logits, double[] probabilities) implements Calibration {
        public Isotonic {
            if (logits.length == 0 || logits.length != probabilities.length) {
                throw new ModerationException(
                        "a staircase of " + logits.length + " scores and " + probabilities.length + " probabilities");
            }
            for (int i = 0; i < logits.length; i++) {
                boolean rises = i == 0 || (logits[i] > logits[i - 1] && probabilities[i] >= probabilities[i - 1]);
                if (!rises || !(probabilities[i] >= 0 && probabilities[i] <= 1)) {
                    throw new ModerationException("step " + (i + 1) + " of a staircase does not rise");
                }
            }
        }

        @Override
        public double probability(double logit) {
            int at = Arrays.binarySearch(logits, logit);
            if (at >= 0) {
                return probabilities[at];
            }
            int above = -at - 1;
            if (above == 0) {
                return probabilities[0];
            }
            if (above == logits.length) {
                return probabilities[above - 1];
            }
            double share = (logit - logits[above - 1]) / (logits[above] - logits[above - 1]);
            return probabilities[above - 1] + share * (probabilities[above] - probabilities[above - 1]);
        }
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /// The temperature that makes the labels that were seen most likely, found by bisection of a slope that
    /// rises.
    ///
    /// @throws ModerationException when all comments have the label, or none
    static Temperature temperature(double[] logits, boolean[] positive) {
        requireBoth(positive);
        double low = Math.log(0.01);
        double high = Math.log(100);
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (slope(logits, positive, Math.exp(-middle)) > 0) {
                low = middle; // the loss falls towards a smaller factor: a higher temperature
            } else {
                high = middle;
            }
        }
        return new Temperature(Math.exp((low + high) / 2));
    }

    /// How the loss changes with the factor that logits are multiplied by.
    private static double slope(double[] logits, boolean[] positive, double factor) {
        double slope = 0;
        for (int i = 0; i < logits.length; i++) {
            slope += (sigmoid(factor * logits[i]) - (positive[i] ? 1 : 0)) * logits[i];
        }
        return slope;
    }

    /// The staircase with the least squared error, by pooling neighbours that fall (Ayer et al. 1955).
    ///
    /// @throws ModerationException when all comments have the label, or none
    static Isotonic isotonic(double[] logits, boolean[] positive) {
        requireBoth(positive);
        int[] order = IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> logits[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] sums = new double[order.length]; // of each pool: its labels, its size, its logits
        double[] sizes = new double[order.length];
        double[] centres = new double[order.length];
        int pools = 0;
        for (int from = 0, to; from < order.length; from = to) {
            int labels = 0;
            for (to = from; to < order.length && logits[order[to]] == logits[order[from]]; to++) {
                labels += positive[order[to]] ? 1 : 0;
            }
            sums[pools] = labels;
            sizes[pools] = to - from;
            centres[pools++] = logits[order[from]];
            while (pools > 1 && sums[pools - 2] / sizes[pools - 2] >= sums[pools - 1] / sizes[pools - 1]) {
                double both = sizes[pools - 2] + sizes[pools - 1];
                centres[pools - 2] =
                        (centres[pools - 2] * sizes[pools - 2] + centres[pools - 1] * sizes[pools - 1]) / both;
                sums[pools - 2] += sums[pools - 1];
                sizes[pools - 2] = both;
                pools--;
            }
        }
        double[] probabilities = new double[pools];
        for (int p = 0; p < pools; p++) {
            probabilities[p] = sums[p] / sizes[p];
        }
        return new Isotonic(Arrays.copyOf(centres, pools), probabilities);
    }

    private static void requireBoth(boolean[] positive) {
        int count = 0;
        for (boolean one : positive) {
            count += one ? 1 : 0;
        }
        if (count == 0 || count == positive.length) {
            throw new ModerationException("of " + positive.length + " comments " + count
                    + " have the label: nothing can be learned from one kind alone");
        }
    }
}

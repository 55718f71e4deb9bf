package heed.generation;

import heed.kernel.KernelProvider;
import heed.kernel.Kernels;

/// From scores to probabilities. Sums are in double: a vocabulary has tens of thousands of terms.
final class Softmax {
    private static final Kernels KERNELS = KernelProvider.active().kernels();

    private Softmax() {}

    /// The index of the highest score, the first of equal ones.
    ///
    /// @throws IllegalArgumentException when a score is no number, or all tokens are ruled out
    static int argMax(float[] scores) {
        int best = -1;
        float highest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < scores.length; i++) {
            float score = scores[i];
            if (score > highest) {
                highest = score;
                best = i;
            } else if (Float.isNaN(score)) {
                throw new IllegalArgumentException("the score of token " + i + " is NaN: the model's weights or its"
                        + " precision cannot be right");
            }
        }
        Require.that(best >= 0, "no token is left to choose: every one of " + scores.length + " is ruled out");
        return best;
    }

    /// The highest score.
    ///
    /// @throws IllegalArgumentException as [#argMax]
    static float highest(float[] scores) {
        return scores[argMax(scores)];
    }

    /// `e^(score - highest)` of every score, in a new array: probabilities up to their sum.
    static float[] weights(float[] scores) {
        return weights(scores, highest(scores));
    }

    private static float[] weights(float[] scores, float highest) {
        float[] weights = new float[scores.length];
        for (int i = 0; i < scores.length; i++) {
            weights[i] = scores[i] - highest;
        }
        KERNELS.exp(weights, 0, weights.length);
        return weights;
    }

    static double sum(float[] weights) {
        double sum = 0;
        for (float weight : weights) {
            sum += weight;
        }
        return sum;
    }

    /// `log Σ e^(score - highest)`; a score less this and less the highest is a log-probability.
    static float logSum(float[] scores) {
        return (float) Math.log(sum(weights(scores)));
    }

    /// Turns scores into log-probabilities, in place.
    static void toLogProbabilities(float[] scores) {
        float highest = highest(scores);
        float logSum = (float) Math.log(sum(weights(scores, highest)));
        for (int i = 0; i < scores.length; i++) {
            scores[i] = scores[i] - highest - logSum;
        }
    }
}

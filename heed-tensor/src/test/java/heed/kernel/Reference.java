package heed.kernel;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/// The same results from the formulas, in double precision, sharing no code with the kernels.
@NullMarked
final class Reference {
    private Reference() {}

    static float[] random(SplittableRandom random, int n, double least, double bound) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextDouble(least, bound);
        }
        return x;
    }

    /// `erfc x`: the series near 0, the continued fraction of Abramowitz and Stegun 7.1.14 further out.
    static double erfc(double x) {
        if (x < 0) {
            return 2 - erfc(-x);
        }
        if (x < 2) {
            double term = x;
            double sum = x;
            for (int n = 1; n < 60; n++) {
                term *= -x * x / n;
                sum += term / (2 * n + 1);
            }
            return 1 - 2 / Math.sqrt(Math.PI) * sum;
        }
        double fraction = 0;
        for (int k = 150; k > 0; k--) {
            fraction = k / 2.0 / (x + fraction);
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
    }

    static double activated(Activation activation, double x) {
        return switch (activation) {
            case IDENTITY -> x;
            case RELU -> x > 0 ? x : 0;
            case GELU -> x * 0.5 * erfc(-x / Math.sqrt(2));
            case GELU_TANH -> x / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case QUICK_GELU -> x / (1 + Math.exp(-1.702 * x));
            case SILU -> x / (1 + Math.exp(-x));
            case TANH -> Math.tanh(x);
        };
    }

    static double[] softmax(double[] scores) {
        double max = Arrays.stream(scores).max().orElse(Double.NEGATIVE_INFINITY);
        double[] weights = new double[scores.length];
        if (max == Double.NEGATIVE_INFINITY) {
            return weights;
        }
        double sum = Arrays.stream(scores).map(s -> Math.exp(s - max)).sum();
        Arrays.setAll(weights, i -> Math.exp(scores[i] - max) / sum);
        return weights;
    }

    static double[] layerNorm(double[] x, float[] gain, float[] bias, double eps) {
        double mean = Arrays.stream(x).average().orElseThrow();
        double variance =
                Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        double[] y = new double[x.length];
        Arrays.setAll(y, i -> (x[i] - mean) / Math.sqrt(variance + eps) * gain[i] + bias[i]);
        return y;
    }

    /// The scores of one query, `-∞` where a key is hidden.
    static double[] scores(AttentionBlock b, int q) {
        double[] scores = new double[b.keys()];
        Arrays.setAll(scores, k -> visible(b, q, k) ? score(b, q, k) : Double.NEGATIVE_INFINITY);
        return scores;
    }

    private static boolean visible(AttentionBlock b, int q, int k) {
        int @Nullable [] from = b.visibleFrom();
        int @Nullable [] to = b.visibleTo();
        return (from == null || k >= from[q]) && (to == null || k < to[q]);
    }

    private static double score(AttentionBlock b, int q, int k) {
        double dot = 0;
        for (int d = 0; d < b.dHead(); d++) {
            dot += (double) b.query()[b.queryOffset() + q * b.queryStride() + d]
                    * b.key()[b.keyOffset() + k * b.keyStride() + d];
        }
        float @Nullable [] bias = b.bias();
        return dot * b.scale() + (bias == null ? 0 : bias[b.biasOffset() + q * b.biasStride() + k]);
    }

    /// The context of one query.
    static double[] context(AttentionBlock b, int q) {
        double[] weights = softmax(scores(b, q));
        double[] context = new double[b.dHead()];
        for (int k = 0; k < b.keys(); k++) {
            Dropout dropout = b.dropout();
            double share = dropout == null ? 1 : dropout.keeps(b.dropoutRow() + q, k) ? dropout.scale() : 0;
            for (int d = 0; d < b.dHead(); d++) {
                context[d] += share * weights[k] * b.value()[b.valueOffset() + k * b.valueStride() + d];
            }
        }
        return context;
    }

    static double logSumExp(AttentionBlock b, int q) {
        double[] scores = scores(b, q);
        double max = Arrays.stream(scores).max().orElse(Double.NEGATIVE_INFINITY);
        return max == Double.NEGATIVE_INFINITY
                ? max
                : max
                        + Math.log(Arrays.stream(scores)
                                .map(s -> Math.exp(s - max))
                                .sum());
    }
}

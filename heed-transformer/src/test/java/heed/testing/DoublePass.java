package heed.testing;

import heed.attention.MultiHeadAttention;
import heed.attention.Scoring;
import heed.kernel.Activation;
import heed.layer.FeedForward;
import heed.layer.LayerNorm;
import heed.layer.Linear;
import heed.layer.Norm;
import heed.layer.RmsNorm;
import heed.stack.Encoder;
import heed.stack.EncoderLayer;
import heed.tensor.Tensor;

/// A pass through layers as the papers write it down: in double precision, in plain loops, one sequence, head
/// and position after the other, with nothing of the code under test but the learned numbers and the mask.
public final class DoublePass {
    private DoublePass() {}

    public static double[][] of(Tensor matrix) {
        double[][] rows = new double[matrix.size(0)][matrix.size(1)];
        for (int n = 0; n < rows.length; n++) {
            for (int i = 0; i < rows[n].length; i++) {
                rows[n][i] = matrix.at(n, i);
            }
        }
        return rows;
    }

    /// `x Wᵀ + b`
    public static double[][] linear(double[][] x, Linear linear) {
        Tensor weight = linear.weight().toTensor();
        Tensor bias = linear.bias();
        double[][] y = new double[x.length][weight.size(0)];
        for (int n = 0; n < x.length; n++) {
            for (int o = 0; o < weight.size(0); o++) {
                y[n][o] = bias == null ? 0 : bias.at(o);
                for (int i = 0; i < weight.size(1); i++) {
                    y[n][o] += x[n][i] * weight.at(o, i);
                }
            }
        }
        return y;
    }

    public static double[][] norm(double[][] x, Norm norm) {
        return switch (norm) {
            case LayerNorm layerNorm -> layerNorm(x, layerNorm);
            case RmsNorm rmsNorm -> rmsNorm(x, rmsNorm);
        };
    }

    private static double[][] rmsNorm(double[][] x, RmsNorm norm) {
        double[][] y = new double[x.length][];
        for (int n = 0; n < x.length; n++) {
            double squares = 0;
            for (double value : x[n]) {
                squares += value * value / x[n].length;
            }
            y[n] = new double[x[n].length];
            for (int i = 0; i < x[n].length; i++) {
                y[n][i] =
                        x[n][i] / Math.sqrt(squares + norm.eps()) * norm.gain().at(i);
            }
        }
        return y;
    }

    /// `(x - mean) / √(variance + eps) · gain + bias`
    private static double[][] layerNorm(double[][] x, LayerNorm norm) {
        double[][] y = new double[x.length][];
        for (int n = 0; n < x.length; n++) {
            int d = x[n].length;
            double mean = 0;
            for (double value : x[n]) {
                mean += value / d;
            }
            double variance = 0;
            for (double value : x[n]) {
                variance += (value - mean) * (value - mean) / d;
            }
            y[n] = new double[d];
            for (int i = 0; i < d; i++) {
                y[n][i] = (x[n][i] - mean)
                                / Math.sqrt(variance + norm.eps())
                                * norm.gain().at(i)
                        + norm.bias().at(i);
            }
        }
        return y;
    }

    /// `ReLU` or `GELU` between two linear maps.
    public static double[][] feedForward(double[][] x, FeedForward feedForward) {
        double[][] inner = linear(x, feedForward.inner());
        for (double[] row : inner) {
            for (int i = 0; i < row.length; i++) {
                row[i] = feedForward.activation() == Activation.RELU
                        ? Math.max(0, row[i])
                        : row[i] * normalDistribution(row[i]);
            }
        }
        return linear(inner, feedForward.outer());
    }

    /// `Φ(x) = 1/2 + 1/√(2π) ∫₀ˣ e^(-t²/2) dt` by Simpson's rule, for moderate `x`.
    private static double normalDistribution(double x) {
        int steps = 200;
        double h = x / steps;
        double sum = 1 + Math.exp(-x * x / 2);
        for (int i = 1; i < steps; i++) {
            double t = i * h;
            sum += (i % 2 == 0 ? 2 : 4) * Math.exp(-t * t / 2);
        }
        return 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
    }

    /// `Concat(head_1 … head_H) W^O`, for scorings without a bias.
    public static double[][] attention(double[][] x, double[][] memory, MultiHeadAttention attention, Scoring scoring) {
        double[][] query = linear(x, attention.wQ());
        double[][] key = linear(memory, attention.wK());
        double[][] value = linear(memory, attention.wV());
        int width = attention.heads().width();
        int groupSize = attention.heads().count() / attention.heads().keyValueCount();
        double[][] concat = new double[x.length][attention.heads().count() * width];
        for (int b = 0; b < scoring.queries().count(); b++) {
            for (int i = 0; i < scoring.queries().length(b); i++) {
                int n = scoring.queries().start(b) + i;
                for (int h = 0; h < attention.heads().count(); h++) {
                    int keyColumn = h / groupSize * width;
                    double[] weights = weights(b, i, query[n], h * width, key, keyColumn, width, scoring);
                    for (int j = 0; j < weights.length; j++) {
                        for (int column = 0; column < width; column++) {
                            concat[n][h * width + column] +=
                                    weights[j] * value[scoring.keys().start(b) + j][keyColumn + column];
                        }
                    }
                }
            }
        }
        return linear(concat, attention.wO());
    }

    private static double[] weights(
            int b, int i, double[] query, int queryColumn, double[][] key, int keyColumn, int width, Scoring scoring) {
        int keys = scoring.keys().length(b);
        double[] weights = new double[keys];
        double sum = 0;
        for (int j = 0; j < keys; j++) {
            double score = 0;
            for (int column = 0; column < width; column++) {
                score += query[queryColumn + column] * key[scoring.keys().start(b) + j][keyColumn + column];
            }
            boolean visible = scoring.mask().visible(b, i, j, scoring.queries().length(b), keys);
            weights[j] = visible ? Math.exp(score * scoring.scale()) : 0; // moderate scores: no overflow
            sum += weights[j];
        }
        for (int j = 0; j < keys && sum > 0; j++) {
            weights[j] /= sum;
        }
        return weights;
    }

    public static double[][] encoderLayer(double[][] x, EncoderLayer layer, Scoring scoring) {
        return switch (layer.norms()) {
            case AFTER -> {
                double[][] attended = norm(sum(x, attention(x, x, layer.attention(), scoring)), layer.attentionNorm());
                yield norm(sum(attended, feedForward(attended, layer.feedForward())), layer.feedForwardNorm());
            }
            case BEFORE -> {
                double[][] normed = norm(x, layer.attentionNorm());
                double[][] attended = sum(x, attention(normed, normed, layer.attention(), scoring));
                yield sum(attended, feedForward(norm(attended, layer.feedForwardNorm()), layer.feedForward()));
            }
            case PARALLEL -> {
                double[][] normed = norm(x, layer.attentionNorm());
                double[][] attended = sum(x, attention(normed, normed, layer.attention(), scoring));
                yield sum(attended, feedForward(norm(x, layer.feedForwardNorm()), layer.feedForward()));
            }
        };
    }

    public static double[][] encoder(double[][] embedded, Encoder encoder, Scoring scoring) {
        double[][] x = embedded;
        for (EncoderLayer layer : encoder.layers()) {
            x = encoderLayer(x, layer, scoring);
        }
        Norm finalNorm = encoder.finalNorm();
        return finalNorm == null ? x : norm(x, finalNorm);
    }

    private static double[][] sum(double[][] x, double[][] y) {
        double[][] sum = new double[x.length][];
        for (int n = 0; n < x.length; n++) {
            sum[n] = x[n].clone();
            for (int i = 0; i < sum[n].length; i++) {
                sum[n][i] += y[n][i];
            }
        }
        return sum;
    }
}

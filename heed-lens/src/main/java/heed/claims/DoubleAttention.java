package heed.claims;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// Self-attention of one head in double precision, as equation 1 of the paper is written: what floats round can
/// then not be taken for a difference.
final class DoubleAttention {
    private static final int WIDTH = 16;

    private final double[][] q;
    private final double[][] k;
    private final double[][] v;

    private DoubleAttention(Random random) {
        this.q = matrix(WIDTH, 1 / Math.sqrt(WIDTH), random);
        this.k = matrix(WIDTH, 1 / Math.sqrt(WIDTH), random);
        this.v = matrix(WIDTH, 1 / Math.sqrt(WIDTH), random);
    }

    /// The greatest differences over random inputs and permutations.
    ///
    /// @param rows of `f(πx)` and `πf(x)`
    /// @param means of the means of `f(πx)` and `f(x)`
    record Worst(double rows, double means) {}

    static Worst worstOfPermutations(int length, int permutations, long seed) {
        var random = new Random(seed);
        double worst = 0;
        double worstMean = 0;
        for (int p = 0; p < permutations; p++) {
            var attention = new DoubleAttention(random);
            double[][] x = matrix(length, 1, random);
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, length).boxed().toList());
            Collections.shuffle(order, random);
            double[][] plain = attention.apply(x);
            double[][] turned = attention.apply(order.stream().map(i -> x[i]).toArray(double[][]::new));
            for (int c = 0; c < WIDTH; c++) {
                double sum = 0;
                for (int i = 0; i < length; i++) {
                    worst = Math.max(worst, Math.abs(turned[i][c] - plain[order.get(i)][c]));
                    sum += turned[i][c] - plain[i][c];
                }
                worstMean = Math.max(worstMean, Math.abs(sum / length));
            }
        }
        return new Worst(worst, worstMean);
    }

    private static double[][] matrix(int rows, double deviation, Random random) {
        double[][] matrix = new double[rows][WIDTH];
        for (double[] row : matrix) {
            for (int c = 0; c < WIDTH; c++) {
                row[c] = deviation * random.nextGaussian();
            }
        }
        return matrix;
    }

    private double[][] apply(double[][] x) {
        double[][] query = times(x, q);
        double[][] key = times(x, k);
        double[][] value = times(x, v);
        double[][] output = new double[x.length][WIDTH];
        for (int i = 0; i < x.length; i++) {
            double[] weights = new double[x.length];
            double sum = 0;
            for (int j = 0; j < x.length; j++) {
                double score = 0;
                for (int c = 0; c < WIDTH; c++) {
                    score += query[i][c] * key[j][c];
                }
                weights[j] = Math.exp(score / Math.sqrt(WIDTH));
                sum += weights[j];
            }
            for (int j = 0; j < x.length; j++) {
                for (int c = 0; c < WIDTH; c++) {
                    output[i][c] += weights[j] / sum * value[j][c];
                }
            }
        }
        return output;
    }

    private static double[][] times(double[][] x, double[][] w) {
        double[][] y = new double[x.length][WIDTH];
        for (int i = 0; i < x.length; i++) {
            for (int o = 0; o < WIDTH; o++) {
                for (int c = 0; c < WIDTH; c++) {
                    y[i][o] += x[i][c] * w[o][c];
                }
            }
        }
        return y;
    }
}

package heed.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What every implementation of [GradientKernels] promises. Gradients are held against differences of the
/// forward formulas in double precision.
@NullMarked
interface GradientKernelsContract {
    double STEP = 1e-4; // in double precision: an error of about 1e-8

    List<@Nullable Dropout> NO_DROPOUT = Arrays.asList((Dropout) null);

    List<@Nullable Dropout> DROPOUTS = Arrays.asList(null, new Dropout(0.4f, 17));

    GradientKernels gradients();

    @Test
    default void theSlopeOfAnActivationIsItsDifference() {
        for (Activation activation : Activation.values()) {
            for (int n : KernelsContract.LENGTHS) {
                SplittableRandom random = new SplittableRandom(n);
                float[] x = Reference.random(random, n + 3, -6, 6);
                float[] dy = Reference.random(random, n + 2, -1, 1);
                float[] dx = dy.clone();
                gradients().activate(activation, x, 3, dx, 2, n);
                for (int i = 0; i < n; i++) {
                    double slope = difference(v -> Reference.activated(activation, v), x[3 + i]);
                    assertThat((double) dx[2 + i])
                            .as("%s at %s", activation, x[3 + i])
                            .isCloseTo(slope * dy[2 + i], within(5e-7));
                }
            }
        }
    }

    @Test
    default void farOutASlopeIsThatOfTheAsymptote() {
        for (Activation activation : Activation.values()) {
            float[] x = {-1e30f, -100, -20, 20, 100, 1e30f};
            float[] dx = {1, 1, 1, 1, 1, 1};
            gradients().activate(activation, x, 0, dx, 0, 6);
            float right = activation == Activation.TANH ? 0 : 1;
            float left = activation == Activation.IDENTITY ? 1 : 0;
            assertThat(dx)
                    .as("%s", activation)
                    .containsExactly(new float[] {left, left, left, right, right, right}, within(1e-6f));
        }
    }

    private static double difference(DoubleUnaryOperator f, double x) {
        return (f.applyAsDouble(x + STEP) - f.applyAsDouble(x - STEP)) / (2 * STEP);
    }

    @Test
    default void theGradientOfALayerNormIsItsDifference() {
        for (int d : List.of(2, 7, 16, 33, 67)) {
            SplittableRandom random = new SplittableRandom(d);
            int rows = 3;
            float[] x = Reference.random(random, rows * d + 5, -2, 3);
            float[] gain = Reference.random(random, d, -1, 1);
            float[] zeros = new float[d];
            float[] dy = Reference.random(random, rows * d + 1, -1, 1);
            float[] dx = filled(rows * d, 10);
            float[] dGain = filled(d + 2, 20);
            float[] dBias = filled(d + 3, 30);
            gradients().layerNorm(x, 5, rows, d, gain, 1e-5f, dy, 1, dx, 0, dGain, 2, dBias, 3);
            for (int i = 0; i < rows * d; i++) {
                double slope = normDifference(x, i, d, dy, gain, zeros);
                assertThat((double) dx[i]).isCloseTo(10 + slope, within(1e-5 * Math.max(1, Math.abs(slope))));
            }
            for (int j = 0; j < d; j++) {
                double gainSum = 20;
                double biasSum = 30;
                for (int row = 0; row < rows; row++) {
                    double[] normal = Reference.layerNorm(row(x, 5 + row * d, d), filled(d, 1), zeros, 1e-5);
                    gainSum += normal[j] * dy[1 + row * d + j];
                    biasSum += dy[1 + row * d + j];
                }
                assertThat((double) dGain[2 + j]).isCloseTo(gainSum, within(1e-5));
                assertThat((double) dBias[3 + j]).isCloseTo(biasSum, within(1e-5));
            }
        }
    }

    private static double normDifference(float[] x, int i, int d, float[] dy, float[] gain, float[] bias) {
        int row = i / d;
        double[] values = row(x, 5 + row * d, d);
        return difference(
                v -> {
                    values[i % d] = v;
                    double[] y = Reference.layerNorm(values, gain, bias, 1e-5);
                    double sum = 0;
                    for (int j = 0; j < d; j++) {
                        sum += y[j] * dy[1 + row * d + j];
                    }
                    return sum;
                },
                values[i % d]);
    }

    @Test
    default void theGradientOfARootMeanSquareNormIsItsDifference() {
        for (int d : List.of(2, 7, 33)) {
            SplittableRandom random = new SplittableRandom(d);
            float[] x = Reference.random(random, d, -2, 3);
            float[] gain = Reference.random(random, d, -1, 1);
            float[] dy = Reference.random(random, d, -1, 1);
            float[] dx = new float[d];
            float[] dGain = new float[d];
            gradients().rmsNorm(x, 0, 1, d, gain, 1e-6f, dy, 0, dx, 0, dGain, 0);
            double[] values = row(x, 0, d);
            for (int i = 0; i < d; i++) {
                int at = i;
                double slope = difference(
                        v -> {
                            values[at] = v;
                            double root = Math.sqrt(Arrays.stream(values)
                                            .map(u -> u * u)
                                            .average()
                                            .orElseThrow()
                                    + 1e-6);
                            double sum = 0;
                            for (int j = 0; j < d; j++) {
                                sum += values[j] / root * gain[j] * dy[j];
                            }
                            return sum;
                        },
                        x[i]);
                values[i] = x[i];
                assertThat((double) dx[i]).isCloseTo(slope, within(1e-5));
                double root = Math.sqrt(
                        Arrays.stream(values).map(u -> u * u).average().orElseThrow() + 1e-6);
                assertThat((double) dGain[i]).isCloseTo(x[i] / root * dy[i], within(1e-6));
            }
        }
    }

    @Test
    default void columnsAreSummed() {
        for (int columns : KernelsContract.LENGTHS) {
            SplittableRandom random = new SplittableRandom(columns);
            float[] x = Reference.random(random, 5 + 7 * (columns + 3), -1, 1);
            float[] sums = filled(columns + 2, 4);
            gradients().addColumnSums(x, 5, columns + 3, 7, columns, sums, 2);
            for (int j = 0; j < columns; j++) {
                double sum = 4;
                for (int row = 0; row < 7; row++) {
                    sum += x[5 + row * (columns + 3) + j];
                }
                assertThat((double) sums[2 + j]).isCloseTo(sum, within(2e-6));
            }
        }
    }

    @Test
    default void sumsAndExponentialsOfRows() {
        for (int n : KernelsContract.LENGTHS) {
            float[] x = Reference.random(new SplittableRandom(n), n + 1, -30, 30);
            double sum = 0;
            double exponentials = 0;
            for (int i = 0; i < n; i++) {
                sum += x[1 + i];
                exponentials += Math.exp(x[1 + i]);
            }
            assertThat((double) gradients().sum(x, 1, n)).isCloseTo(sum, within(1e-4));
            assertThat((double) gradients().logSumExp(x, 1, n)).isCloseTo(Math.log(exponentials), within(1e-5));

            float[] dx = filled(n + 2, 1);
            float rest = (float) Math.log(exponentials);
            gradients().addSoftmaxGradient(x, 1, n, rest, 3, -0.5f, dx, 2);
            for (int i = 0; i < n; i++) {
                assertThat((double) dx[2 + i]).isCloseTo(0.5 + 3 * Math.exp(x[1 + i] - rest), within(1e-5));
            }
        }
        float[] hidden = filled(20, Float.NEGATIVE_INFINITY);
        assertThat(gradients().logSumExp(hidden, 0, 20)).isEqualTo(Float.NEGATIVE_INFINITY);
    }

    @Test
    default void whatIsDroppedIsWhatTheHashSays() {
        for (int n : KernelsContract.LENGTHS) {
            Dropout dropout = new Dropout(0.3f, 99);
            float[] x = Reference.random(new SplittableRandom(n), n, 1, 2);
            float[] y = new float[n + 1];
            gradients().drop(dropout, 5_000_000_000L, x, 0, y, 1, n);
            for (int i = 0; i < n; i++) {
                float expected = dropout.keeps(5_000_000_000L, i) ? x[i] * dropout.scale() : 0;
                assertThat(y[1 + i]).isEqualTo(expected);
            }
        }
    }

    @Test
    default void theGradientOfAttentionIsItsDifference() {
        for (AttentionContract.Visibility visibility : AttentionContract.Visibility.values()) {
            for (@Nullable Dropout dropout : DROPOUTS) {
                checkAttention(2, 5, 3, visibility, dropout);
                checkAttention(7, 3, 4, visibility, dropout);
            }
        }
    }

    @Test
    default void attentionOfEverySizeHasTheGradientOfTheReadableOne() {
        for (int[] size : AttentionContract.SIZES) {
            for (AttentionContract.Visibility visibility : AttentionContract.Visibility.values()) {
                for (@Nullable Dropout dropout : size[0] > 1 ? DROPOUTS : NO_DROPOUT) {
                    AttentionBlock block =
                            AttentionContract.block(new SplittableRandom(11), size[0], size[1], size[2], visibility);
                    AttentionBlock dropping = withDropout(block, dropout);
                    new ScalarKernels().attend(dropping, new float[0]);
                    AttentionGradient expected = gradient(dropping);
                    AttentionGradient actual = gradient(dropping);
                    new ScalarGradients().attend(expected, new float[0]);
                    gradients().attend(actual, new float[gradients().attentionScratch(size[2])]);
                    String what = Arrays.toString(size) + " " + visibility + " " + dropout;
                    close(actual.queryGradient(), expected.queryGradient(), "query " + what);
                    close(actual.keyGradient(), expected.keyGradient(), "key " + what);
                    close(actual.valueGradient(), expected.valueGradient(), "value " + what);
                    close(scores(actual), scores(expected), "scores " + what);
                }
            }
        }
    }

    private static float[] scores(AttentionGradient gradient) {
        float[] scores = gradient.scoreGradient();
        if (scores == null) {
            throw new AssertionError("the score gradient was asked for");
        }
        return scores;
    }

    private static void close(float[] actual, float[] expected, String what) {
        float scale = 1;
        for (float value : expected) {
            scale = Math.max(scale, Math.abs(value));
        }
        float furthest = 0;
        for (int i = 0; i < expected.length; i++) {
            furthest = Math.max(furthest, Math.abs(actual[i] - expected[i]));
        }
        assertThat(furthest).as(what).isLessThan(4e-6f * scale);
    }

    private void checkAttention(
            int queries, int keys, int dHead, AttentionContract.Visibility visibility, @Nullable Dropout dropout) {
        AttentionBlock block = withDropout(
                AttentionContract.block(new SplittableRandom(3), queries, keys, dHead, visibility), dropout);
        new ScalarKernels().attend(block, new float[0]);
        AttentionGradient gradient = gradient(block);
        gradients().attend(gradient, new float[gradients().attentionScratch(dHead)]);
        checkRows(gradient, block.query(), gradient.queryGradient(), block.queryOffset(), block.queryStride(), queries);
        checkRows(gradient, block.key(), gradient.keyGradient(), block.keyOffset(), block.keyStride(), keys);
        checkRows(gradient, block.value(), gradient.valueGradient(), block.valueOffset(), block.valueStride(), keys);
    }

    /// A step in a float is exact when it is a power of two; the context is computed in double precision.
    private static void checkRows(
            AttentionGradient gradient, float[] values, float[] actual, int offset, int stride, int rows) {
        float step = 0x1p-9f;
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < gradient.block().dHead(); i++) {
                int at = offset + row * stride + i;
                float before = values[at];
                values[at] = before + step;
                double plus = weightedContext(gradient);
                float up = values[at];
                values[at] = before - step;
                double minus = weightedContext(gradient);
                double slope = (plus - minus) / ((double) up - values[at]);
                values[at] = before;
                assertThat((double) actual[at] - 1).isCloseTo(slope, within(2e-5 * Math.max(1, Math.abs(slope))));
            }
        }
    }

    private static double weightedContext(AttentionGradient gradient) {
        AttentionBlock block = gradient.block();
        double sum = 0;
        for (int q = 0; q < block.queries(); q++) {
            double[] context = Reference.context(block, q);
            for (int i = 0; i < context.length; i++) {
                sum += context[i] * gradient.contextGradient()[block.contextOffset() + q * block.contextStride() + i];
            }
        }
        return sum;
    }

    /// Gradients that start at 1, to see that they are added to.
    private static AttentionGradient gradient(AttentionBlock block) {
        return new AttentionGradient(
                block,
                Reference.random(new SplittableRandom(5), block.context().length, -1, 1),
                filled(block.query().length, 1),
                filled(block.key().length, 1),
                filled(block.value().length, 1),
                new float[block.queries() * block.keys()]);
    }

    private static AttentionBlock withDropout(AttentionBlock b, @Nullable Dropout dropout) {
        return new AttentionBlock(
                b.query(),
                b.queryOffset(),
                b.queryStride(),
                b.queries(),
                b.key(),
                b.keyOffset(),
                b.keyStride(),
                b.value(),
                b.valueOffset(),
                b.valueStride(),
                b.keys(),
                b.dHead(),
                b.scale(),
                b.visibleFrom(),
                b.visibleTo(),
                b.bias(),
                b.biasOffset(),
                b.biasStride(),
                b.context(),
                b.contextOffset(),
                b.contextStride(),
                b.logSumExp(),
                b.logSumExpOffset(),
                dropout,
                1000);
    }

    @Test
    default void aStepOfAdamIsTheFormula() {
        for (int n : KernelsContract.LENGTHS) {
            SplittableRandom random = new SplittableRandom(n);
            float[] x = Reference.random(random, n + 1, -1, 1);
            float[] gradient = Reference.random(random, n + 1, -1, 1);
            float[] m = Reference.random(random, n + 1, -1, 1);
            float[] v = Reference.random(random, n + 1, 0, 1);
            float[] before = x.clone();
            float[] firstBefore = m.clone();
            float[] secondBefore = v.clone();
            gradients().adam(x, gradient, m, v, 1, n, 0.9f, 0.99f, 0.999f, 0.01f, 1.5f, 1e-8f);
            assertThat(x[0]).isEqualTo(before[0]);
            for (int i = 1; i <= n; i++) {
                double first = 0.9 * firstBefore[i] + 0.1 * gradient[i];
                double second = 0.99 * secondBefore[i] + 0.01 * gradient[i] * gradient[i];
                assertThat((double) m[i]).isCloseTo(first, within(1e-6));
                assertThat((double) v[i]).isCloseTo(second, within(1e-6));
                double stepped = before[i] * 0.999 - 0.01 * first / (Math.sqrt(second) * 1.5 + 1e-8);
                assertThat((double) x[i]).isCloseTo(stepped, within(1e-6));
            }
        }
    }

    @Test
    default void whatIsNotFiniteIsFound() {
        for (int n : KernelsContract.LENGTHS) {
            float[] x = Reference.random(new SplittableRandom(n), n + 2, -1e30, 1e30);
            assertThat(gradients().finite(x, 1, n)).isTrue();
            x[0] = Float.NaN;
            x[n + 1] = Float.NaN;
            assertThat(gradients().finite(x, 1, n)).isTrue();
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                x[n] = bad;
                assertThat(gradients().finite(x, 1, n)).isFalse();
            }
        }
    }

    private static float[] filled(int n, float value) {
        float[] x = new float[n];
        Arrays.fill(x, value);
        return x;
    }

    private static double[] row(float[] x, int offset, int n) {
        double[] row = new double[n];
        Arrays.setAll(row, i -> x[offset + i]);
        return row;
    }
}

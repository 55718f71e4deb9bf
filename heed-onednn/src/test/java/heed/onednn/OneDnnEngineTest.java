package heed.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import heed.kernel.Activation;
import heed.kernel.EngineUnavailableException;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.LinearEngine;
import heed.kernel.LinearEngines;
import heed.kernel.PreparedWeight;
import heed.kernel.Product;
import heed.kernel.WeightType;
import heed.kernel.WorkerPool;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Products by oneDNN; skipped where its library or the instructions are missing.
class OneDnnEngineTest {
    private static final int[][] SHAPES = {{1, 1}, {7, 5}, {64, 64}, {67, 29}, {131, 769}, {613, 61}, {113, 1531}};

    private final SplittableRandom random = new SplittableRandom(7);
    private final Kernels kernels = KernelProvider.active().kernels();

    private LinearEngine engine(WeightType type) {
        try {
            LinearEngine engine = new OneDnnProvider().open(kernels);
            assumeTrue(engine.types().contains(type), "this processor has no instructions for " + type);
            return engine;
        } catch (EngineUnavailableException e) {
            assumeTrue(false, e.getMessage());
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aProductIsCloseToOneInDoublePrecision(WeightType type) {
        LinearEngine engine = engine(type);
        for (int[] shape : SHAPES) {
            int out = shape[0];
            int in = shape[1];
            PreparedWeight weight = engine.prepare(random(out * in), out, in, type);
            float[] rounded = weight.toArray();
            for (int rows : new int[] {1, 3, 11, 70}) {
                float[] x = random(rows * in);
                float[] bias = random(out);
                float[] y = product(weight, x, rows, bias, 2);
                for (int r = 0; r < rows; r++) {
                    double step = step(type, x, r * in, in);
                    for (int o = 0; o < out; o++) {
                        double sum = bias[o];
                        double size = 1;
                        for (int i = 0; i < in; i++) {
                            sum += (double) x[r * in + i] * rounded[o * in + i];
                            size += Math.abs(rounded[o * in + i]);
                        }
                        if (!(Math.abs(y[r * out + o] - sum) <= step * size)) { // an assertion for each takes long
                            assertThat((double) y[r * out + o])
                                    .as("%s, %d rows of [%d, %d] at (%d, %d)", type, rows, out, in, r, o)
                                    .isCloseTo(sum, within(step * size));
                        }
                    }
                }
            }
        }
    }

    /// How far a value of a row may be off after rounding.
    private static double step(WeightType type, float[] x, int offset, int n) {
        double least = 0;
        double greatest = 0;
        for (int i = offset; i < offset + n; i++) {
            least = Math.min(least, x[i]);
            greatest = Math.max(greatest, x[i]);
        }
        return switch (type) {
            case F32 -> 1e-6;
            case BF16 -> Math.max(-least, greatest) * 0x1p-8;
            case INT8 -> (greatest - least) / 255;
        };
    }

    @ParameterizedTest
    @EnumSource
    void aRowHasTheSameBitsWhateverItsCompanyAndOnAnyNumberOfThreads(WeightType type) {
        LinearEngine engine = engine(type);
        for (int[] shape : new int[][] {{67, 29}, {384, 384}, {1537, 131}, {131, 1537}, {64, 3001}}) {
            int out = shape[0];
            int in = shape[1];
            PreparedWeight weight = engine.prepare(random(out * in), out, in, type);
            int most = 149;
            float[] x = random(most * in);
            float[] all = product(weight, x, most, null, 1);
            assertThat(product(weight, x, most, null, 3)).isEqualTo(all);
            for (int rows : new int[] {1, 2, 3, 5, 7, 9, 15, 17, 31, 33, 47, 63, 64, 65, 97}) {
                float[] fewer = Arrays.copyOfRange(x, 0, rows * in);
                assertThat(product(weight, fewer, rows, null, 2))
                        .as("%s, %d of %d rows of [%d, %d]", type, rows, most, out, in)
                        .isEqualTo(Arrays.copyOf(all, rows * out));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void weightsComeBackAsTheyWereRounded(WeightType type) {
        LinearEngine engine = engine(type);
        float[] values = random(613 * 31);
        float[] rounded = engine.prepare(values, 613, 31, type).toArray();

        assertThat(engine.prepare(rounded, 613, 31, type).toArray()).containsExactly(rounded, within(1e-7f));
        for (int i = 0; i < values.length; i++) {
            assertThat(Math.abs(rounded[i] - values[i])).isLessThanOrEqualTo(type == WeightType.F32 ? 0 : 0.005f);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheRowsThatWereAskedForAreWritten(WeightType type) {
        LinearEngine engine = engine(type);
        int out = 67;
        int in = 13;
        PreparedWeight weight = engine.prepare(random(out * in), out, in, type);
        float[] x = random(3 + 5 * (in + 4));
        float[] y = new float[2 + 5 * (out + 3)];
        Arrays.fill(y, Float.NaN);

        weight.multiply(new Product(x, 3, in + 4, 5, null, Activation.TANH, y, 2, out + 3), WorkerPool.shared());

        for (int i = 0; i < y.length; i++) {
            boolean written = i >= 2 && (i - 2) % (out + 3) < out;
            assertThat(Float.isNaN(y[i])).as("y[%d]", i).isEqualTo(!written);
        }
        float[] first = product(weight, Arrays.copyOfRange(x, 3, 3 + in), 1, null, 1);
        kernels.activate(Activation.TANH, first, 0, out);
        assertThat(Arrays.copyOfRange(y, 2, 2 + out)).isEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotFiniteSpoilsItsOwnRowAlone(WeightType type) {
        LinearEngine engine = engine(type);
        int out = 70;
        int in = 37;
        float[] values = new float[out * in];
        Arrays.fill(values, 0.5f);
        PreparedWeight weight = engine.prepare(values, out, in, type);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] x = random(11 * in);
            x[4 * in + 3] = bad;
            float[] y = product(weight, x, 11, null, 2);
            IntStream.range(0, y.length)
                    .forEach(i -> assertThat(Float.isFinite(y[i]))
                            .as("%s, value %d", type, i)
                            .isEqualTo(i / out != 4));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsAsValidAsSomething(WeightType type) {
        LinearEngine engine = engine(type);
        float[] bias = {1, 2};
        assertThat(product(engine.prepare(new float[0], 2, 0, type), new float[0], 3, bias, 2))
                .containsExactly(1, 2, 1, 2, 1, 2);
        assertThat(product(engine.prepare(new float[0], 0, 5, type), new float[15], 3, null, 2))
                .isEmpty();
        assertThat(product(engine.prepare(new float[10], 2, 5, type), new float[0], 0, bias, 2))
                .isEmpty();
        assertThat(product(engine.prepare(new float[10], 2, 5, type), new float[5], 1, bias, 2))
                .containsExactly(1, 2);
    }

    @Test
    void wrongWeightsAreNamed() {
        LinearEngine engine = engine(WeightType.INT8);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.prepare(new float[5], 2, 3, WeightType.INT8))
                .withMessage("a [2, 3] weight has 6 values, got 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.prepare(new float[] {1, Float.POSITIVE_INFINITY}, 2, 1, WeightType.INT8))
                .withMessage("weight (1, 0) is Infinity, which int8 cannot hold; all weights must be finite");
    }

    @Test
    void theEngineIsFoundByName() {
        engine(WeightType.F32);
        assertThat(LinearEngines.choose(WeightType.F32, "onednn", kernels)
                        .engine()
                        .name())
                .isEqualTo("onednn");
    }

    private float[] random(int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        return x;
    }

    private static float[] product(PreparedWeight weight, float[] x, int rows, float @Nullable [] bias, int threads) {
        float[] y = new float[rows * weight.out()];
        try (WorkerPool workers = WorkerPool.of(threads)) {
            weight.multiply(
                    new Product(x, 0, weight.in(), rows, bias, Activation.IDENTITY, y, 0, weight.out()), workers);
        }
        return y;
    }
}

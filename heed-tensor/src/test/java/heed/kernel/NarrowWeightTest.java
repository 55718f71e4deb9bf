package heed.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Weights of 16 and 8 bits in Java.
@NullMarked
class NarrowWeightTest {
    private final SplittableRandom random = new SplittableRandom(11);

    static Stream<Arguments> formats() {
        return Stream.concat(Stream.of(KernelProvider.scalar()), KernelProvider.vector().stream())
                .flatMap(kernels -> Stream.of(WeightType.BF16, WeightType.INT8)
                        .map(type -> Arguments.of(new WeightFormat(new JavaEngine(kernels), type), kernels)));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void aProductHasTheBitsOfAProductByTheRoundedValues(WeightFormat format, Kernels kernels) {
        for (int[] shape : new int[][] {{1, 1}, {7, 5}, {64, 17}, {67, 29}, {131, 769}, {193, 61}, {37, 1601}}) {
            int out = shape[0];
            int in = shape[1];
            float[] values = Reference.random(random, out * in, -1, 1);
            PreparedWeight narrow = format.prepare(values, out, in);
            boolean scaled = format.type() == WeightType.INT8;
            Int8Matrix whole = Int8Matrix.of(values, out, in);
            PreparedWeight rounded =
                    WeightFormat.f32(kernels).prepare(scaled ? floats(whole.values()) : narrow.toArray(), out, in);
            for (int rows : List.of(0, 1, 2, 3, 4, 7, 199)) {
                if ((long) rows * out * in > 4_000_000) {
                    continue; // the readable kernels take their time
                }
                float[] x = Reference.random(random, rows * (in + 2) + 1, -1, 1);
                float @Nullable [] bias = rows % 2 == 0 ? null : Reference.random(random, out, -1, 1);
                for (int threads : new int[] {1, 2}) {
                    assertThat(product(narrow, x, rows, bias, threads))
                            .as("%d rows of [%d, %d] on %d threads", rows, out, in, threads)
                            .isEqualTo(
                                    scaled
                                            ? scaledProduct(rounded, whole.scales(), kernels, x, rows, bias)
                                            : product(rounded, x, rows, bias, threads));
                }
            }
        }
    }

    private static float[] floats(byte[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = values[i];
        }
        return floats;
    }

    /// A product by whole numbers, its sums then scaled.
    private static float[] scaledProduct(
            PreparedWeight whole, float[] scales, Kernels kernels, float[] x, int rows, float @Nullable [] bias) {
        int yStride = whole.out() + 3;
        float[] y = new float[2 + rows * yStride];
        Arrays.fill(y, 99);
        whole.multiply(
                new Product(x, 1, whole.in() + 2, rows, null, Activation.IDENTITY, y, 2, yStride), WorkerPool.shared());
        for (int row = 0; row < rows; row++) {
            int at = 2 + row * yStride;
            for (int o = 0; o < whole.out(); o++) {
                y[at + o] = y[at + o] * scales[o] + (bias == null ? 0 : bias[o]);
            }
            kernels.activate(Activation.GELU, y, at, whole.out());
        }
        return y;
    }

    private static float[] product(PreparedWeight weight, float[] x, int rows, float @Nullable [] bias, int threads) {
        int yStride = weight.out() + 3;
        float[] y = new float[2 + rows * yStride];
        Arrays.fill(y, 99);
        try (WorkerPool workers = WorkerPool.of(threads)) {
            weight.multiply(new Product(x, 1, weight.in() + 2, rows, bias, Activation.GELU, y, 2, yStride), workers);
        }
        return y;
    }

    @ParameterizedTest
    @MethodSource("formats")
    void valuesComeBackRounded(WeightFormat format, Kernels kernels) {
        int out = 71;
        int in = 13;
        float[] values = Reference.random(random, out * in, -2, 2);
        PreparedWeight weight = format.prepare(values, out, in);

        assertThat(weight.type()).isEqualTo(format.type());
        assertThat(weight.bytes()).isLessThan(2L * 128 * in + 4 * 128 + 1);
        float[] rounded = weight.toArray();
        for (int o = 0; o < out; o++) {
            float largest = 0;
            for (int i = 0; i < in; i++) {
                largest = Math.max(largest, Math.abs(values[o * in + i]));
            }
            for (int i = 0; i < in; i++) {
                float value = values[o * in + i];
                double step = format.type() == WeightType.INT8 ? largest / 127 : Math.abs(value) * 0x1p-7;
                assertThat((double) rounded[o * in + i]).isCloseTo(value, within(0.501 * step));
            }
        }
    }

    @Test
    void eightBitsReachTheLargestWeightOfEachOutput() {
        Int8Matrix matrix = Int8Matrix.of(new float[] {0.5f, -2, 0, 0, 1e-9f, 4e-9f}, 3, 2);

        assertThat(matrix.values()).containsExactly(32, -127, 0, 0, 32, 127);
        assertThat(matrix.scales()[0]).isCloseTo(2f / 127, within(1e-9f));
    }

    @Test
    void whatHasNoScaleIsNamed() {
        LinearEngine java = new JavaEngine(KernelProvider.scalar());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> java.prepare(new float[] {1, 2, 3, 4, Float.NaN, 6}, 3, 2, WeightType.INT8))
                .withMessage("weight (2, 0) is NaN, which int8 cannot hold; all weights must be finite");
    }

    @ParameterizedTest
    @MethodSource("formats")
    void whatIsNotFiniteSpoilsItsOwnRowAlone(WeightFormat format, Kernels kernels) {
        int out = 65;
        int in = 7;
        PreparedWeight weight = format.prepare(Reference.random(random, out * in, 1, 2), out, in);
        for (int rows : new int[] {2, 9}) {
            float[] x = Reference.random(random, rows * in, -1, 1);
            x[in + 3] = Float.NaN;
            float[] y = new float[rows * out];
            weight.multiply(new Product(x, 0, in, rows, null, Activation.IDENTITY, y, 0, out), WorkerPool.shared());
            for (int i = 0; i < y.length; i++) {
                assertThat(Float.isNaN(y[i])).as("value %d", i).isEqualTo(i / out == 1);
            }
        }
    }
}

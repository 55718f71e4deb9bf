package heed.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What both implementations of [Quantization] promise.
@NullMarked
class QuantizationTest {
    private static final List<Integer> LENGTHS = List.of(0, 1, 7, 15, 16, 17, 31, 64, 67, 384, 385);

    static Stream<Named<Quantization>> both() {
        return Stream.concat(Stream.of(KernelProvider.scalar()), KernelProvider.vector().stream())
                .map(kernels -> Named.of(kernels.name(), kernels.quantization()));
    }

    /// A quantised row.
    private record Row(int[] q, float scale, int zero) {
        static Row of(Quantization loops, float... x) {
            float[] shifted = new float[x.length + 3];
            System.arraycopy(x, 0, shifted, 3, x.length);
            float[] scales = new float[2];
            int[] zeros = new int[2];
            MemorySegment bytes = Arena.ofAuto().allocate(x.length + 10L);
            bytes.fill((byte) 99);
            loops.quantize(shifted, 3, x.length, bytes, 5, scales, zeros, 1);
            int[] q = new int[x.length];
            Arrays.setAll(q, i -> Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, 5 + i)));
            assertThat(bytes.get(ValueLayout.JAVA_BYTE, 4)).isEqualTo((byte) 99);
            assertThat(bytes.get(ValueLayout.JAVA_BYTE, 5 + x.length)).isEqualTo((byte) 99);
            return new Row(q, scales[1], zeros[1]);
        }

        double value(int i) {
            return (double) scale * (q[i] - zero);
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void aRowSpansTheWholeRange(Quantization loops) {
        Row row = Row.of(loops, -1, 0, 0.5f, 4.1f);

        assertThat(row.scale()).isCloseTo(5.1f / 255, within(1e-8f));
        assertThat(row.zero()).isEqualTo(50);
        assertThat(row.q()).containsExactly(0, 50, 75, 255);
    }

    @ParameterizedTest
    @MethodSource("both")
    void valuesComeBackWithinHalfAStepAndZeroExactly(Quantization loops) {
        SplittableRandom random = new SplittableRandom(1);
        for (int n : LENGTHS) {
            for (double[] range : new double[][] {{-3, 5}, {0, 1e-20}, {-7e30, 0}, {2, 3}, {-3, -2}}) {
                float[] x = Reference.random(random, n, range[0], range[1]);
                Row row = Row.of(loops, x);
                for (int i = 0; i < n; i++) {
                    // The zero is rounded too, so that a value at the end may be a step off.
                    assertThat(row.value(i)).isCloseTo(x[i], within(1.01 * row.scale()));
                }
                assertThat(row.zero()).isBetween(0, 255);
            }
        }
        assertThat(Row.of(loops, 0, 0, 0).value(1)).isZero();
    }

    @ParameterizedTest
    @MethodSource("both")
    void bothImplementationsQuantiseAlike(Quantization loops) {
        SplittableRandom random = new SplittableRandom(2);
        for (int n : LENGTHS) {
            float[] x = Reference.random(random, n, -2, 9);
            assertThat(Row.of(loops, x).q())
                    .isEqualTo(Row.of(new ScalarQuantization(), x).q());
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void aRowWithAValueThatIsNotFiniteHasNoScale(Quantization loops) {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -Float.NaN}) {
            for (int at : new int[] {0, 16, 36}) {
                float[] x = new float[37];
                Arrays.fill(x, 1);
                x[at] = bad;
                assertThat(Row.of(loops, x).scale()).isNaN();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void sumsBecomeWhatTheyStandFor(Quantization loops) {
        SplittableRandom random = new SplittableRandom(3);
        for (int n : LENGTHS) {
            for (boolean withBias : new boolean[] {false, true}) {
                int column = 5;
                float[] scales = Reference.random(random, column + n, 0.001, 0.1);
                float[] weightSums = Reference.random(random, column + n, -9, 9);
                float[] bias = Reference.random(random, column + n, -9, 9);
                int[] sums = random.ints(n, -1_000_000, 1_000_000).toArray();
                MemorySegment memory = Arena.ofAuto().allocate(8 + 4L * n);
                MemorySegment.copy(sums, 0, memory, ValueLayout.JAVA_INT, 8, n);
                float[] y = new float[n + 4];
                Arrays.fill(y, Float.NaN);

                loops.dequantize(memory, 8, n, scales, weightSums, column, 0.03f, 77, withBias ? bias : null, y, 2);

                for (int j = 0; j < n; j++) {
                    int c = column + j;
                    double expected =
                            0.03f * ((double) scales[c] * sums[j] - 77.0 * weightSums[c]) + (withBias ? bias[c] : 0);
                    assertThat((double) y[2 + j]).isCloseTo(expected, within(1e-6 * (100 + Math.abs(expected))));
                }
                assertThat(y[1]).isNaN();
                assertThat(y[2 + n]).isNaN();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void bf16IsTheNearestWithTiesToEven(Quantization loops) {
        float[] x = {
            1,
            -1,
            0,
            -0f,
            0x1.01p0f,
            0x1.03p0f,
            0x1.0101p0f,
            Float.POSITIVE_INFINITY,
            Float.MAX_VALUE,
            Float.NaN,
            Float.intBitsToFloat(0x7f800001),
            0x1p-149f,
            3.14159f,
            -0x1.01p0f,
            7,
            8,
            9
        };
        short[] rounded = bf16(loops, x);
        float[] expected = {
            1,
            -1,
            0,
            -0f,
            1,
            0x1.04p0f,
            0x1.02p0f,
            Float.POSITIVE_INFINITY,
            Float.POSITIVE_INFINITY,
            Float.NaN,
            Float.NaN,
            0,
            3.140625f,
            -1,
            7,
            8,
            9
        };
        for (int i = 0; i < x.length; i++) {
            assertThat(Float.valueOf(Float.intBitsToFloat(rounded[i] << 16)))
                    .as("bf16 of %s", x[i])
                    .isEqualTo(Float.valueOf(expected[i]));
        }
        SplittableRandom random = new SplittableRandom(4);
        for (int n : LENGTHS) {
            float[] many = Reference.random(random, n, -1e6, 1e6);
            assertThat(bf16(loops, many)).isEqualTo(bf16(new ScalarQuantization(), many));
        }
    }

    private static short[] bf16(Quantization loops, float... x) {
        MemorySegment memory = Arena.ofAuto().allocate(2L * x.length + 2);
        loops.toBf16(x, 0, x.length, memory, 2);
        return memory.asSlice(2, 2L * x.length).toArray(ValueLayout.JAVA_SHORT);
    }

    @ParameterizedTest
    @MethodSource("both")
    void biasesAreAddedToSums(Quantization loops) {
        SplittableRandom random = new SplittableRandom(5);
        for (int n : LENGTHS) {
            float[] sums = Reference.random(random, n, -1, 1);
            float[] bias = Reference.random(random, n + 3, -1, 1);
            MemorySegment memory = Arena.ofAuto().allocate(4L * n + 4);
            MemorySegment.copy(sums, 0, memory, ValueLayout.JAVA_FLOAT, 4, n);
            float[] with = new float[n + 1];
            float[] without = new float[n + 1];
            loops.addBias(memory, 4, n, bias, 3, with, 1);
            loops.addBias(memory, 4, n, null, 3, without, 1);
            for (int j = 0; j < n; j++) {
                assertThat(with[1 + j]).isEqualTo(sums[j] + bias[3 + j]);
                assertThat(without[1 + j]).isEqualTo(sums[j]);
            }
        }
    }
}

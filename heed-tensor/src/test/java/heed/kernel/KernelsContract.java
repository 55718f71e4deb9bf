package heed.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What every implementation of [Kernels] promises for rows and products; [AttentionContract] has the rest.
@NullMarked
interface KernelsContract {
    /// Around the widths of vectors, of four vectors, and of the blocks of a product.
    List<Integer> LENGTHS = List.of(1, 2, 3, 5, 7, 13, 16, 17, 31, 63, 64, 65, 127, 384, 385, 702, 1000);

    /// Half the distance of neighbouring floats at 1.
    double EPS = 6e-8;

    Kernels kernels();

    @Test
    default void multipliesMatricesOfEveryAwkwardSize() {
        SplittableRandom random = new SplittableRandom(1);
        for (int m : List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)) {
            for (int k : List.of(1, 7, 64, 385)) {
                checkProduct(random, m, k, 1 + random.nextInt(150), m % 2 == 0);
            }
        }
        for (int n : LENGTHS) {
            checkProduct(random, 3, 17, n, true);
        }
    }

    @Test
    default void multipliesMatricesLargerThanItsBlocks() {
        SplittableRandom random = new SplittableRandom(2);
        checkProduct(random, 2, 2000, 70, true);
        checkProduct(random, 7, 769, 65, false);
        checkProduct(random, 515, 13, 67, true);
        checkProduct(random, 3, 0, 131, true); // a sum of nothing leaves the bias
    }

    @Test
    default void multipliesOnlyThePanelsAskedFor() {
        SplittableRandom random = new SplittableRandom(3);
        int width = kernels().panelWidth();
        int n = 3 * width + 1;
        float[] w = Reference.random(random, n * 5, -1, 1);
        float[] a = Reference.random(random, 2 * 5, -1, 1);
        PackedMatrix b = PackedMatrix.ofTransposed(w, 0, n, 5, width);
        float[] whole = new float[2 * n];
        kernels().multiply(a, 0, 5, 2, b, 0, 4, null, whole, 0, n);
        float[] parts = new float[2 * n];
        Arrays.fill(parts, Float.NaN);
        kernels().multiply(a, 0, 5, 2, b, 1, 2, null, parts, 0, n);
        for (int i = 0; i < 2 * n; i++) {
            boolean asked = i % n >= width && i % n < 2 * width;
            assertThat(Float.valueOf(parts[i])).isEqualTo(Float.valueOf(asked ? whole[i] : Float.NaN));
        }
        kernels().multiply(a, 0, 5, 2, b, 0, 1, null, parts, 0, n);
        kernels().multiply(a, 0, 5, 2, b, 2, 3, null, parts, 0, n);
        kernels().multiply(a, 0, 5, 2, b, 3, 4, null, parts, 0, n);
        assertThat(parts).isEqualTo(whole);
    }

    private void checkProduct(SplittableRandom random, int m, int k, int n, boolean withBias) {
        int aStride = k + 3;
        int cStride = n + 5;
        float[] a = Reference.random(random, 11 + m * aStride, -1, 1);
        float[] w = Reference.random(random, 2 + n * k, -1, 1);
        float @Nullable [] bias = withBias ? Reference.random(random, n, -1, 1) : null;
        float[] c = new float[7 + m * cStride];
        Arrays.fill(c, Float.NaN);
        PackedMatrix b = PackedMatrix.ofTransposed(w, 2, n, k, kernels().panelWidth());

        kernels().multiply(a, 11, aStride, m, b, 0, b.panelCount(), bias, c, 7, cStride);

        float[] alone = new float[n];
        for (int row = 0; row < m; row++) {
            for (int col = 0; col < n; col++) {
                double sum = bias == null ? 0 : bias[col];
                double size = Math.abs(sum);
                for (int i = 0; i < k; i++) {
                    double product = (double) a[11 + row * aStride + i] * w[2 + col * k + i];
                    sum += product;
                    size += Math.abs(product);
                }
                assertThat((double) c[7 + row * cStride + col])
                        .as("[%d, %d] · [%d, %d] at (%d, %d)", m, k, k, n, row, col)
                        .isCloseTo(sum, within(EPS * (2 + Math.sqrt(k)) * size));
            }
            kernels().multiply(a, 11 + row * aStride, aStride, 1, b, 0, b.panelCount(), bias, alone, 0, n);
            assertThat(Arrays.copyOfRange(c, 7 + row * cStride, 7 + row * cStride + n))
                    .as("row %d of [%d, %d] · [%d, %d] has the bits it has alone", row, m, k, k, n)
                    .isEqualTo(alone);
        }
        for (int i = 0; i < c.length; i++) {
            boolean written = i >= 7 && (i - 7) % cStride < n;
            assertThat(Float.isNaN(c[i])).as("c[%d] is written", i).isEqualTo(!written);
        }
    }

    @Test
    default void multipliesViewsOfEveryAwkwardSize() {
        SplittableRandom random = new SplittableRandom(23);
        for (int m : List.of(1, 2, 5, 6, 7, 13)) {
            for (int k : List.of(1, 17, 64)) {
                checkProductOfViews(random, m, k, 1 + random.nextInt(150));
            }
        }
        checkProductOfViews(random, 3, 0, 5);
        checkProductOfViews(random, 7, 1541, 65); // deeper than a block
        checkProductOfViews(random, 389, 5, 67); // more rows than a block has
    }

    /// In each of the four layouts, overwriting and accumulating, whole and panel by panel.
    private void checkProductOfViews(SplittableRandom random, int m, int k, int n) {
        float[] dense = Reference.random(random, m * k, -1, 1);
        float[] denseB = Reference.random(random, k * n, -1, 1);
        for (boolean turnedA : new boolean[] {false, true}) {
            for (boolean turnedB : new boolean[] {false, true}) {
                MatrixView a = view(dense, m, k, turnedA);
                MatrixView b = view(denseB, k, n, turnedB);
                float[] before = Reference.random(random, 7 + m * (n + 5), -1, 1);
                for (boolean accumulate : new boolean[] {false, true}) {
                    float[] bias = Reference.random(random, n + 2, -1, 1);
                    float[] c = multiply(a, b, m, k, n, bias, accumulate, before, false);
                    for (int i = 0; i < c.length; i++) {
                        int row = Math.floorDiv(i - 7, n + 5);
                        int column = Math.floorMod(i - 7, n + 5);
                        boolean inside = row >= 0 && column < n;
                        double sum = inside && !accumulate ? bias[2 + column] : before[i];
                        double size = Math.abs(sum);
                        for (int j = 0; inside && j < k; j++) {
                            sum += (double) dense[row * k + j] * denseB[j * n + column];
                            size += Math.abs((double) dense[row * k + j] * denseB[j * n + column]);
                        }
                        assertThat((double) c[i])
                                .as("[%d, %d] · [%d, %d] at (%d, %d)", m, k, k, n, row, column)
                                .isCloseTo(sum, within(EPS * (2 + Math.sqrt(k)) * size));
                    }
                    assertThat(multiply(a, b, m, k, n, bias, accumulate, before, true))
                            .isEqualTo(c);
                }
            }
        }
    }

    private float[] multiply(
            MatrixView a,
            MatrixView b,
            int m,
            int k,
            int n,
            float[] bias,
            boolean accumulate,
            float[] before,
            boolean byPanel) {
        int width = kernels().panelWidth();
        int count = (n + width - 1) / width;
        float[] panels = new float[count * width * k + 3]; // longer than needed, as lent buffers are
        Arrays.fill(panels, Float.NaN);
        float[] scratch = new float[kernels().multiplyScratch(m, k) + 3];
        Arrays.fill(scratch, Float.NaN);
        float[] c = before.clone();
        int step = byPanel ? 1 : count;
        for (int panel = 0; panel < count; panel += step) {
            kernels().pack(b, k, n, panel, panel + step, panels);
        }
        for (int panel = 0; panel < count; panel += step) {
            kernels().multiply(a, m, k, panels, n, panel, panel + step, bias, 2, accumulate, c, 7, n + 5, scratch);
        }
        return c;
    }

    /// A dense matrix laid out anew, with an offset and gaps, along its rows or along its columns.
    private static MatrixView view(float[] dense, int rows, int columns, boolean turned) {
        int stride = (turned ? rows : columns) + 3;
        float[] values = new float[2 + (turned ? columns : rows) * stride];
        Arrays.fill(values, Float.NaN);
        MatrixView view = new MatrixView(values, 2, turned ? 1 : stride, turned ? stride : 1);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                values[2 + i * view.rowStride() + j * view.columnStride()] = dense[i * columns + j];
            }
        }
        return view;
    }

    @Test
    default void sumsProductsOfEveryLength() {
        SplittableRandom random = new SplittableRandom(4);
        for (int n : LENGTHS) {
            float[] a = Reference.random(random, n + 3, -1, 1);
            float[] b = Reference.random(random, n + 5, -1, 1);
            double sum = 0;
            double size = 0;
            for (int i = 0; i < n; i++) {
                sum += (double) a[3 + i] * b[5 + i];
                size += Math.abs((double) a[3 + i] * b[5 + i]);
            }
            assertThat((double) kernels().dot(a, 3, b, 5, n))
                    .as("length %d", n)
                    .isCloseTo(sum, within(EPS * (2 + Math.sqrt(n)) * size));
        }
        assertThat(kernels().dot(new float[1], 1, new float[1], 0, 0)).isZero();
    }

    @Test
    default void addsRowsOfEveryLengthAndTouchesNothingElse() {
        SplittableRandom random = new SplittableRandom(5);
        for (int n : LENGTHS) {
            float[] x = Reference.random(random, n + 4, -1, 1);
            float[] before = Reference.random(random, n + 9, -1, 1);
            float[] sum = before.clone();
            float[] scaled = before.clone();
            kernels().add(x, 4, sum, 2, n);
            kernels().addScaled(-0.7f, x, 4, scaled, 2, n);
            for (int i = 0; i < before.length; i++) {
                boolean inside = i >= 2 && i < 2 + n;
                assertThat(sum[i]).isEqualTo(inside ? before[i] + x[i + 2] : before[i]);
                double exact = inside ? before[i] + -0.7f * (double) x[i + 2] : before[i];
                assertThat((double) scaled[i]).isCloseTo(exact, within(3 * EPS));
            }
        }
    }

    @Test
    default void exponentiatesWithinThreeTenMillionths() {
        float[] x = new float[200_001];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (-87.3 + (88.7 + 87.3) * i / (x.length - 1));
        }
        float[] y = x.clone();
        kernels().exp(y, 0, y.length);
        for (int i = 0; i < x.length; i++) {
            assertThat(y[i] / Math.exp(x[i])).as("exp(%s)", x[i]).isCloseTo(1, within(3e-7));
        }
    }

    @Test
    default void exponentiatesTheEndsOfTheFloats() {
        float[] x = {
            Float.NEGATIVE_INFINITY, -1e30f, -200, -104, 0, -0f, 88.74f, 1e30f, Float.POSITIVE_INFINITY, Float.NaN
        };
        kernels().exp(x, 0, x.length);
        float infinity = Float.POSITIVE_INFINITY;
        assertThat(x).isEqualTo(new float[] {0, 0, 0, 0, 1, 1, infinity, infinity, infinity, Float.NaN});

        float[] subnormal = {-88, -95, -100, -103};
        kernels().exp(subnormal, 0, 4);
        assertThat(subnormal)
                .usingComparatorWithPrecision(2 * Float.MIN_VALUE)
                .containsExactly(
                        (float) Math.exp(-88), (float) Math.exp(-95), (float) Math.exp(-100), (float) Math.exp(-103));
    }

    @Test
    default void activatesCloseToTheFormula() {
        for (Activation activation : Activation.values()) {
            for (double range : new double[] {1e-3, 1, 6, 30}) {
                float[] x = new float[40_001];
                for (int i = 0; i < x.length; i++) {
                    x[i] = (float) (range * (2.0 * i / (x.length - 1) - 1));
                }
                float[] y = x.clone();
                kernels().activate(activation, y, 0, y.length);
                for (int i = 0; i < x.length; i++) {
                    double exact = Reference.activated(activation, x[i]);
                    assertThat((double) y[i])
                            .as("%s(%s)", activation, x[i])
                            .isCloseTo(exact, within(2e-7 * Math.abs(exact) + 1e-7));
                }
            }
        }
    }

    @Test
    default void activatesTheEndsOfTheFloats() {
        float infinity = Float.POSITIVE_INFINITY;
        for (Activation activation : Activation.values()) {
            float[] x = {-infinity, -1e30f, 0, 1e30f, infinity, Float.NaN};
            kernels().activate(activation, x, 0, x.length);
            float[] expected = switch (activation) {
                case IDENTITY -> new float[] {-infinity, -1e30f, 0, 1e30f, infinity, Float.NaN};
                case TANH -> new float[] {-1, -1, 0, 1, 1, Float.NaN};
                case RELU, GELU, GELU_TANH, QUICK_GELU, SILU -> new float[] {0, 0, 0, 1e30f, infinity, Float.NaN};
            };
            assertThat(x)
                    .as("%s", activation)
                    .usingComparatorWithPrecision(1e-7f)
                    .containsExactly(expected);
        }
    }

    @Test
    default void aValueHasTheSameBitsWhereverItStands() {
        SplittableRandom random = new SplittableRandom(6);
        float[] x = Reference.random(random, 67, -5, 5);
        for (Activation activation : Activation.values()) {
            float[] row = x.clone();
            kernels().activate(activation, row, 0, row.length);
            for (int i = 0; i < x.length; i++) {
                float[] single = {99, 99, 99, x[i], 99};
                kernels().activate(activation, single, 3, 1);
                assertThat(single).isEqualTo(new float[] {99, 99, 99, row[i], 99});
            }
        }
        for (int offset : new int[] {1, 3, 8, 15}) {
            float[] rowAtStart = x.clone();
            kernels().softmax(rowAtStart, 0, x.length);
            float[] shifted = new float[x.length + offset];
            System.arraycopy(x, 0, shifted, offset, x.length);
            kernels().softmax(shifted, offset, x.length);
            assertThat(Arrays.copyOfRange(shifted, offset, shifted.length)).isEqualTo(rowAtStart);
        }
    }

    @Test
    default void softmaxSumsToOneForEveryLength() {
        SplittableRandom random = new SplittableRandom(7);
        for (int n : LENGTHS) {
            for (double range : new double[] {1, 10, 1e4}) {
                float[] before = Reference.random(random, n + 6, -range, range);
                before[2 + n / 2] = Float.NEGATIVE_INFINITY;
                if (n > 1) {
                    before[2] = (float) range;
                }
                float[] x = before.clone();
                kernels().softmax(x, 2, n);
                double[] scores = new double[n];
                Arrays.setAll(scores, i -> before[2 + i]);
                double[] weights = Reference.softmax(scores);
                double max = n > 1 ? range : scores[0];
                for (int i = 0; i < x.length; i++) {
                    boolean inside = i >= 2 && i < 2 + n;
                    double exact = inside ? weights[i - 2] : before[i];
                    // score - max is rounded, and the exponential carries that on
                    double rounding = exact == 0 || !inside ? 0 : EPS * (max - scores[i - 2]);
                    assertThat((double) x[i])
                            .as("length %d", n)
                            .isCloseTo(exact, within((5e-7 + rounding) * Math.abs(exact) + 1e-37));
                }
                if (n > 1) {
                    assertThat(x[2 + n / 2])
                            .as("a hidden score has no weight at all")
                            .isZero();
                }
            }
        }
    }

    @Test
    default void softmaxOfNothingButHiddenScoresIsZero() {
        for (int n : LENGTHS) {
            float[] x = new float[n];
            Arrays.fill(x, Float.NEGATIVE_INFINITY);
            kernels().softmax(x, 0, n);
            assertThat(x).containsOnly(0);
        }
    }

    @Test
    default void softmaxOfOneScoreAmongHiddenOnesIsOne() {
        float[] x = new float[70];
        Arrays.fill(x, Float.NEGATIVE_INFINITY);
        x[69] = -1e4f;
        kernels().softmax(x, 0, 70);
        assertThat(x[69]).isEqualTo(1);
        assertThat(x[0]).isZero();
    }

    @Test
    default void normalizesRowsOfEveryWidth() {
        SplittableRandom random = new SplittableRandom(8);
        for (int d : LENGTHS) {
            int rows = 3;
            float[] x = Reference.random(random, 1 + rows * d, -2, 5);
            float[] residual = Reference.random(random, 2 + rows * d, -2, 5);
            float[] gain = Reference.random(random, d, 0.5, 2);
            float[] bias = Reference.random(random, d, -1, 1);
            float[] y = new float[3 + rows * d];
            kernels().layerNorm(x, 1, null, 0, rows, d, gain, bias, 1e-5f, y, 3);
            float[] withResidual = new float[3 + rows * d];
            kernels().layerNorm(x, 1, residual, 2, rows, d, gain, bias, 1e-5f, withResidual, 3);
            for (int row = 0; row < rows; row++) {
                int at = row * d;
                double[] plain = new double[d];
                Arrays.setAll(plain, i -> x[1 + at + i]);
                double[] sum = new double[d];
                Arrays.setAll(sum, i -> (double) x[1 + at + i] + residual[2 + at + i]);
                double[] expected = Reference.layerNorm(plain, gain, bias, 1e-5f);
                double[] expectedOfSum = Reference.layerNorm(sum, gain, bias, 1e-5f);
                double tolerance = d < 3 ? 1e-3 : 5e-6; // narrow rows have variances close to eps
                for (int i = 0; i < d; i++) {
                    assertThat((double) y[3 + at + i]).isCloseTo(expected[i], within(tolerance));
                    assertThat((double) withResidual[3 + at + i]).isCloseTo(expectedOfSum[i], within(tolerance));
                }
            }
            assertThat(new float[] {y[0], y[1], y[2]}).containsOnly(0);
            kernels().layerNorm(x, 1, residual, 2, rows, d, gain, bias, 1e-5f, x, 1);
            assertThat(Arrays.copyOfRange(x, 1, x.length))
                    .as("in place")
                    .isEqualTo(Arrays.copyOfRange(withResidual, 3, withResidual.length));
        }
    }

    @Test
    default void normalizesRowsFarFromZero() {
        int d = 768;
        float[] gain = new float[d];
        Arrays.fill(gain, 1);
        float[] x = new float[d];
        for (int i = 0; i < d; i++) {
            x[i] = 1000 + (i % 2 == 0 ? 0.25f : -0.25f);
        }
        kernels().layerNorm(x, 0, null, 0, 1, d, gain, new float[d], 0, x, 0);
        for (int i = 0; i < d; i++) {
            assertThat((double) x[i]).isCloseTo(i % 2 == 0 ? 1 : -1, within(1e-4));
        }
    }
}

package heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import heed.kernel.Activation;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The operations of a pass against plain loops in double precision, on all kernels that can run here.
class ComputeTest {
    private static final float EPS = 1e-5f;

    @ParameterizedTest
    @MethodSource("heed.tensor.AvailableKernels#all")
    void aLinearMapOfTwoByTwo(Kernels kernels) {
        Tensor x = Tensor.matrix(new float[] {1, 2}, new float[] {3, 4});
        Weight weight = Weight.of(Tensor.matrix(new float[] {5, 6}, new float[] {7, 8}), kernels);
        Tensor bias = Tensor.of(Shape.of(2), 100, 200);

        Tensor y = alone(kernels).linear(x, weight, bias, Activation.IDENTITY);

        assertThat(y.toArray()).containsExactly(117, 223, 139, 253); // 1·5 + 2·6 + 100, 1·7 + 2·8 + 200, …
    }

    @ParameterizedTest
    @MethodSource("heed.tensor.AvailableKernels#all")
    void aLinearMapOfAwkwardSizesEqualsItsDefinition(Kernels kernels) {
        SeededTensors seeded = new SeededTensors(1);
        Compute compute = alone(kernels);
        for (int rows : new int[] {0, 1, 2, 5, 193}) {
            for (int in : new int[] {1, 7, 64, 65}) {
                for (int out : new int[] {1, 15, 16, 17, 33, 131}) {
                    Tensor x = seeded.normal(rows, in);
                    Tensor matrix = seeded.normal(out, in);
                    Tensor bias = out % 2 == 0 ? null : seeded.normal(out);

                    Tensor y = compute.linear(x, Weight.of(matrix, kernels), bias, Activation.IDENTITY);

                    assertThat(y.shape()).isEqualTo(Shape.of(rows, out));
                    assertLinear(y, x, matrix, bias, Activation.IDENTITY);
                    compute.reset();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("heed.tensor.AvailableKernels#all")
    void everyActivationIsAppliedToEveryOutput(Kernels kernels) {
        SeededTensors seeded = new SeededTensors(2);
        try (WorkerPool workers = WorkerPool.of(2)) {
            Compute compute = new Compute(kernels, workers);
            for (Activation activation : Activation.values()) {
                Tensor x = seeded.normal(7, 83);
                Tensor matrix = seeded.normal(131, 83); // enough work to be shared among the threads
                Tensor bias = seeded.normal(131);

                Tensor y = compute.linear(x, Weight.of(matrix, kernels), bias, activation);

                assertLinear(y, x, matrix, bias, activation);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("heed.tensor.AvailableKernels#all")
    void aProductOfTwoByTwo(Kernels kernels) {
        Tensor a = Tensor.matrix(new float[] {1, 2}, new float[] {3, 4});
        Tensor b = Tensor.matrix(new float[] {5, 6}, new float[] {7, 8});
        Tensor c = Tensor.matrix(new float[] {100, 200}, new float[] {300, 400});
        Compute compute = alone(kernels);

        assertThat(compute.product(a, b).toArray()).containsExactly(19, 22, 43, 50); // 1·5 + 2·7, 1·6 + 2·8, …
        assertThat(compute.product(a.transpose(), b).toArray()).containsExactly(26, 30, 38, 44);
        assertThat(compute.product(a, b.transpose()).toArray()).containsExactly(17, 23, 39, 53);
        compute.addProduct(a, b, c);
        assertThat(c.toArray()).containsExactly(119, 222, 343, 450);
    }

    @ParameterizedTest
    @MethodSource("heed.tensor.AvailableKernels#all")
    void aProductOfViewsHasTheSameBitsOnAnyNumberOfThreads(Kernels kernels) {
        SeededTensors seeded = new SeededTensors(17);
        for (int[] size : new int[][] {{0, 3, 5}, {1, 61, 131}, {197, 67, 71}, {389, 5, 3}}) {
            int m = size[0];
            int k = size[1];
            int n = size[2];
            Tensor a = seeded.normal(m, k + 2).columns(2, k + 2);
            Tensor b = seeded.normal(n, k).transpose();
            Tensor c = seeded.normal(m, n + 3);
            Tensor expected = c.columns(1, n + 1).plus(a.matmul(b));
            List<float[]> results = new ArrayList<>();
            for (int threads : new int[] {1, 2, 3}) {
                try (WorkerPool workers = WorkerPool.of(threads)) {
                    Tensor target = c.copy();
                    new Compute(kernels, workers).addProduct(a, b, target.columns(1, n + 1));
                    assertClose(target.columns(1, n + 1), expected, 5 * EPS);
                    assertThat(target.columns(n + 1, n + 3).toArray())
                            .isEqualTo(c.columns(n + 1, n + 3).toArray());
                    results.add(target.toArray());
                }
            }
            assertThat(results).allSatisfy(result -> assertThat(result).isEqualTo(results.getFirst()));
        }
    }

    @ParameterizedTest
    @MethodSource("heed.tensor.AvailableKernels#all")
    void aProductThatIsPackedInPartsEqualsItsDefinition(Kernels kernels) {
        SeededTensors seeded = new SeededTensors(18);
        Tensor a = seeded.normal(2, 40_009);
        Tensor b = seeded.normal(40_009, 131); // more than is packed at a time

        assertClose(alone(kernels).product(a, b), a.matmul(b), 1e-3f);
    }

    @ParameterizedTest
    @MethodSource("heed.tensor.AvailableKernels#all")
    void aProductNamesTheShapesThatDoNotFit(Kernels kernels) {
        Compute compute = alone(kernels);
        Tensor a = Tensor.zeros(2, 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> compute.product(a, Tensor.zeros(4, 5)))
                .withMessage("cannot multiply [2, 3] by [4, 5], expected [M, K] by [K, N]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> compute.addProduct(a, Tensor.zeros(3, 5), Tensor.zeros(5, 2)))
                .withMessage("the product of [2, 3] and [3, 5] is [2, 5], the target has shape [5, 2]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> compute.addProduct(
                        a, Tensor.zeros(3, 5), Tensor.zeros(5, 2).transpose()))
                .withMessage("the target of a product, a [2, 5] view, has stride 2 within its rows, expected 1");
    }

    @ParameterizedTest
    @MethodSource("heed.tensor.AvailableKernels#all")
    void aLinearMapReadsColumnsOfAWiderMatrix(Kernels kernels) {
        SeededTensors seeded = new SeededTensors(3);
        Tensor x = seeded.normal(211, 19).rows(3, 200).columns(5, 16);
        Weight weight = Weight.of(seeded.normal(23, 11), kernels);
        Compute compute = alone(kernels);

        Tensor ofView = compute.linear(x, weight, null, Activation.RELU);
        Tensor ofCopy = compute.linear(x.copy(), weight, null, Activation.RELU);

        assertThat(ofView.toArray()).containsExactly(ofCopy.toArray());
    }

    @ParameterizedTest
    @MethodSource("heed.tensor.AvailableKernels#all")
    void aRowOfALinearMapDoesNotDependOnTheOtherRows(Kernels kernels) {
        SeededTensors seeded = new SeededTensors(4);
        Tensor x = seeded.normal(197, 37);
        Weight weight = Weight.of(seeded.normal(53, 37), kernels);
        Tensor bias = seeded.normal(53);
        Compute compute = alone(kernels);

        Tensor together = compute.linear(x, weight, bias, Activation.GELU);

        for (int row : new int[] {0, 1, 2, 3, 101, 191, 192, 196}) {
            Tensor single = compute.linear(x.rows(row, row + 1), weight, bias, Activation.GELU);
            assertThat(single.toArray())
                    .as("row %d", row)
                    .containsExactly(together.rows(row, row + 1).toArray());
        }
    }

    @ParameterizedTest
    @MethodSource("heed.tensor.AvailableKernels#all")
    void layerNormOfTwoValues(Kernels kernels) {
        Tensor x = Tensor.matrix(new float[] {1, 3}); // mean 2, deviation 1
        Tensor gain = Tensor.of(Shape.of(2), 10, 100);
        Tensor bias = Tensor.of(Shape.of(2), 5, 7);

        Tensor y = alone(kernels).layerNorm(x, null, gain, bias, 0);

        assertThat(y.toArray()).containsExactly(-5, 107);
    }

    @ParameterizedTest
    @MethodSource("heed.tensor.AvailableKernels#all")
    void layerNormOfAwkwardSizesEqualsItsDefinition(Kernels kernels) {
        SeededTensors seeded = new SeededTensors(5);
        Compute compute = alone(kernels);
        for (int rows : new int[] {0, 1, 2, 63, 64, 65, 131}) {
            for (int d : new int[] {1, 2, 7, 16, 33, 64, 97}) {
                // Views without gaps, that begin somewhere inside their arrays.
                Tensor x = seeded.normal(rows + 3, d).rows(2, rows + 2);
                Tensor residual = seeded.normal(rows + 3, d).rows(1, rows + 1);
                Tensor gain = seeded.normal(d);
                Tensor bias = seeded.normal(d);

                Tensor normed = compute.layerNorm(x, null, gain, bias, EPS);
                Tensor normedSum = compute.layerNorm(x, residual, gain, bias, EPS);

                assertLayerNorm(normed, x, Tensor.zeros(rows, d), gain, bias);
                assertLayerNorm(normedSum, x, residual, gain, bias);
                compute.reset();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("heed.tensor.AvailableKernels#all")
    void layerNormOfARowOfEqualValuesIsTheBias(Kernels kernels) {
        Tensor x = Tensor.zeros(1, 7);
        Arrays.fill(x.values(), 3);
        Tensor bias = new SeededTensors(6).normal(7);

        Tensor y = alone(kernels).layerNorm(x, null, new SeededTensors(7).normal(7), bias, EPS);

        assertThat(y.toArray()).usingComparatorWithPrecision(1e-4f).containsExactly(bias.toArray());
    }

    @Test
    void lookUpTakesOneRowPerToken() {
        Tensor table = Tensor.matrix(new float[] {0, 1}, new float[] {10, 11}, new float[] {20, 21});

        Tensor y = scalarCompute().lookUp(table, new int[] {2, 0, 2}, "token id");

        assertThat(y.shape()).isEqualTo(Shape.of(3, 2));
        assertThat(y.toArray()).containsExactly(20, 21, 0, 1, 20, 21);
    }

    @Test
    void lookUpReadsAViewOfATable() {
        Tensor table = new SeededTensors(8).normal(7, 11);
        Tensor view = table.rows(2, 6).columns(3, 8);

        Tensor y = scalarCompute().lookUp(view, new int[] {3, 1}, "token id");

        assertThat(y.rows(0, 1).toArray())
                .containsExactly(table.rows(5, 6).columns(3, 8).toArray());
        assertThat(y.rows(1, 2).toArray())
                .containsExactly(table.rows(3, 4).columns(3, 8).toArray());
    }

    @Test
    void anIdOutsideTheTableIsNamedWithTheRowsThereAre() {
        Compute compute = scalarCompute();
        Tensor table = Tensor.zeros(5, 2);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> compute.lookUp(table, new int[] {0, 5}, "token id"))
                .withMessage("token id 5 is outside the table, which has rows 0 to 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> compute.lookUp(table, new int[] {-1}, "token id"))
                .withMessage("token id -1 is outside the table, which has rows 0 to 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> compute.addLookUp(Tensor.zeros(1, 2), table, new int[] {7}, "sentence type"))
                .withMessage("sentence type 7 is outside the table, which has rows 0 to 4");
    }

    @Test
    void aTableWhoseRowsAreScatteredIsRefused() {
        Tensor table = Tensor.zeros(2, 5).transpose();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> scalarCompute().lookUp(table, new int[] {0}, "token id"))
                .withMessageContaining("token id")
                .withMessageContaining("[5, 2]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scalarCompute().addLookUp(Tensor.zeros(1, 2), table, new int[] {0}, "token id"))
                .withMessageContaining("token id")
                .withMessageContaining("[5, 2]");
    }

    @ParameterizedTest
    @MethodSource("heed.tensor.AvailableKernels#all")
    void addLookUpAddsOneRowPerTokenInPlace(Kernels kernels) {
        Tensor table = Tensor.matrix(new float[] {0, 1}, new float[] {10, 11}, new float[] {20, 21});
        Tensor wide = Tensor.matrix(new float[] {100, 200, 300}, new float[] {400, 500, 600});

        alone(kernels).addLookUp(wide.columns(1, 3), table, new int[] {1, 2}, "position");

        assertThat(wide.toArray()).containsExactly(100, 210, 311, 400, 520, 621);
    }

    @Test
    void asManyIdsAreAddedAsThereAreRows() {
        Tensor twoRowsOfMore = Tensor.zeros(4, 3).rows(0, 2);

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        scalarCompute().addLookUp(twoRowsOfMore, Tensor.zeros(5, 3), new int[] {0, 1, 2}, "position"))
                .withMessageContaining("3")
                .withMessageContaining("position")
                .withMessageContaining("[2, 3]");
    }

    @ParameterizedTest
    @MethodSource("heed.tensor.AvailableKernels#all")
    void aSumLeavesItsOperandsAlone(Kernels kernels) {
        SeededTensors seeded = new SeededTensors(9);
        Tensor x = seeded.normal(7, 13).rows(2, 5);
        Tensor y = seeded.normal(5, 13).rows(1, 4);
        float[] before = x.toArray();

        Tensor sum = alone(kernels).sum(x, y);

        assertThat(sum.toArray()).containsExactly(x.plus(y).toArray());
        assertThat(x.toArray()).containsExactly(before);
    }

    @Test
    void gatherCollectsRows() {
        Tensor x = Tensor.matrix(new float[] {1, 2}, new float[] {3, 4}, new float[] {5, 6});

        assertThat(scalarCompute().gather(x, new int[] {2, 0}).toArray()).containsExactly(5, 6, 1, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scalarCompute().gather(x, new int[] {3}))
                .withMessage("row 3 is outside the table, which has rows 0 to 2");
    }

    @ParameterizedTest
    @MethodSource("heed.tensor.AvailableKernels#all")
    void resultsDoNotDependOnTheNumberOfThreads(Kernels kernels) {
        List<List<float[]>> results = new ArrayList<>();
        for (int threads = 1; threads <= 3; threads++) {
            try (WorkerPool workers = WorkerPool.of(threads)) {
                results.add(everyOperation(new Compute(kernels, workers)));
            }
        }

        for (int i = 0; i < results.getFirst().size(); i++) {
            assertThat(results.get(1).get(i)).containsExactly(results.getFirst().get(i));
            assertThat(results.get(2).get(i)).containsExactly(results.getFirst().get(i));
        }
    }

    private static List<float[]> everyOperation(Compute compute) {
        SeededTensors seeded = new SeededTensors(10);
        Tensor x = seeded.normal(401, 61);
        Tensor gain = seeded.normal(61);
        Tensor bias = seeded.normal(61);
        Tensor few = seeded.normal(2, 307);
        Weight wide = Weight.of(seeded.normal(149, 307), compute.kernels());
        Weight square = Weight.of(seeded.normal(61, 61), compute.kernels());
        return List.of(
                compute.linear(x, square, bias, Activation.GELU).toArray(),
                compute.linear(few, wide, null, Activation.TANH).toArray(),
                compute.layerNorm(x, x, gain, bias, EPS).toArray());
    }

    @Test
    void aParallelLoopRunsEveryTaskOnce() {
        try (WorkerPool workers = WorkerPool.of(2)) {
            Compute compute = new Compute(KernelProvider.scalar(), workers);
            for (int tasks : new int[] {0, 1, 2, 101}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(102);
                compute.parallel(tasks, runs::incrementAndGet);
                for (int i = 0; i < runs.length(); i++) {
                    assertThat(runs.get(i)).isEqualTo(i < tasks ? 1 : 0);
                }
            }
        }
    }

    @Test
    void shapesThatDoNotFitAreNamedByTheirRole() {
        Compute compute = scalarCompute();
        Weight weight = Weight.of(Tensor.zeros(3, 5), compute.kernels());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> compute.linear(Tensor.zeros(2, 7), weight, null, Activation.IDENTITY))
                .withMessage("a linear layer's input has shape [2, 7], expected [N, 5]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> compute.linear(Tensor.zeros(2, 5), weight, Tensor.zeros(5), Activation.IDENTITY))
                .withMessage("the bias has shape [5], expected [3] without offset");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> compute.layerNorm(
                        Tensor.zeros(2, 5), Tensor.zeros(3, 5), Tensor.zeros(5), Tensor.zeros(5), EPS))
                .withMessage("x has shape [2, 5], residual [3, 5]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> compute.layerNorm(Tensor.zeros(2, 5), null, Tensor.zeros(3), Tensor.zeros(5), EPS))
                .withMessage("the gain has shape [3], expected [5] without offset");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> compute.layerNorm(Tensor.zeros(5), null, Tensor.zeros(5), Tensor.zeros(5), EPS))
                .withMessage("a layer norm's input must be a matrix without gaps, its shape is [5]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> compute.sum(Tensor.zeros(2, 5), Tensor.zeros(5, 2)))
                .withMessage("cannot add [5, 2] to [2, 5]");
    }

    @Test
    void viewsThatTheLoopsCannotReadAreRefused() {
        Compute compute = scalarCompute();
        Weight weight = Weight.of(Tensor.zeros(3, 5), compute.kernels());
        Tensor gaps = Tensor.zeros(2, 9).columns(0, 5);
        Tensor vector = Tensor.zeros(5);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> compute.linear(Tensor.zeros(5, 2).transpose(), weight, null, Activation.IDENTITY))
                .withMessageContaining("a linear layer's input")
                .withMessageContaining("stride");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> compute.layerNorm(gaps, null, vector, vector, EPS))
                .withMessage("a layer norm's input must be a matrix without gaps, its shape is [2, 5]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> compute.layerNorm(Tensor.zeros(2, 5), gaps, vector, vector, EPS))
                .withMessage("a layer norm's residual must be a matrix without gaps, its shape is [2, 5]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> compute.sum(gaps, gaps))
                .withMessage("a sum's operand must be a matrix without gaps, its shape is [2, 5]");
    }

    private static Compute scalarCompute() {
        return alone(KernelProvider.scalar());
    }

    private static Compute alone(Kernels kernels) {
        return new Compute(kernels, WorkerPool.of(1)); // starts no thread, so there is nothing to close
    }

    private static void assertLinear(Tensor y, Tensor x, Tensor matrix, @Nullable Tensor bias, Activation activation) {
        Function<Double, Double> function = definition(activation);
        for (int n = 0; n < x.size(0); n++) {
            for (int o = 0; o < matrix.size(0); o++) {
                double sum = bias == null ? 0 : bias.at(o);
                double magnitude = Math.abs(sum);
                for (int i = 0; i < x.size(1); i++) {
                    sum += (double) x.at(n, i) * matrix.at(o, i);
                    magnitude += Math.abs((double) x.at(n, i) * matrix.at(o, i));
                }
                double expected = function.apply(sum);
                // A sum in float is off by some roundings of its largest partial sum.
                if (!(Math.abs(y.at(n, o) - expected) <= 1e-6 * (1 + magnitude))) {
                    assertThat((double) y.at(n, o))
                            .as("%s, row %d, output %d", activation, n, o)
                            .isEqualTo(expected);
                }
            }
        }
    }

    private static void assertClose(Tensor actual, Tensor expected, float tolerance) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.toArray()).usingComparatorWithPrecision(tolerance).containsExactly(expected.toArray());
    }

    private static Function<Double, Double> definition(Activation activation) {
        return switch (activation) {
            case IDENTITY -> x -> x;
            case RELU -> x -> x > 0 ? x : 0;
            case GELU -> x -> x * normalDistribution(x);
            case GELU_TANH -> x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * Math.pow(x, 3))));
            case QUICK_GELU -> x -> x / (1 + Math.exp(-1.702 * x));
            case SILU -> x -> x / (1 + Math.exp(-x));
            case TANH -> Math::tanh;
        };
    }

    /// `Φ(x) = 1/2 + 1/√(2π) ∫₀ˣ e^(-t²/2) dt` by Simpson's rule.
    private static double normalDistribution(double x) {
        if (Math.abs(x) > 8) {
            return x > 0 ? 1 : 0;
        }
        int steps = 400;
        double h = x / steps;
        double sum = 1 + Math.exp(-x * x / 2);
        for (int i = 1; i < steps; i++) {
            double t = i * h;
            sum += (i % 2 == 0 ? 2 : 4) * Math.exp(-t * t / 2);
        }
        return 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
    }

    private static void assertLayerNorm(Tensor y, Tensor x, Tensor residual, Tensor gain, Tensor bias) {
        int d = x.size(1);
        assertThat(y.shape()).isEqualTo(x.shape());
        for (int n = 0; n < x.size(0); n++) {
            double mean = 0;
            double squares = 0;
            for (int i = 0; i < d; i++) {
                mean += ((double) x.at(n, i) + residual.at(n, i)) / d;
            }
            for (int i = 0; i < d; i++) {
                squares += Math.pow((double) x.at(n, i) + residual.at(n, i) - mean, 2);
            }
            for (int i = 0; i < d; i++) {
                double centred = (double) x.at(n, i) + residual.at(n, i) - mean;
                double expected = centred / Math.sqrt(squares / d + EPS) * gain.at(i) + bias.at(i);
                // Where a row has one value, or nearly equal ones, 1/√eps magnifies the rounding of the mean.
                double magnified = Math.abs(gain.at(i)) / Math.sqrt(squares / d + EPS);
                assertThat((double) y.at(n, i))
                        .as("row %d, column %d of width %d", n, i, d)
                        .satisfies(actual -> assertThat(Math.abs(actual - expected))
                                .isLessThanOrEqualTo(2e-6 * (1 + magnified + Math.abs(expected))));
            }
        }
    }
}

package heed.cli.bench;

import heed.cli.options.WeightOptions;
import heed.kernel.Activation;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.WeightFormat;
import heed.kernel.WeightType;
import heed.kernel.WorkerPool;
import heed.model.ModelOptions;
import heed.tensor.Compute;
import heed.tensor.Heap;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import heed.timing.OtherLoad;
import heed.timing.Peak;
import heed.timing.Timing;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "matmul",
        mixinStandardHelpOptions = true,
        description = "GFLOP/s of products with packed weights, and their share of what the registers can do in f32,"
                + " measured by turns on the same threads; GB/s of weights, which are read once.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  heed bench matmul --threads 1 --shapes \"512,1536,384;1,3072,768\"",
            "  heed bench matmul --dtype int8 --engine onednn",
            "  heed bench matmul --dtype int8 --engine java --shapes 1,32768,2048"
        })
final class MatmulBench implements Callable<Integer> {
    private static final float TOLERANCE = 1e-5f; // of a sum of K products, relative to √K
    private static final float TOLERANCE_OF_ROUNDED_ROWS = 3e-3f; // between -0.5 and 0.5
    private static final int CHECKED_VALUES = 1000;
    private static final int TURNS = 10;

    /// `[M, K] · [K, N]`.
    private record Product(int m, int n, int k) {
        static Product parse(String text) {
            String[] sizes = text.strip().split("\\s*,\\s*");
            try {
                Product product =
                        new Product(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]), Integer.parseInt(sizes[2]));
                if (sizes.length == 3 && product.m > 0 && product.n > 0 && product.k > 0) {
                    return product;
                }
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                // told below, as for numbers that make no sense
            }
            throw new IllegalArgumentException("a shape is three positive numbers M,N,K, got \"" + text + "\"");
        }

        double operations() {
            return 2.0 * m * n * k;
        }

        /// Of inputs, weights, their packed form and outputs.
        long bytes() {
            return Float.BYTES * ((long) m * k + 2L * k * n + (long) m * n);
        }
    }

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Mixin
    private WeightOptions weights = new WeightOptions();

    @Option(
            names = "--shapes",
            split = ";",
            paramLabel = "M,N,K",
            defaultValue = "512,1536,384;512,3072,768;2048,3072,768;128,384,384;1,3072,768",
            description = "Rows, outputs and inputs, with semicolons between products. Default: those of small and"
                    + " base encoders")
    private List<String> shapes = List.of();

    @Option(
            names = "--seconds",
            defaultValue = "1",
            paramLabel = "SECONDS",
            description = "Warm up for so long, then repeat for so long. Default: 1")
    private double seconds;

    @Override
    public Integer call() {
        Console console = Console.of(spec);
        Kernels kernels = KernelProvider.active().kernels();
        WeightFormat format =
                weights.applyTo(ModelOptions.defaults()).withKernels(kernels).weightFormat();
        List<Product> products = shapes.stream().map(Product::parse).toList();
        products.forEach(product -> Heap.require(product.bytes(), "a product of " + product));
        try (WorkerPool workers = threads.pool()) {
            for (Product product : products) {
                console.print(measure(product, kernels, format, workers).values());
            }
        }
        return 0;
    }

    private Line measure(Product product, Kernels kernels, WeightFormat format, WorkerPool workers) {
        SplittableRandom random = new SplittableRandom(product.hashCode());
        Tensor x = random(random, product.m, product.k);
        Tensor matrix = random(random, product.n, product.k);
        Weight weight = Weight.of(matrix, format);
        Compute compute = new Compute(kernels, workers);
        Tensor y = compute.linear(x, weight, null, Activation.IDENTITY);
        boolean exact = format.type() == WeightType.F32;
        check(x, exact ? matrix : weight.toTensor(), y, exact ? TOLERANCE : TOLERANCE_OF_ROUNDED_ROWS);
        compute.reset();
        Runnable work = () -> {
            compute.linear(x, weight, null, Activation.IDENTITY);
            compute.reset();
        };
        Timing.warmUp(work, seconds);
        Peak peak = new Peak(workers);
        peak.warmUp();
        OtherLoad others = OtherLoad.start();
        List<Double> peaks = new ArrayList<>();
        List<Double> times = new ArrayList<>();
        for (int turn = 0; turn < TURNS; turn++) { // by turns, for the machine is not always equally fast
            peaks.add(peak.flops());
            times.add(Timing.of(work, seconds / TURNS, 3, 100_000).best());
        }
        double best = times.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        double highest = peaks.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        double achieved = product.operations() / best;
        Line line = Line.of("matmul", kernels.name(), workers, format.type().toString())
                .with("engine", format.engine().name())
                .with("m", product.m)
                .with("n", product.n)
                .with("k", product.k)
                .with("ms", best * 1e3, 4)
                .with("gflops", achieved / 1e9, 1)
                .with("weights_gb_per_s", weight.bytes() / best / 1e9, 1);
        if (highest > 0) {
            line.with("peak_gflops", highest / 1e9, 1).with("share_of_peak", achieved / highest, 3);
        }
        return Line.beside(others, line);
    }

    private static Tensor random(SplittableRandom random, int rows, int columns) {
        float[] values = new float[Shape.of(rows, columns).elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return Tensor.of(Shape.of(rows, columns), values);
    }

    /// Holds values spread over the product against sums in double.
    private static void check(Tensor x, Tensor matrix, Tensor y, float tolerance) {
        int elements = y.shape().elements();
        int checked = Math.min(CHECKED_VALUES, elements);
        int depth = x.size(1);
        for (int i = 0; i < checked; i++) {
            int at = (int) ((i + 1L) * elements / checked) - 1;
            int row = at / y.size(1);
            int column = at % y.size(1);
            double expected = 0;
            for (int k = 0; k < depth; k++) {
                expected += (double) x.at(row, k) * matrix.at(column, k);
            }
            if (!(Math.abs(y.at(row, column) - expected) <= tolerance * Math.sqrt(depth))) {
                throw new IllegalStateException("row " + row + ", column " + column + " of the product is "
                        + y.at(row, column) + ", sums in double give " + expected);
            }
        }
    }
}

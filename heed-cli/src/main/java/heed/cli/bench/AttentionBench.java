package heed.cli.bench;

import heed.attention.FusedAttention;
import heed.attention.Heads;
import heed.attention.Mask;
import heed.attention.ScaledDotProduct;
import heed.attention.Scoring;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Heap;
import heed.tensor.Sequences;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.timing.OtherLoad;
import heed.timing.Timing;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "attention",
        mixinStandardHelpOptions = true,
        description =
                "Milliseconds of one attention over n positions: the fused one, checked against the readable one, with"
                        + " --backward the gradients too.",
        footerHeading = "%nExample:%n",
        footer = {
            "  heed bench attention --n 512,2048,8192 --causal",
            "  heed bench attention --n 512,2048 --backward",
            "  heed bench attention --n 2048,8192 --queries 1"
        })
final class AttentionBench implements Callable<Integer> {
    /// Rows of the result that are held against the formula.
    private static final int CHECKED_ROWS = 8;

    /// Positions over which gradients are held against those of the readable kernels.
    private static final int CHECKED_POSITIONS = 130;

    private static final float TOLERANCE = 1e-5f;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Option(
            names = "--n",
            split = ",",
            defaultValue = "512,2048",
            paramLabel = "N",
            description = "Positions. Default: 512,2048")
    private int[] lengths = {};

    @Option(
            names = "--queries",
            paramLabel = "Q",
            description = "The last Q positions alone look at all n, as one does in decoding. Default: all n")
    private @Nullable Integer queries;

    @Option(names = "--causal", description = "No position sees a later one.")
    private boolean causal;

    @Option(names = "--backward", description = "There and back: the gradients of query, key and value too.")
    private boolean backward;

    @Option(names = "--heads", defaultValue = "12", paramLabel = "H", description = "Default: 12")
    private int headCount;

    @Option(names = "--width", defaultValue = "64", paramLabel = "DH", description = "Of one head. Default: 64")
    private int width;

    @Option(
            names = "--seconds",
            defaultValue = "2",
            paramLabel = "SECONDS",
            description = "Warm up for so long, then repeat for so long. Default: 2")
    private double seconds;

    @Override
    public Integer call() {
        Console console = Console.of(spec);
        Heads heads = new Heads(headCount, headCount, width);
        Kernels kernels = KernelProvider.active().kernels();
        for (int n : lengths) { // before the first is measured
            requireMemory(n, heads);
        }
        try (WorkerPool workers = threads.pool()) {
            for (int n : lengths) {
                console.print(measure(n, heads, kernels, workers).values());
            }
        }
        return 0;
    }

    private void requireMemory(int n, Heads heads) {
        if (n < 1) {
            throw new IllegalArgumentException("attention over " + n + " positions is none, use at least 1");
        }
        if (queries != null && (queries < 1 || queries > n)) {
            throw new IllegalArgumentException(queries + " of " + n + " positions cannot look at them");
        }
        Shape matrix = Shape.of(n, heads.count() * heads.width()); // refuses what no array holds
        // Four such matrices, and room for what the collector cannot join.
        Heap.require((backward ? 12L : 6L) * Float.BYTES * matrix.elements(), "attention over " + n + " positions");
    }

    private Line measure(int n, Heads heads, Kernels kernels, WorkerPool workers) {
        int looking = queries == null ? n : queries;
        SplittableRandom random = new SplittableRandom(n);
        Tensor query = random(random, looking, heads); // [q, H·Dh]
        Tensor key = random(random, n, heads); // [n, H·Dh]
        Tensor value = random(random, n, heads); // [n, H·Dh]
        Compute compute = new Compute(kernels, workers);
        Pass pass = Pass.unwatched(compute);
        check(query, key, value, attend(query, key, value, heads, pass), heads, pass);
        compute.reset();
        Runnable work = () -> {
            attend(query, key, value, heads, pass);
            compute.reset();
        };
        if (backward) {
            int checked = Math.min(Math.min(looking, n), CHECKED_POSITIONS);
            AttentionStep.check(
                    query.rows(0, checked).copy(),
                    key.rows(0, checked).copy(),
                    value.rows(0, checked).copy(),
                    (step, there) -> attend(step.get(0), step.get(1), step.get(2), heads, there),
                    compute);
            AttentionStep step = new AttentionStep(query, key, value, random(random, looking, heads));
            work = () -> step.run((x, there) -> attend(x.get(0), x.get(1), x.get(2), heads, there), compute);
        }
        Timing.warmUp(work, seconds);
        OtherLoad others = OtherLoad.start();
        Timing timing = Timing.of(work, seconds, 1, 100_000);
        // Two products of q · n · Dh multiply-adds a head, five more on the way back; without those that a causal
        // mask hides.
        double seen = causal ? n - (looking - 1) / 2.0 : n;
        double operations = 4.0 * looking * seen * heads.count() * heads.width() * (backward ? 3.5 : 1);
        return Line.beside(
                others,
                Line.of("attention", kernels.name(), workers, "f32")
                        .with("n", n)
                        .with("queries", looking)
                        .with("heads", heads.count())
                        .with("dim", heads.width())
                        .with("causal", causal)
                        .with("backward", backward)
                        .with("ms", timing.best() * 1e3, 3)
                        .with(timing)
                        .with("gflops", operations / timing.best() / 1e9, 1));
    }

    private Tensor attend(Tensor query, Tensor key, Tensor value, Heads heads, Pass pass) {
        Scoring all = Scoring.cross(Sequences.single(query.size(0)), Sequences.single(key.size(0)), heads);
        return new FusedAttention().attend(query, key, value, heads, causal ? all.masked(Mask.causal()) : all, pass);
    }

    private static Tensor random(SplittableRandom random, int n, Heads heads) {
        int columns = heads.count() * heads.width();
        float[] values = new float[Math.multiplyExact(n, columns)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(Shape.of(n, columns), values);
    }

    /// Holds some rows against the formula with sums in double: the last query and others spread over all.
    private void check(Tensor query, Tensor key, Tensor value, Tensor context, Heads heads, Pass pass) {
        int looking = query.size(0);
        int n = key.size(0);
        int rows = Math.min(CHECKED_ROWS, looking);
        for (int i = 0; i < rows; i++) {
            int row = (int) ((i + 1L) * looking / rows) - 1;
            int visible = causal ? n - looking + row + 1 : n;
            Scoring one = Scoring.cross(Sequences.single(1), Sequences.single(visible), heads);
            Tensor expected = new ScaledDotProduct()
                    .attend(query.rows(row, row + 1), key.rows(0, visible), value.rows(0, visible), heads, one, pass);
            for (int column = 0; column < context.size(1); column++) {
                float actual = context.at(row, column);
                if (!(Math.abs(actual - expected.at(0, column)) <= TOLERANCE)) {
                    throw new IllegalStateException("row " + row + ", column " + column + " of the context is " + actual
                            + ", the readable attention computes " + expected.at(0, column));
                }
            }
        }
    }
}

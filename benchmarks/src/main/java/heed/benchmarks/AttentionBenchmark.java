package heed.benchmarks;

import heed.attention.Attention;
import heed.attention.FusedAttention;
import heed.attention.Heads;
import heed.attention.Mask;
import heed.attention.Scoring;
import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The fused attention of one sequence, 12 heads of width 64.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class AttentionBenchmark {
    private static final Heads HEADS = new Heads(12, 12, 64);

    @Param({"32", "512", "2048"})
    public int n;

    @Param({"false", "true"})
    public boolean causal;

    @Param({"1", "2"})
    public int threads;

    private final Attention attention = new FusedAttention();

    @SuppressWarnings("NullAway.Init")
    private WorkerPool workers;

    @SuppressWarnings("NullAway.Init")
    private Compute compute;

    @SuppressWarnings("NullAway.Init")
    private Tensor x;

    @SuppressWarnings("NullAway.Init")
    private Scoring scoring;

    @Setup(Level.Trial)
    public void prepare() {
        int width = HEADS.count() * HEADS.width();
        workers = WorkerPool.of(threads);
        compute = new Compute(KernelProvider.active().kernels(), workers);
        x = Tensor.of(Shape.of(n, width), RandomFloats.array(n * width));
        Scoring all = Scoring.self(Sequences.single(n), HEADS);
        scoring = causal ? all.masked(Mask.causal()) : all;
    }

    @TearDown(Level.Trial)
    public void close() {
        workers.close();
    }

    @Benchmark
    public float[] attend() {
        float[] context = attention
                .attend(x, x, x, HEADS, scoring, Pass.unwatched(compute))
                .values();
        compute.reset();
        return context;
    }
}

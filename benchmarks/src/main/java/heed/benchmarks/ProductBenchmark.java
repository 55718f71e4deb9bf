package heed.benchmarks;

import heed.kernel.Activation;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.tensor.Compute;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.tensor.Weight;
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

/// Products with packed weights over the shapes of small and base encoders; a row count of 1 is the
/// matrix–vector product of decoding, which memory bounds.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class ProductBenchmark {
    /// Rows, outputs, inputs.
    @Param({"512,1536,384", "512,3072,768", "2048,3072,768", "128,384,384", "1,3072,768"})
    @SuppressWarnings("NullAway.Init")
    public String shape;

    @Param({"1", "2"})
    public int threads;

    @SuppressWarnings("NullAway.Init")
    private WorkerPool workers;

    @SuppressWarnings("NullAway.Init")
    private Compute compute;

    @SuppressWarnings("NullAway.Init")
    private Tensor x;

    @SuppressWarnings("NullAway.Init")
    private Weight weight;

    @Setup(Level.Trial)
    public void prepare() {
        String[] sizes = shape.split(",", -1);
        int m = Integer.parseInt(sizes[0]);
        int n = Integer.parseInt(sizes[1]);
        int k = Integer.parseInt(sizes[2]);
        Kernels kernels = KernelProvider.active().kernels();
        workers = WorkerPool.of(threads);
        compute = new Compute(kernels, workers);
        x = Tensor.of(Shape.of(m, k), RandomFloats.array(m * k));
        weight = Weight.of(RandomFloats.array(n * k), n, k, kernels);
    }

    @TearDown(Level.Trial)
    public void close() {
        workers.close();
    }

    @Benchmark
    public float[] multiply() {
        float[] y = compute.linear(x, weight, null, Activation.IDENTITY).values();
        compute.reset();
        return y;
    }
}

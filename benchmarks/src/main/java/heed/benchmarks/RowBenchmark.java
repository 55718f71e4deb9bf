package heed.benchmarks;

import heed.kernel.Activation;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
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
import org.openjdk.jmh.annotations.Warmup;

/// Functions along a row. They work in place, so each call begins with a copy of the row, whose time is that of
/// `copy`.
///
/// Kernels are not inlined into the benchmark: in a program they are compiled by themselves, and in the middle
/// of a harness's loop the compiler reaches its limit of nodes, stops inlining and makes an object of every
/// vector.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-modules",
            "jdk.incubator.vector",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=dontinline,heed.kernel.VectorKernels::*"
        })
public class RowBenchmark {
    @Param({"384", "1536"})
    public int n;

    private final Kernels kernels = KernelProvider.active().kernels();

    private float[] x = {};
    private float[] y = {};
    private float[] gain = {};

    @Setup(Level.Trial)
    public void prepare() {
        x = RandomFloats.array(n);
        y = new float[n];
        gain = RandomFloats.array(n);
    }

    @Benchmark
    public float[] copy() {
        System.arraycopy(x, 0, y, 0, n);
        return y;
    }

    @Benchmark
    public float[] exp() {
        kernels.exp(copy(), 0, n);
        return y;
    }

    @Benchmark
    public float[] softmax() {
        kernels.softmax(copy(), 0, n);
        return y;
    }

    @Benchmark
    public float[] gelu() {
        kernels.activate(Activation.GELU, copy(), 0, n);
        return y;
    }

    @Benchmark
    public float[] geluTanh() {
        kernels.activate(Activation.GELU_TANH, copy(), 0, n);
        return y;
    }

    @Benchmark
    public float[] layerNorm() {
        kernels.layerNorm(x, 0, gain, 0, 1, n, gain, gain, 1e-5f, y, 0);
        return y;
    }

    @Benchmark
    public float dot() {
        return kernels.dot(x, 0, gain, 0, n);
    }
}

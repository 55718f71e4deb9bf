package heed.benchmarks;

import heed.kernel.WorkerPool;
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

/// What it costs to hand tasks to the pool and to have them back, when the tasks themselves cost next to
/// nothing.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DispatchBenchmark {
    @Param({"1", "2"})
    public int threads;

    @Param({"2", "16"})
    public int tasks;

    @SuppressWarnings("NullAway.Init")
    private WorkerPool workers;

    private long[] results = {};

    @Setup(Level.Trial)
    public void prepare() {
        workers = WorkerPool.of(threads);
        results = new long[16 * tasks]; // a cache line of its own for each
    }

    @TearDown(Level.Trial)
    public void close() {
        workers.close();
    }

    @Benchmark
    public long[] run() {
        workers.run(tasks, task -> results[16 * task]++);
        return results;
    }
}

package heed.claims;

import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.tensor.Compute;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/// What an experiment runs on.
///
/// @param progress is told what is being done
public record Trial(Effort effort, Kernels kernels, WorkerPool workers, Consumer<String> progress) {
    private static final int SEEDS = 3;

    /// A computer of its own, for a thread that keeps it.
    public Compute compute() {
        return new Compute(kernels, workers);
    }

    /// Seeds of the runs whose median and range are reported.
    public long[] seeds() {
        return LongStream.rangeClosed(1, SEEDS).toArray();
    }

    public void say(String what) {
        progress.accept(what);
    }
}

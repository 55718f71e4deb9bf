package heed.claims;

import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.tensor.Compute;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/// What an experiment runs on.
///
/// @param progress is told what is being done
/// @param notebook keeps what was measured, should the experiment be interrupted
public record Trial(Effort effort, Kernels kernels, WorkerPool workers, Consumer<String> progress, Notebook notebook) {
    private static final int SEEDS = 3;

    /// An experiment that begins anew whenever it is run.
    public Trial(Effort effort, Kernels kernels, WorkerPool workers, Consumer<String> progress) {
        this(effort, kernels, workers, progress, Notebook.blank());
    }

    /// The same experiment with its measurements kept.
    public Trial in(Notebook other) {
        return new Trial(effort, kernels, workers, progress, other);
    }

    /// A computer of its own, for a thread that keeps it.
    public Compute compute() {
        return new Compute(kernels, workers);
    }

    /// Seeds of the runs whose median and range are reported.
    public long[] seeds() {
        return LongStream.rangeClosed(1, SEEDS).toArray();
    }

    /// The numbers of a cell of the notebook; says its name if they must be measured.
    double[] cell(String name, Supplier<double[]> measurement) {
        return notebook.cell(name, () -> {
            say(name);
            return measurement.get();
        });
    }

    public void say(String what) {
        progress.accept(what);
    }
}

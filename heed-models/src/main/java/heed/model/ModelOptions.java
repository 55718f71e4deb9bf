package heed.model;

import heed.hub.Progress;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.LinearEngines;
import heed.kernel.WeightFormat;
import heed.kernel.WeightType;
import heed.kernel.WorkerPool;
import org.jspecify.annotations.Nullable;

/// How to open a model. [#defaults] is exact and uses all processors; the other methods return changed copies.
///
/// @param weightType how the matrices of linear maps are kept and multiplied
/// @param engine the name of the engine that multiplies, such as `java`; null for the best that the type has
/// here
/// @param kernels the loops for everything else
/// @param workers the threads that share the work of a pass
/// @param progress told how far a download is
public record ModelOptions(
        WeightType weightType, @Nullable String engine, Kernels kernels, WorkerPool workers, Progress progress) {
    public static ModelOptions defaults() {
        return new ModelOptions(
                WeightType.F32, null, KernelProvider.active().kernels(), WorkerPool.shared(), Progress.none());
    }

    public ModelOptions withWeightType(WeightType other) {
        return new ModelOptions(other, engine, kernels, workers, progress);
    }

    /// @param other null for the best engine that the type has here
    public ModelOptions withEngine(@Nullable String other) {
        return new ModelOptions(weightType, other, kernels, workers, progress);
    }

    public ModelOptions withKernels(Kernels other) {
        return new ModelOptions(weightType, engine, other, workers, progress);
    }

    public ModelOptions withWorkers(WorkerPool other) {
        return new ModelOptions(weightType, engine, kernels, other, progress);
    }

    public ModelOptions withProgress(Progress other) {
        return new ModelOptions(weightType, engine, kernels, workers, other);
    }

    /// How matrices are prepared under these options.
    ///
    /// @throws IllegalArgumentException when the engine is not there or cannot do the type
    public WeightFormat weightFormat() {
        return LinearEngines.choose(weightType, engine, kernels);
    }
}

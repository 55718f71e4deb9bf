package heed.testing;

import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.pass.Pass;
import heed.pass.Watch;
import heed.tensor.Compute;
import heed.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Kernels and a number of threads. What is promised of a pass is promised in every setting.
public record Setting(Kernels kernels, int threads) {
    /// Shared by all tests: their threads sleep unless a test has work for them, and end with the JVM.
    private static final List<WorkerPool> POOLS = List.of(WorkerPool.of(1), WorkerPool.of(2), WorkerPool.of(3));

    /// Large enough for the output and the scratch of most tests.
    private static final int DIRTY_FLOATS = 1 << 14;

    /// One setting per kernels, on one thread.
    public static Stream<Setting> ofEachKernels() {
        return Stream.concat(Stream.of(KernelProvider.scalar()), KernelProvider.vector().stream())
                .map(kernels -> new Setting(kernels, 1));
    }

    /// Every kernels that can run here, on one thread and on several.
    public static Stream<Setting> all() {
        return ofEachKernels().flatMap(setting -> Stream.of(setting, setting.on(3)));
    }

    public static Setting scalar() {
        return new Setting(KernelProvider.scalar(), 1);
    }

    /// The same kernels on another number of threads, 1 to 3.
    public Setting on(int number) {
        return new Setting(kernels, number);
    }

    /// A compute whose buffers and scratch are full of NaN: whoever relies on what a buffer holds, or forgets
    /// to write part of a result, shows it.
    public Compute compute() {
        Compute compute = cleanCompute();
        for (int size = 64; size <= DIRTY_FLOATS; size *= 2) {
            Tensor buffer = compute.take(size);
            Arrays.fill(buffer.values(), Float.NaN);
        }
        compute.reset();
        for (int i = 0; i < threads; i++) {
            float[] scratch = new float[DIRTY_FLOATS];
            Arrays.fill(scratch, Float.NaN);
            compute.returnScratch(scratch);
        }
        return compute;
    }

    /// A compute that has no buffers yet.
    public Compute cleanCompute() {
        return new Compute(kernels, POOLS.get(threads - 1));
    }

    public Pass pass() {
        return Pass.unwatched(compute());
    }

    public Pass watchedBy(Watch watch) {
        return Pass.watched(compute(), watch);
    }

    @Override
    public String toString() {
        return kernels.name() + ", " + threads + (threads == 1 ? " thread" : " threads");
    }
}

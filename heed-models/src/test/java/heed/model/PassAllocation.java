package heed.model;

import com.sun.management.ThreadMXBean;
import heed.family.TokenBatch;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// What passes through a model allocate, on all threads together.
///
/// Matrices come from buffers that are used again, so what is left are small objects: a tensor's shape and
/// strides, a task, a block of attention. Their number grows with layers and with tasks of the attention (a
/// head of a sequence, per 256 queries), never with the width of the model or the square of the length.
final class PassAllocation {
    private static final int QUERIES_PER_TASK = 256;
    private static final long BYTES_PER_LAYER = 10_000;
    private static final long BYTES_PER_ATTENTION_TASK = 4_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private PassAllocation() {}

    static TokenBatch batch(Model model, int... lengths) {
        SplittableRandom random = new SplittableRandom(lengths.length);
        int vocabulary = model.config().vocabularySize();
        List<int[]> ids = IntStream.of(lengths)
                .mapToObj(length -> random.ints(length, 0, vocabulary).toArray())
                .toList();
        return TokenBatch.of(
                ids, ids.stream().map(array -> new int[array.length]).toList());
    }

    /// The most that a pass may allocate once everything is compiled. A position of each token and an offset of
    /// each sequence are written down anew in every pass.
    static long bound(Model model, TokenBatch batch) {
        long tasks = IntStream.range(0, batch.sequences().count())
                .mapToLong(b -> (batch.sequences().length(b) + QUERIES_PER_TASK - 1) / QUERIES_PER_TASK)
                .sum();
        long layers = model.config().layers();
        return (layers + 2) * BYTES_PER_LAYER
                + layers * model.config().heads() * tasks * BYTES_PER_ATTENTION_TASK
                + 8L * Integer.BYTES * batch.ids().length;
    }

    /// Runs passes until one allocates no more than the bound.
    ///
    /// @return the bytes that it allocated; those of the last pass when none did in so many seconds
    static long afterWarmUp(Model model, TokenBatch batch, int seconds) {
        long bound = bound(model, batch);
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        long bytes;
        do {
            long before = THREADS.getTotalThreadAllocatedBytes();
            model.run(pass -> model.network().encode(batch, pass).size(0));
            bytes = THREADS.getTotalThreadAllocatedBytes() - before;
        } while (bytes > bound && System.nanoTime() < end);
        return bytes;
    }
}

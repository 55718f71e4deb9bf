package heed.attention;

import heed.kernel.AttentionBlock;
import heed.kernel.Kernels;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Tensor;

/// Attention without the matrix of weights: [Kernels#attend] walks tiles of keys with an online softmax, so
/// memory grows with n and not with n². Blocks of queries of every head and sequence are shared among the
/// threads. Masks that leave one stretch of keys visible shorten the walk; other masks and biases are written
/// out for one block at a time.
public record FusedAttention() implements Attention {
    /// Queries of one head that one task computes: the kernels share a tile of keys among as many.
    private static final int QUERIES_PER_TASK = 256;

    @Override
    public Tensor attend(Tensor query, Tensor key, Tensor value, Heads heads, Scoring scoring, Pass pass) {
        Attention.check(query, key, value, heads, scoring);
        Compute compute = pass.compute();
        Tensor context = compute.take(query.size(0), query.size(1)); // [Nq, H·Dh]
        int[] firstTask = firstTasks(scoring, heads);
        int sequences = scoring.queries().count();
        compute.parallel(firstTask[sequences], task -> {
            int b = sequenceOf(firstTask, task);
            int blocks = blocks(scoring.queries().length(b));
            int head = (task - firstTask[b]) / blocks;
            int from = (task - firstTask[b]) % blocks * QUERIES_PER_TASK;
            attendBlock(query, key, value, context, heads, scoring, compute, b, head, from);
        });
        return context;
    }

    private static void attendBlock(
            Tensor query,
            Tensor key,
            Tensor value,
            Tensor context,
            Heads heads,
            Scoring scoring,
            Compute compute,
            int sequence,
            int head,
            int from) {
        int queries = scoring.queries().length(sequence);
        int keys = scoring.keys().length(sequence);
        int count = Math.min(QUERIES_PER_TASK, queries - from);
        Mask mask = scoring.mask();
        boolean everything = mask instanceof Mask.None;
        boolean written = !mask.contiguous() || !(scoring.bias() instanceof ScoreBias.None);
        int[] visibleFrom = everything ? null : new int[count];
        int[] visibleTo = everything ? null : new int[count];
        if (visibleFrom != null && visibleTo != null) {
            for (int i = 0; i < count; i++) {
                visibleFrom[i] = mask.from(sequence, from + i, queries, keys);
                visibleTo[i] = mask.to(sequence, from + i, queries, keys);
            }
        }
        float[] bias = written ? compute.borrowScratch(count * keys) : null;
        if (bias != null) {
            writeBias(bias, scoring, sequence, head, from, count, queries, keys);
        }
        Kernels kernels = compute.kernels();
        float[] scratch = compute.borrowScratch(kernels.attentionScratch(heads.width()));
        int queryRow = scoring.queries().start(sequence) + from;
        int keyRow = scoring.keys().start(sequence);
        kernels.attend(
                new AttentionBlock(
                        query.values(),
                        query.offset() + queryRow * query.stride(0) + heads.queryColumn(head),
                        query.stride(0),
                        count,
                        key.values(),
                        key.offset() + keyRow * key.stride(0) + heads.keyColumn(head),
                        key.stride(0),
                        value.values(),
                        value.offset() + keyRow * value.stride(0) + heads.keyColumn(head),
                        value.stride(0),
                        keys,
                        heads.width(),
                        scoring.scale(),
                        visibleFrom,
                        visibleTo,
                        bias,
                        0,
                        keys,
                        context.values(),
                        context.offset() + queryRow * context.stride(0) + heads.queryColumn(head),
                        context.stride(0),
                        null,
                        0),
                scratch);
        compute.returnScratch(scratch);
        if (bias != null) {
            compute.returnScratch(bias);
        }
    }

    private static void writeBias(
            float[] target, Scoring scoring, int sequence, int head, int from, int count, int queries, int keys) {
        Mask mask = scoring.mask();
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < keys; j++) {
                target[i * keys + j] = mask.visible(sequence, from + i, j, queries, keys)
                        ? scoring.bias().at(sequence, head, from + i, j, queries, keys)
                        : Float.NEGATIVE_INFINITY;
            }
        }
    }

    private static int blocks(int queries) {
        return (queries + QUERIES_PER_TASK - 1) / QUERIES_PER_TASK;
    }

    /// The number of the first task of each sequence, and of all tasks behind the last.
    private static int[] firstTasks(Scoring scoring, Heads heads) {
        int sequences = scoring.queries().count();
        int[] first = new int[sequences + 1];
        for (int b = 0; b < sequences; b++) {
            first[b + 1] = first[b] + heads.count() * blocks(scoring.queries().length(b));
        }
        return first;
    }

    private static int sequenceOf(int[] firstTask, int task) {
        int low = 0;
        int high = firstTask.length - 1;
        while (high - low > 1) { // firstTask[low] <= task < firstTask[high]
            int middle = (low + high) >>> 1;
            if (firstTask[middle] <= task) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }
}

package heed.attention;

import heed.kernel.AttentionBlock;
import heed.kernel.Dropout;
import heed.kernel.Kernels;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Op;
import heed.tensor.Tensor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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
        Tensor logSumExp = compute.recording() ? compute.take(heads.count(), query.size(0)) : null;
        Dropout dropout = pass.noise().attention();
        Op.Attention.Blocks blocks = (sequence, head, from, count) -> block(
                query, key, value, context, logSumExp, dropout, heads, scoring, compute, sequence, head, from, count);
        int[] firstTask = firstTasks(scoring, heads);
        int sequences = scoring.queries().count();
        compute.parallel(firstTask[sequences], task -> {
            int b = sequenceOf(firstTask, task);
            int queries = scoring.queries().length(b);
            int head = (task - firstTask[b]) / blocks(queries);
            int from = (task - firstTask[b]) % blocks(queries) * QUERIES_PER_TASK;
            attend(blocks.block(b, head, from, Math.min(QUERIES_PER_TASK, queries - from)), compute);
        });
        compute.record(
                () -> new Op.Attention(query, key, value, scoring.queries(), keyHeads(heads), blocks, null, context));
        return context;
    }

    private static void attend(AttentionBlock block, Compute compute) {
        Kernels kernels = compute.kernels();
        float[] scratch = compute.borrowScratch(kernels.attentionScratch(block.dHead()));
        kernels.attend(block, scratch);
        compute.returnScratch(scratch);
        if (block.bias() != null) {
            compute.returnScratch(block.bias());
        }
    }

    private static int[] keyHeads(Heads heads) {
        return IntStream.range(0, heads.count())
                .map(head -> heads.keyColumn(head) / heads.width())
                .toArray();
    }

    private static AttentionBlock block(
            Tensor query,
            Tensor key,
            Tensor value,
            Tensor context,
            @Nullable Tensor logSumExp,
            @Nullable Dropout dropout,
            Heads heads,
            Scoring scoring,
            Compute compute,
            int sequence,
            int head,
            int from,
            int count) {
        int queries = scoring.queries().length(sequence);
        int keys = scoring.keys().length(sequence);
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
        int queryRow = scoring.queries().start(sequence) + from;
        int keyRow = scoring.keys().start(sequence);
        long row = (long) head * query.size(0) + queryRow; // of all heads
        return new AttentionBlock(
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
                logSumExp == null ? null : logSumExp.values(),
                (int) row,
                dropout,
                row);
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

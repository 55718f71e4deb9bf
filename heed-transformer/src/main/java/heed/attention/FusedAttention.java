package heed.attention;

import heed.kernel.AttentionBlock;
import heed.kernel.Dropout;
import heed.kernel.Kernels;
import heed.pass.Pass;
import heed.pass.Point;
import heed.tensor.Compute;
import heed.tensor.Op;
import heed.tensor.Tensor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Attention without the matrix of weights: [Kernels#attend] walks tiles of keys with an online softmax, so
/// memory grows with n and not with n². Blocks of queries of every head and sequence are shared among the
/// threads. Masks that leave one stretch of keys visible shorten the walk; [BlockBias] has other masks and
/// biases.
public record FusedAttention() implements Attention {
    /// Queries of one head that one task computes: the kernels share a tile of keys among as many.
    private static final int QUERIES_PER_TASK = 256;

    @Override
    public Tensor attend(Tensor query, Tensor key, Tensor value, Heads heads, Scoring scoring, Pass pass) {
        Attention.check(query, key, value, heads, scoring);
        Compute compute = pass.compute();
        Tensor context = compute.take(query.size(0), query.size(1)); // [Nq, H·Dh]
        boolean kept = compute.recording() || pass.wants(Point.LOG_SUM_EXP);
        Tensor logSumExp = kept ? compute.take(heads.count(), query.size(0)) : null;
        Dropout dropout = pass.noise().attention();
        Op.Attention.Blocks blocks = (sequence, head, from, count) -> block(
                query, key, value, context, logSumExp, dropout, heads, scoring, compute, sequence, head, from, count,
                1);
        boolean plain = logSumExp == null && dropout == null && scoring.bias() instanceof ScoreBias.None;
        int shared = plain ? heads.count() / heads.keyValueCount() : 1;
        int[] firstTask = firstTasks(scoring, heads, shared);
        int sequences = scoring.queries().count();
        compute.parallel(firstTask[sequences], task -> {
            int b = sequenceOf(firstTask, task);
            int queries = scoring.queries().length(b);
            int sharing = queries == 1 ? shared : 1;
            int head = (task - firstTask[b]) / blocks(queries) * sharing;
            int from = (task - firstTask[b]) % blocks(queries) * QUERIES_PER_TASK;
            int count = Math.min(QUERIES_PER_TASK, queries - from);
            AttentionBlock block = block(
                    query, key, value, context, logSumExp, dropout, heads, scoring, compute, b, head, from, count,
                    sharing);
            attend(block, compute);
        });
        for (int b = 0; logSumExp != null && b < sequences; b++) {
            pass.see(
                    Point.LOG_SUM_EXP,
                    b,
                    logSumExp.columns(
                            scoring.queries().start(b), scoring.queries().end(b)));
        }
        compute.record(() -> new Op.Attention(
                query,
                key,
                value,
                scoring.queries(),
                keyHeads(heads),
                blocks,
                scoring.bias().learned(),
                context));
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

    /// @param shared how many neighbouring heads of a single query the block has as its rows, because they look
    /// at the same keys: a decoder then reads its cache once for all of them; 1 for a block of queries of one
    /// head
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
            int count,
            int shared) {
        int queries = scoring.queries().length(sequence);
        int keys = scoring.keys().length(sequence);
        Mask mask = scoring.mask();
        boolean everything = mask instanceof Mask.None;
        int rows = count * shared;
        int[] visibleFrom = everything ? null : new int[rows];
        int[] visibleTo = everything ? null : new int[rows];
        if (visibleFrom != null && visibleTo != null) {
            for (int i = 0; i < rows; i++) {
                visibleFrom[i] = mask.from(sequence, from + i / shared, queries, keys);
                visibleTo[i] = mask.to(sequence, from + i / shared, queries, keys);
            }
        }
        BlockBias bias = BlockBias.of(scoring, compute, sequence, head, from, count, queries, keys);
        int queryRow = scoring.queries().start(sequence) + from;
        int keyRow = scoring.keys().start(sequence);
        long row = (long) head * query.size(0) + queryRow; // of all heads
        return new AttentionBlock(
                query.values(),
                query.offset() + queryRow * query.stride(0) + heads.queryColumn(head),
                shared > 1 ? heads.width() : query.stride(0),
                rows,
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
                bias == null ? null : bias.values(),
                bias == null ? 0 : bias.offset(),
                bias == null || shared > 1 ? 0 : bias.stride(),
                context.values(),
                context.offset() + queryRow * context.stride(0) + heads.queryColumn(head),
                shared > 1 ? heads.width() : context.stride(0),
                logSumExp == null ? null : logSumExp.values(),
                (int) row,
                dropout,
                row);
    }

    private static int blocks(int queries) {
        return (queries + QUERIES_PER_TASK - 1) / QUERIES_PER_TASK;
    }

    /// The number of the first task of each sequence, and of all tasks behind the last.
    private static int[] firstTasks(Scoring scoring, Heads heads, int shared) {
        int sequences = scoring.queries().count();
        int[] first = new int[sequences + 1];
        for (int b = 0; b < sequences; b++) {
            int queries = scoring.queries().length(b);
            first[b + 1] = first[b] + (queries == 1 ? heads.count() / shared : heads.count() * blocks(queries));
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

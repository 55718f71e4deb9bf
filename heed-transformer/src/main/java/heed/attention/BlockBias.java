package heed.attention;

import heed.tensor.Compute;
import org.jspecify.annotations.Nullable;

/// What is added to the scores of a block of queries, as an array that the kernels read: the number for query
/// `q` of the block and key `k` is `values[offset + q * stride + k]`. Where nothing but the distance matters a
/// diagonal does (stride -1), where nothing but the key, one row (stride 0); everything else is written out for
/// the block.
///
/// @param values borrowed scratch, to be returned
record BlockBias(float[] values, int offset, int stride) {
    /// Null where nothing is added and the mask leaves each query one stretch of keys.
    static @Nullable BlockBias of(
            Scoring scoring, Compute compute, int sequence, int head, int from, int count, int queries, int keys) {
        boolean stretches = scoring.mask().contiguous(sequence);
        boolean unbiased = scoring.bias() instanceof ScoreBias.None;
        if (unbiased && stretches) {
            return null;
        }
        if (unbiased && scoring.mask().sameForAllQueries()) {
            return row(scoring.mask(), compute, sequence, keys);
        }
        if (stretches && scoring.bias().byDistanceAlone()) {
            return diagonal(scoring.bias(), compute, sequence, head, from, count, queries, keys);
        }
        return matrix(scoring, compute, sequence, head, from, count, queries, keys);
    }

    private static BlockBias row(Mask mask, Compute compute, int sequence, int keys) {
        float[] values = compute.borrowScratch(keys);
        for (int j = 0; j < keys; j++) {
            values[j] = mask.keyVisible(sequence, j, keys) ? 0 : Float.NEGATIVE_INFINITY;
        }
        return new BlockBias(values, 0, 0);
    }

    /// All keys for the last query, then the last key for the queries before it.
    private static BlockBias diagonal(
            ScoreBias bias, Compute compute, int sequence, int head, int from, int count, int queries, int keys) {
        float[] values = compute.borrowScratch(keys + count);
        int last = from + count - 1;
        for (int j = 0; j < keys; j++) {
            values[j] = bias.at(sequence, head, last, j, queries, keys);
        }
        for (int before = 1; before < count && keys > 0; before++) {
            values[keys - 1 + before] = bias.at(sequence, head, last - before, keys - 1, queries, keys);
        }
        return new BlockBias(values, count - 1, -1);
    }

    private static BlockBias matrix(
            Scoring scoring, Compute compute, int sequence, int head, int from, int count, int queries, int keys) {
        Mask mask = scoring.mask();
        float[] values = compute.borrowScratch(count * keys);
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < keys; j++) {
                values[i * keys + j] = mask.visible(sequence, from + i, j, queries, keys)
                        ? scoring.bias().at(sequence, head, from + i, j, queries, keys)
                        : Float.NEGATIVE_INFINITY;
            }
        }
        return new BlockBias(values, 0, keys);
    }
}

package heed.kernel;

import org.jspecify.annotations.Nullable;

/// One head of one sequence for a block of its queries: what [Kernels#attend] computes in one call. Rows are
/// `Dh` neighbouring floats; a stride is the distance from one position's row to the next, so heads are views
/// into token-major matrices and nothing is copied to split them.
///
/// @param queries Tq, the number of query rows in this block
/// @param keys Tk, the number of key and value rows
/// @param dHead Dh, the width of query, key and value rows
/// @param scale factor on the scores, usually `1/√Dh`
/// @param visibleFrom per query row the first visible key; null when all keys from 0 are visible
/// @param visibleTo per query row the key after the last visible one; null when all keys up to `Tk` are visible
/// @param bias added to the scaled scores, `[Tq, Tk]` with `biasStride` between rows; `-∞` hides a pair; null
/// for none
/// @param context where the weighted sums go, `[Tq, Dh]` with `contextStride` between rows
/// @param logSumExp where `log Σ exp(score)` of each query row goes (`-∞` for a row with nothing visible), or
/// null
/// @param dropout which weights are dropped after softmax; null for none
/// @param dropoutRow the row that the first query has for dropout; keys are its columns
public record AttentionBlock(
        float[] query,
        int queryOffset,
        int queryStride,
        int queries,
        float[] key,
        int keyOffset,
        int keyStride,
        float[] value,
        int valueOffset,
        int valueStride,
        int keys,
        int dHead,
        float scale,
        int @Nullable [] visibleFrom,
        int @Nullable [] visibleTo,
        float @Nullable [] bias,
        int biasOffset,
        int biasStride,
        float[] context,
        int contextOffset,
        int contextStride,
        float @Nullable [] logSumExp,
        int logSumExpOffset,
        @Nullable Dropout dropout,
        long dropoutRow) {
    /// A block without dropout.
    public AttentionBlock(
            float[] query,
            int queryOffset,
            int queryStride,
            int queries,
            float[] key,
            int keyOffset,
            int keyStride,
            float[] value,
            int valueOffset,
            int valueStride,
            int keys,
            int dHead,
            float scale,
            int @Nullable [] visibleFrom,
            int @Nullable [] visibleTo,
            float @Nullable [] bias,
            int biasOffset,
            int biasStride,
            float[] context,
            int contextOffset,
            int contextStride,
            float @Nullable [] logSumExp,
            int logSumExpOffset) {
        this(
                query,
                queryOffset,
                queryStride,
                queries,
                key,
                keyOffset,
                keyStride,
                value,
                valueOffset,
                valueStride,
                keys,
                dHead,
                scale,
                visibleFrom,
                visibleTo,
                bias,
                biasOffset,
                biasStride,
                context,
                contextOffset,
                contextStride,
                logSumExp,
                logSumExpOffset,
                null,
                0);
    }
}

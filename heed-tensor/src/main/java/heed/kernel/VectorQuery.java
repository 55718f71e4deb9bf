package heed.kernel;

import static heed.kernel.VectorMath.LOG2_E;
import static heed.kernel.VectorMath.exp2UpTo127;
import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Attention of a single query, as in decoding with a cache, where time goes into reading keys and values
/// once.
///
/// Follows [VectorQueryGroup] operation by operation, so that its results have the same bits: a score is one
/// chain of multiply-adds over the width of the head, a sum of weights one chain over a tile of keys.
final class VectorQuery {
    private VectorQuery() {}

    static void attend(AttentionBlock block, int q, float[] scratch) {
        int dHead = block.dHead();
        int context = dHead; // after the scaled query
        int shifts = context + dHead;
        int unused = shifts + LANES;
        int weights = unused + LANES;
        int from = block.queryOffset() + q * block.queryStride();
        scaled(block.query(), from, block.scale(), scratch, 0, dHead);
        Arrays.fill(scratch, context, context + dHead, 0);

        int visibleFrom = block.visibleFrom() == null ? 0 : block.visibleFrom()[q];
        int visibleTo = block.visibleTo() == null ? block.keys() : block.visibleTo()[q];
        float shift = VectorQueryGroup.NOTHING_SEEN;
        float sum = 0;
        int tileSize = VectorAttention.TILE;
        for (int tile = visibleFrom / tileSize * tileSize; tile < visibleTo; tile += tileSize) {
            int first = Math.max(tile, visibleFrom);
            int keys = Math.min(tile + tileSize, visibleTo) - first;
            scores(block, first, keys, scratch, weights);
            addBias(block, q, first, keys, scratch, weights);

            float greatest = greatest(scratch, weights, keys) * LOG2_E;
            float shrink = 1;
            if (greatest > shift + VectorQueryGroup.HEADROOM) {
                shrink = exp2(shift - greatest);
                shift = greatest;
            }
            Arrays.fill(scratch, shifts, shifts + LANES, shift);
            int vectors = (keys + LANES - 1) / LANES; // what comes after the last key is never read
            VectorQueryGroup.exponentials(scratch, weights, LANES, vectors, shifts, unused);
            sum = sum * shrink + sum(scratch, weights, keys);
            Dropout dropout = block.dropout();
            if (dropout != null) { // after the sum: what is dropped still counts in it
                long row = block.dropoutRow() + q;
                VectorDropout.dropRow(dropout, row, first, scratch, weights, scratch, weights, keys);
            }
            addValues(block, first, keys, scratch, weights, context, shrink);
        }

        float share = sum == 0 ? 0 : 1 / sum;
        int to = block.contextOffset() + q * block.contextStride();
        scaled(scratch, context, share, block.context(), to, dHead);
        if (block.logSumExp() != null) {
            block.logSumExp()[block.logSumExpOffset() + q] = VectorQueryGroup.logSumExp(shift, sum);
        }
    }

    /// `y = x * scale`
    private static void scaled(float[] x, int xOffset, float scale, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = x[xOffset + i] * scale;
        }
    }

    /// Eight keys at a time, so that eight chains hide each other's latency.
    private static void scores(AttentionBlock block, int first, int keys, float[] scratch, int weights) {
        float[] key = block.key();
        int stride = block.keyStride();
        int dHead = block.dHead();
        int at = block.keyOffset() + first * stride;
        int k = 0;
        for (; k + 8 <= keys; k += 8) {
            int k0 = at + k * stride;
            int k1 = k0 + stride;
            int k2 = k1 + stride;
            int k3 = k2 + stride;
            int k4 = k3 + stride;
            int k5 = k4 + stride;
            int k6 = k5 + stride;
            int k7 = k6 + stride;
            float s0 = 0;
            float s1 = 0;
            float s2 = 0;
            float s3 = 0;
            float s4 = 0;
            float s5 = 0;
            float s6 = 0;
            float s7 = 0;
            for (int d = 0; d < dHead; d++) {
                float x = scratch[d];
                s0 = Math.fma(key[k0 + d], x, s0);
                s1 = Math.fma(key[k1 + d], x, s1);
                s2 = Math.fma(key[k2 + d], x, s2);
                s3 = Math.fma(key[k3 + d], x, s3);
                s4 = Math.fma(key[k4 + d], x, s4);
                s5 = Math.fma(key[k5 + d], x, s5);
                s6 = Math.fma(key[k6 + d], x, s6);
                s7 = Math.fma(key[k7 + d], x, s7);
            }
            int to = weights + k;
            scratch[to] = s0;
            scratch[to + 1] = s1;
            scratch[to + 2] = s2;
            scratch[to + 3] = s3;
            scratch[to + 4] = s4;
            scratch[to + 5] = s5;
            scratch[to + 6] = s6;
            scratch[to + 7] = s7;
        }
        for (; k < keys; k++) {
            float score = 0;
            for (int d = 0; d < dHead; d++) {
                score = Math.fma(key[at + k * stride + d], scratch[d], score);
            }
            scratch[weights + k] = score;
        }
    }

    private static void addBias(AttentionBlock block, int q, int first, int keys, float[] scratch, int weights) {
        float[] bias = block.bias();
        if (bias == null) {
            return;
        }
        int from = block.biasOffset() + q * block.biasStride() + first;
        for (int k = 0; k < keys; k++) {
            scratch[weights + k] += bias[from + k];
        }
    }

    private static float greatest(float[] x, int offset, int n) {
        float greatest = Float.NEGATIVE_INFINITY;
        for (int i = offset; i < offset + n; i++) {
            greatest = x[i] > greatest ? x[i] : greatest;
        }
        return greatest;
    }

    private static float sum(float[] x, int offset, int n) {
        float sum = 0;
        for (int i = offset; i < offset + n; i++) {
            sum += x[i];
        }
        return sum;
    }

    private static float exp2(float t) {
        return exp2UpTo127(FloatVector.broadcast(FLOATS, t)).lane(0);
    }

    /// `context = context * shrink + Σ weight · value`, with the width of the head across the lanes.
    private static void addValues(
            AttentionBlock block, int first, int keys, float[] scratch, int weights, int context, float shrink) {
        float[] value = block.value();
        int stride = block.valueStride();
        int dHead = block.dHead();
        int at = block.valueOffset() + first * stride;
        int d = 0;
        for (; d + 4 * LANES <= dHead; d += 4 * LANES) {
            FloatVector sum0 = FloatVector.zero(FLOATS);
            FloatVector sum1 = FloatVector.zero(FLOATS);
            FloatVector sum2 = FloatVector.zero(FLOATS);
            FloatVector sum3 = FloatVector.zero(FLOATS);
            for (int k = 0; k < keys; k++) {
                FloatVector weight = FloatVector.broadcast(FLOATS, scratch[weights + k]);
                int row = at + k * stride + d;
                sum0 = FloatVector.fromArray(FLOATS, value, row).fma(weight, sum0);
                sum1 = FloatVector.fromArray(FLOATS, value, row + LANES).fma(weight, sum1);
                sum2 = FloatVector.fromArray(FLOATS, value, row + 2 * LANES).fma(weight, sum2);
                sum3 = FloatVector.fromArray(FLOATS, value, row + 3 * LANES).fma(weight, sum3);
            }
            int to = context + d;
            sum0.add(FloatVector.fromArray(FLOATS, scratch, to).mul(shrink)).intoArray(scratch, to);
            sum1.add(FloatVector.fromArray(FLOATS, scratch, to + LANES).mul(shrink))
                    .intoArray(scratch, to + LANES);
            sum2.add(FloatVector.fromArray(FLOATS, scratch, to + 2 * LANES).mul(shrink))
                    .intoArray(scratch, to + 2 * LANES);
            sum3.add(FloatVector.fromArray(FLOATS, scratch, to + 3 * LANES).mul(shrink))
                    .intoArray(scratch, to + 3 * LANES);
        }
        for (; d < dHead; d += LANES) {
            VectorMask<Float> lanes = FLOATS.indexInRange(0, Math.min(LANES, dHead - d));
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int k = 0; k < keys; k++) {
                FloatVector row = FloatVector.fromArray(FLOATS, value, at + k * stride + d, lanes);
                sum = row.fma(FloatVector.broadcast(FLOATS, scratch[weights + k]), sum);
            }
            FloatVector before = FloatVector.fromArray(FLOATS, scratch, context + d, lanes);
            sum.add(before.mul(shrink)).intoArray(scratch, context + d, lanes);
        }
    }
}

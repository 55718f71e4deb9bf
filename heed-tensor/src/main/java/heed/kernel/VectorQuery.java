package heed.kernel;

import static heed.kernel.VectorMath.all;
import static heed.kernel.VectorMath.expUpTo88;
import static heed.kernel.VectorMath.first;
import static heed.kernel.VectorMath.load;
import static heed.kernel.VectorMath.zero;
import static heed.kernel.VectorRegisters.LANES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Attention of a single query, as in decoding with a cache, where time goes into reading keys and values
/// once.
///
/// Follows [VectorAttention] operation by operation, so that its results have the same bits: a score is one
/// chain of multiply-adds over the width of the head, a sum of weights one chain over a tile of keys.
final class VectorQuery {
    private VectorQuery() {}

    static void attend(AttentionBlock block, int q, float[] scratch) {
        int dHead = block.dHead();
        int context = dHead; // after the scaled query
        int weights = context + dHead;
        int from = block.queryOffset() + q * block.queryStride();
        for (int d = 0; d < dHead; d++) {
            scratch[d] = block.query()[from + d] * block.scale();
        }
        Arrays.fill(scratch, context, context + dHead, 0);

        int visibleFrom = block.visibleFrom() == null ? 0 : block.visibleFrom()[q];
        int visibleTo = block.visibleTo() == null ? block.keys() : block.visibleTo()[q];
        float max = Float.NEGATIVE_INFINITY;
        float sum = 0;
        int tileSize = VectorAttention.TILE;
        for (int tile = visibleFrom / tileSize * tileSize; tile < visibleTo; tile += tileSize) {
            int first = Math.max(tile, visibleFrom);
            int keys = Math.min(tile + tileSize, visibleTo) - first;
            scores(block, first, keys, scratch, weights);
            addBias(block, q, first, keys, scratch, weights);

            float greatest = max;
            for (int k = weights; k < weights + keys; k++) {
                greatest = scratch[k] > greatest ? scratch[k] : greatest;
            }
            float shift = greatest == Float.NEGATIVE_INFINITY ? 0 : greatest;
            subtractAndExp(scratch, weights, keys, shift);
            float total = 0;
            for (int k = weights; k < weights + keys; k++) {
                total += scratch[k];
            }
            float shrink = expUpTo88(all(max - shift)).lane(0);
            sum = sum * shrink + total;
            max = greatest;
            addValues(block, first, keys, scratch, weights, context, shrink);
        }

        float share = sum == 0 ? 0 : 1 / sum;
        int to = block.contextOffset() + q * block.contextStride();
        for (int d = 0; d < dHead; d++) {
            block.context()[to + d] = scratch[context + d] * share;
        }
        if (block.logSumExp() != null) {
            block.logSumExp()[block.logSumExpOffset() + q] = (float) (max + Math.log(sum));
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

    private static void subtractAndExp(float[] x, int offset, int n, float shift) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            expUpTo88(load(x, offset + i).sub(shift)).intoArray(x, offset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = first(n - i);
            expUpTo88(load(x, offset + i, tail).sub(shift)).intoArray(x, offset + i, tail);
        }
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
            FloatVector sum0 = zero();
            FloatVector sum1 = zero();
            FloatVector sum2 = zero();
            FloatVector sum3 = zero();
            for (int k = 0; k < keys; k++) {
                FloatVector weight = all(scratch[weights + k]);
                int row = at + k * stride + d;
                sum0 = load(value, row).fma(weight, sum0);
                sum1 = load(value, row + LANES).fma(weight, sum1);
                sum2 = load(value, row + 2 * LANES).fma(weight, sum2);
                sum3 = load(value, row + 3 * LANES).fma(weight, sum3);
            }
            int to = context + d;
            sum0.add(load(scratch, to).mul(shrink)).intoArray(scratch, to);
            sum1.add(load(scratch, to + LANES).mul(shrink)).intoArray(scratch, to + LANES);
            sum2.add(load(scratch, to + 2 * LANES).mul(shrink)).intoArray(scratch, to + 2 * LANES);
            sum3.add(load(scratch, to + 3 * LANES).mul(shrink)).intoArray(scratch, to + 3 * LANES);
        }
        for (; d < dHead; d += LANES) {
            VectorMask<Float> lanes = first(Math.min(LANES, dHead - d));
            FloatVector sum = zero();
            for (int k = 0; k < keys; k++) {
                FloatVector row = load(value, at + k * stride + d, lanes);
                sum = row.fma(all(scratch[weights + k]), sum);
            }
            FloatVector before = load(scratch, context + d, lanes);
            sum.add(before.mul(shrink)).intoArray(scratch, context + d, lanes);
        }
    }
}

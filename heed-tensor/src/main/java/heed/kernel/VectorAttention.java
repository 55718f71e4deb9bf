package heed.kernel;

import static heed.kernel.VectorMath.all;
import static heed.kernel.VectorMath.expUpTo88;
import static heed.kernel.VectorMath.load;
import static heed.kernel.VectorMath.zero;
import static heed.kernel.VectorRegisters.LANES;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.NE;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Attention with one query per lane. A group of queries is packed once as `Qᵀ` `[Dh, W]`; then `K Qᵀ`
/// `[tile, W]` and `Vᵀ P` `[Dh, W]` are the products of the tiles of [VectorProduct], with keys and values
/// read in place, one value at a time, and the softmax runs down the columns without ever adding lanes of one
/// vector.
///
/// Keys pass in tiles that start at multiples of [#TILE] whatever a group sees, and a hidden pair has weight
/// 0, which changes no bit of a sum. So a query's result does not depend on the queries it shares a group
/// with. Few queries go through [VectorQuery] instead, which follows the same order.
final class VectorAttention {
    /// Keys in a tile: its scores and a group's packed queries stay in the first level cache.
    static final int TILE = 64;

    /// Up to so many queries are computed one by one: a group would be mostly fill.
    private static final int FEW = 4;

    private static final float[] ZEROS = new float[FourVectorTile.WIDTH];

    private static final int NARROW = TwoVectorTile.WIDTH;
    private static final int WIDEST = VectorProduct.PANEL_WIDTH;

    private final AttentionBlock block;
    private final float[] scratch;
    private final int dHead;

    /// Queries in this group, and the lanes that hold them.
    private final int firstQuery;
    private final int queries;
    private final int width;

    // Where each part of the scratch starts.
    private final int packedQuery; // [Dh, W], scaled
    private final int context; // [Dh, W], not yet divided by the sums
    private final int weights; // [TILE, W], first scores, then their exponentials
    private final int max; // [W]
    private final int sum; // [W]
    private final int factor; // [W]
    private final int values; // [TILE, Dh]

    private VectorAttention(AttentionBlock block, float[] scratch, int firstQuery, int queries, int width) {
        this.block = block;
        this.scratch = scratch;
        this.dHead = block.dHead();
        this.firstQuery = firstQuery;
        this.queries = queries;
        this.width = width;
        packedQuery = 0;
        context = packedQuery + dHead * width;
        weights = context + dHead * width;
        max = weights + TILE * width;
        sum = max + width;
        factor = sum + width;
        values = factor + width;
    }

    static int scratch(int dHead) {
        return (2 * dHead + TILE + 3) * WIDEST + TILE * dHead;
    }

    static void attend(AttentionBlock block, float[] scratch) {
        int query = 0;
        while (query < block.queries()) {
            int left = block.queries() - query;
            if (left <= FEW) {
                VectorQuery.attend(block, query, scratch);
                query++;
            } else {
                int width = left > NARROW ? WIDEST : NARROW;
                int queries = Math.min(left, width);
                new VectorAttention(block, scratch, query, queries, width).attend();
                query += queries;
            }
        }
    }

    private void attend() {
        packQueries();
        Arrays.fill(scratch, context, context + dHead * width, 0);
        Arrays.fill(scratch, max, max + width, Float.NEGATIVE_INFINITY);
        Arrays.fill(scratch, sum, sum + width, 0);
        int from = firstVisible();
        int to = lastVisible();
        for (int tile = from / TILE * TILE; tile < to; tile += TILE) {
            int first = Math.max(tile, from);
            int keys = Math.min(tile + TILE, to) - first;
            scores(first, keys);
            addBias(first, keys);
            hide(first, keys);
            exponentials(keys);
            addValues(first, keys);
        }
        writeContext();
    }

    private void packQueries() {
        Arrays.fill(scratch, packedQuery, packedQuery + dHead * width, 0);
        for (int q = 0; q < queries; q++) {
            int from = block.queryOffset() + (firstQuery + q) * block.queryStride();
            for (int d = 0; d < dHead; d++) {
                scratch[packedQuery + d * width + q] = block.query()[from + d] * block.scale();
            }
        }
    }

    private int from(int q) {
        return block.visibleFrom() == null ? 0 : block.visibleFrom()[firstQuery + q];
    }

    private int to(int q) {
        return block.visibleTo() == null ? block.keys() : block.visibleTo()[firstQuery + q];
    }

    /// The first key that any query of the group sees.
    private int firstVisible() {
        int first = block.keys();
        for (int q = 0; q < queries; q++) {
            if (from(q) < to(q)) {
                first = Math.min(first, from(q));
            }
        }
        return first;
    }

    /// The key after the last that any query of the group sees.
    private int lastVisible() {
        int last = 0;
        for (int q = 0; q < queries; q++) {
            if (from(q) < to(q)) {
                last = Math.max(last, to(q));
            }
        }
        return last;
    }

    private void scores(int first, int keys) {
        int key = block.keyOffset() + first * block.keyStride();
        multiply(keys, dHead, block.key(), key, block.keyStride(), 1, packedQuery, ZEROS, 0, 0, weights);
    }

    private void addBias(int first, int keys) {
        float[] bias = block.bias();
        if (bias == null) {
            return;
        }
        for (int q = 0; q < queries; q++) {
            int from = block.biasOffset() + (firstQuery + q) * block.biasStride() + first;
            for (int k = 0; k < keys; k++) {
                scratch[weights + k * width + q] += bias[from + k];
            }
        }
    }

    private void hide(int first, int keys) {
        for (int q = 0; q < queries; q++) {
            int visible = Math.clamp(from(q) - (long) first, 0, keys);
            int hidden = Math.clamp(to(q) - (long) first, visible, keys);
            for (int k = 0; k < visible; k++) {
                scratch[weights + k * width + q] = Float.NEGATIVE_INFINITY;
            }
            for (int k = hidden; k < keys; k++) {
                scratch[weights + k * width + q] = Float.NEGATIVE_INFINITY;
            }
        }
    }

    /// Online softmax: exponentials relative to the greatest score so far; when that grows, what was summed
    /// before shrinks by the same factor.
    private void exponentials(int keys) {
        boolean grown = false;
        for (int lane = 0; lane < width; lane += LANES) {
            FloatVector before = load(scratch, max + lane);
            FloatVector greatest = before;
            for (int k = 0; k < keys; k++) {
                FloatVector score = load(scratch, weights + k * width + lane);
                greatest = greatest.blend(score, score.compare(GT, greatest));
            }
            // With nothing visible yet the greatest is -∞; subtracting 0 instead gives weights of 0, not NaN.
            FloatVector shift = greatest.blend(0f, greatest.compare(EQ, Float.NEGATIVE_INFINITY));
            FloatVector total = zero();
            for (int k = 0; k < keys; k++) {
                int at = weights + k * width + lane;
                FloatVector weight = expUpTo88(load(scratch, at).sub(shift));
                weight.intoArray(scratch, at);
                total = total.add(weight);
            }
            FloatVector shrink = expUpTo88(before.sub(shift));
            shrink.intoArray(scratch, factor + lane);
            greatest.intoArray(scratch, max + lane);
            load(scratch, sum + lane).mul(shrink).add(total).intoArray(scratch, sum + lane);
            grown |= shrink.compare(NE, 1f).anyTrue();
        }
        if (grown) {
            for (int lane = 0; lane < width; lane += LANES) {
                FloatVector shrink = load(scratch, factor + lane);
                for (int d = 0; d < dHead; d++) {
                    int at = context + d * width + lane;
                    load(scratch, at).mul(shrink).intoArray(scratch, at);
                }
            }
        }
    }

    /// Values are copied first: in a token-major matrix their rows often lie a power of two apart, where they
    /// evict each other from the cache.
    private void addValues(int first, int keys) {
        int from = block.valueOffset() + first * block.valueStride();
        for (int k = 0; k < keys; k++) {
            System.arraycopy(block.value(), from + k * block.valueStride(), scratch, values + k * dHead, dHead);
        }
        multiply(dHead, keys, scratch, values, 1, dHead, weights, scratch, context, width, context);
    }

    private void writeContext() {
        for (int lane = 0; lane < width; lane += LANES) {
            FloatVector total = load(scratch, sum + lane);
            FloatVector share = all(1f).div(total).blend(0f, total.compare(EQ, 0f));
            for (int d = 0; d < dHead; d++) {
                int at = context + d * width + lane;
                load(scratch, at).mul(share).intoArray(scratch, at);
            }
        }
        for (int q = 0; q < queries; q++) {
            int to = block.contextOffset() + (firstQuery + q) * block.contextStride();
            for (int d = 0; d < dHead; d++) {
                block.context()[to + d] = scratch[context + d * width + q];
            }
            if (block.logSumExp() != null) {
                block.logSumExp()[block.logSumExpOffset() + firstQuery + q] =
                        (float) (scratch[max + q] + Math.log(scratch[sum + q]));
            }
        }
    }

    /// A product of which the right-hand side and the result lie in the scratch, [#width] wide.
    private void multiply(
            int rows,
            int depth,
            float[] a,
            int aOffset,
            int aStride,
            int aStep,
            int right,
            float[] addend,
            int addendOffset,
            int addendStride,
            int result) {
        if (width == NARROW) {
            TwoVectorTile.multiply(
                    rows,
                    depth,
                    a,
                    aOffset,
                    aStride,
                    aStep,
                    scratch,
                    right,
                    addend,
                    addendOffset,
                    addendStride,
                    scratch,
                    result,
                    width);
        } else {
            FourVectorTile.multiply(
                    rows,
                    depth,
                    a,
                    aOffset,
                    aStride,
                    aStep,
                    scratch,
                    right,
                    addend,
                    addendOffset,
                    addendStride,
                    scratch,
                    result,
                    width);
        }
    }
}

package heed.kernel;

import static heed.kernel.VectorMath.EXP2_1;
import static heed.kernel.VectorMath.EXP2_2;
import static heed.kernel.VectorMath.EXP2_3;
import static heed.kernel.VectorMath.EXP2_4;
import static heed.kernel.VectorMath.EXP2_5;
import static heed.kernel.VectorMath.EXP2_6;
import static heed.kernel.VectorMath.EXPONENT_SHIFT;
import static heed.kernel.VectorMath.LEAST_EXPONENT;
import static heed.kernel.VectorMath.LOG2_E;
import static heed.kernel.VectorMath.ROUNDER;
import static heed.kernel.VectorMath.exp2UpTo127;
import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/// Queries that are computed together, one in each lane. They are packed once as `Qᵀ` `[Dh, W]`; then `K Qᵀ`
/// `[tile, W]` and `Vᵀ P` `[Dh, W]` are products in the tiles of [VectorProduct], with keys and values read
/// in place, one value at a time, and the softmax runs down the columns without ever adding the lanes of one
/// vector.
final class VectorQueryGroup {
    /// How far, as a power of two, a score may exceed the one that exponentials are relative to, before sums
    /// are made relative to the new one. Weights up to 256 cost no precision, and most tiles then rescale
    /// nothing.
    static final float HEADROOM = 8;

    /// The shift before any score was visible: below all scores and yet finite, so that nothing becomes NaN.
    static final float NOTHING_SEEN = -Float.MAX_VALUE;

    private static final float[] ZEROS = new float[FourVectorTile.WIDTH];

    private final AttentionBlock block;
    private final float[] scratch;
    private final int dHead;
    private final int firstQuery;
    private final int queries;
    private final int width;

    /// The keys that any query of the group sees.
    private final int from;
    private final int to;

    // Where each part of the scratch starts.
    private final int query; // [Dh, W], scaled
    private final int context; // [Dh, W], not yet divided by the sums
    private final int shift; // [W], what exponentials are relative to, as a power of two
    private final int sum; // [W]
    private final int shrink; // [W]
    private final int greatest; // [W], of a tile
    private final int total; // [W], of a tile

    VectorQueryGroup(AttentionBlock block, float[] scratch, int at, int firstQuery, int queries, int width) {
        this.block = block;
        this.scratch = scratch;
        this.dHead = block.dHead();
        this.firstQuery = firstQuery;
        this.queries = queries;
        this.width = width;
        query = at;
        context = query + dHead * width;
        shift = context + dHead * width;
        sum = shift + width;
        shrink = sum + width;
        greatest = shrink + width;
        total = greatest + width;
        Arrays.fill(scratch, query, shift, 0);
        Arrays.fill(scratch, shift, sum, NOTHING_SEEN);
        Arrays.fill(scratch, sum, sum + width, 0);
        int begin = block.keys();
        int end = 0;
        for (int q = 0; q < queries; q++) {
            int row = block.queryOffset() + (firstQuery + q) * block.queryStride();
            toColumn(block.query(), row, block.scale(), scratch, query + q, width, dHead);
            if (from(q) < to(q)) {
                begin = Math.min(begin, from(q));
                end = Math.max(end, to(q));
            }
        }
        from = begin;
        to = end;
    }

    static int scratch(int dHead, int width) {
        return (2 * dHead + 5) * width;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    private int from(int q) {
        return block.visibleFrom() == null ? 0 : block.visibleFrom()[firstQuery + q];
    }

    private int to(int q) {
        return block.visibleTo() == null ? block.keys() : block.visibleTo()[firstQuery + q];
    }

    /// Takes part of a tile.
    ///
    /// @param values where the values of its keys start in the scratch
    /// @param weights where in the scratch scores and then weights may go, `[keys, W]`
    void attend(int first, int keys, int values, int weights) {
        int key = block.keyOffset() + first * block.keyStride();
        multiply(keys, dHead, block.key(), key, block.keyStride(), 1, query, ZEROS, 0, 0, weights);
        addBias(first, keys, weights);
        hide(first, keys, weights);
        greatest(scratch, weights, width, keys, greatest);
        for (int lane = 0; lane < width; lane += LANES) {
            if (moveShift(scratch, greatest + lane, shift + lane, shrink + lane)) {
                scaleColumn(scratch, sum + lane, width, 1, shrink + lane);
                scaleColumn(scratch, context + lane, width, dHead, shrink + lane);
            }
        }
        exponentials(scratch, weights, width, keys, shift, total);
        VectorRow.add(scratch, sum, scratch, total, width, scratch, sum);
        drop(first, keys, weights);
        multiply(dHead, keys, scratch, values, 1, dHead, weights, scratch, context, width, context);
    }

    /// After the sums: what is dropped still counts in them.
    private void drop(int first, int keys, int weights) {
        Dropout dropout = block.dropout();
        if (dropout != null) {
            int[] rowKeys = VectorDropout.rowKeys(dropout, block.dropoutRow() + firstQuery, queries, width);
            VectorDropout.dropLanes(dropout, rowKeys, first, scratch, weights, keys, width);
        }
    }

    private void addBias(int first, int keys, int weights) {
        float[] bias = block.bias();
        if (bias == null) {
            return;
        }
        for (int q = 0; q < queries; q++) {
            int row = block.biasOffset() + (firstQuery + q) * block.biasStride() + first;
            for (int k = 0; k < keys; k++) {
                scratch[weights + k * width + q] += bias[row + k];
            }
        }
    }

    private void hide(int first, int keys, int weights) {
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

    /// The greatest score of each column. Runs along the rows, as they lie in memory: the chains of the
    /// columns hide each other's latency.
    private static void greatest(float[] x, int scores, int width, int rows, int greatest) {
        Arrays.fill(x, greatest, greatest + width, Float.NEGATIVE_INFINITY);
        for (int row = 0; row < rows; row++) {
            for (int lane = 0; lane < width; lane += LANES) {
                FloatVector score = FloatVector.fromArray(FLOATS, x, scores + row * width + lane);
                FloatVector before = FloatVector.fromArray(FLOATS, x, greatest + lane);
                before.blend(score, score.compare(GT, before)).intoArray(x, greatest + lane);
            }
        }
    }

    /// Online softmax: where the greatest score of a tile exceeds the headroom, exponentials become relative
    /// to it.
    ///
    /// @return whether they did in any lane; then `shrink` holds the factors that make older sums relative to
    /// the new shift, which are exactly 1 in lanes whose shift stays
    private static boolean moveShift(float[] x, int greatest, int shift, int shrink) {
        FloatVector exponent = FloatVector.fromArray(FLOATS, x, greatest).mul(LOG2_E);
        FloatVector before = FloatVector.fromArray(FLOATS, x, shift);
        VectorMask<Float> exceeds = exponent.compare(GT, before.add(HEADROOM));
        if (!exceeds.anyTrue()) {
            return false;
        }
        FloatVector after = before.blend(exponent, exceeds);
        after.intoArray(x, shift);
        exp2UpTo127(before.sub(after)).intoArray(x, shrink);
        return true;
    }

    private static void scaleColumn(float[] x, int offset, int stride, int rows, int factor) {
        FloatVector factors = FloatVector.fromArray(FLOATS, x, factor);
        for (int row = 0; row < rows; row++) {
            int at = offset + row * stride;
            FloatVector.fromArray(FLOATS, x, at).mul(factors).intoArray(x, at);
        }
    }

    /// `2^(score · log₂ e - shift)` in place of each score `[rows, width]`, with one shift for each column,
    /// and the sums of the columns.
    ///
    /// The exponential is the one of [VectorMath#exp2UpTo127], spelled out. A call could be left as a call
    /// where the compiler has already inlined much, and would then pass every vector through memory.
    static void exponentials(float[] x, int scores, int width, int rows, int shift, int sum) {
        Arrays.fill(x, sum, sum + width, 0);
        for (int row = 0; row < rows; row++) {
            for (int lane = 0; lane < width; lane += LANES) {
                int at = scores + row * width + lane;
                FloatVector score = FloatVector.fromArray(FLOATS, x, at);
                FloatVector t = score.lanewise(
                        FMA,
                        LOG2_E,
                        FloatVector.fromArray(FLOATS, x, shift + lane).neg());
                FloatVector rounded = t.add(ROUNDER);
                FloatVector r = t.sub(rounded.sub(ROUNDER));
                FloatVector p = r.lanewise(FMA, EXP2_6, EXP2_5)
                        .lanewise(FMA, r, EXP2_4)
                        .lanewise(FMA, r, EXP2_3)
                        .lanewise(FMA, r, EXP2_2)
                        .lanewise(FMA, r, EXP2_1)
                        .lanewise(FMA, r, 1f);
                IntVector exponent = rounded.reinterpretAsInts().lanewise(LSHL, EXPONENT_SHIFT);
                FloatVector weight = p.reinterpretAsInts()
                        .add(exponent)
                        .reinterpretAsFloats()
                        .blend(0f, t.lt(LEAST_EXPONENT));
                weight.intoArray(x, at);
                FloatVector.fromArray(FLOATS, x, sum + lane).add(weight).intoArray(x, sum + lane);
            }
        }
    }

    void writeContext() {
        for (int q = 0; q < queries; q++) {
            float total = scratch[sum + q];
            float share = total == 0 ? 0 : 1 / total;
            int row = block.contextOffset() + (firstQuery + q) * block.contextStride();
            toRow(scratch, context + q, width, share, block.context(), row, dHead);
            if (block.logSumExp() != null) {
                block.logSumExp()[block.logSumExpOffset() + firstQuery + q] = logSumExp(scratch[shift + q], total);
            }
        }
    }

    static float logSumExp(float shift, float sum) {
        return (float) (shift * Math.log(2) + Math.log(sum));
    }

    private static void toColumn(float[] row, int from, float scale, float[] matrix, int to, int stride, int n) {
        for (int i = 0; i < n; i++) {
            matrix[to + i * stride] = row[from + i] * scale;
        }
    }

    private static void toRow(float[] matrix, int from, int stride, float scale, float[] row, int to, int n) {
        for (int i = 0; i < n; i++) {
            row[to + i] = matrix[from + i * stride] * scale;
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
        if (width == TwoVectorTile.WIDTH) {
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

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

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// The softmax of one row of scores that comes in pieces (Milakov and Gimelshein 2018). Exponentials are
/// relative to a shift, about the greatest score so far; when a piece exceeds it, older sums are made relative
/// to the new one.
///
/// Of the sum of weights each lane keeps its own part until the end, so no piece adds the lanes of a vector.
final class VectorOnlineSoftmax {
    /// How far, as a power of two, a score may exceed the one that exponentials are relative to, before sums
    /// are made relative to the new one. Weights up to 256 cost no precision, and most pieces then rescale
    /// nothing.
    private static final float HEADROOM = 8;

    /// The shift before any score was visible: below all scores and yet finite, so that nothing becomes NaN.
    static final float NOTHING_SEEN = -Float.MAX_VALUE;

    private VectorOnlineSoftmax() {}

    /// Hides the scores at the ends of a row: those of the first vector before `from`, those of the last from
    /// `to` on. What was written as a vector is read and written as one: the processor hands single values that
    /// were just stored on to a vector only after they have reached the cache.
    static void hideEnds(float[] x, int offset, int from, int to) {
        int last = offset + to / LANES * LANES;
        if (to % LANES > 0) {
            FloatVector.fromArray(FLOATS, x, last)
                    .blend(
                            Float.NEGATIVE_INFINITY,
                            FLOATS.indexInRange(0, to % LANES).not())
                    .intoArray(x, last);
        }
        int first = offset + from / LANES * LANES;
        if (from % LANES > 0) {
            FloatVector.fromArray(FLOATS, x, first)
                    .blend(Float.NEGATIVE_INFINITY, FLOATS.indexInRange(0, from % LANES))
                    .intoArray(x, first);
        }
    }

    /// Makes sure that no score exceeds the row's shift by more than the headroom.
    ///
    /// @param n whole vectors of scores; `-∞` for what is hidden
    /// @param greatest room for one vector
    /// @param shift where the row's shift is kept
    /// @param sums where the row's sums are kept, one for each lane
    /// @param context where the row's weighted sum of values is kept, `width` of them, whole vectors
    static void moveShift(float[] x, int offset, int n, int greatest, int shift, int sums, int context, int width) {
        FloatVector most = FloatVector.fromArray(FLOATS, x, offset);
        for (int i = LANES; i < n; i += LANES) {
            FloatVector score = FloatVector.fromArray(FLOATS, x, offset + i);
            most = most.blend(score, score.compare(GT, most));
        }
        if (most.mul(LOG2_E).compare(GT, x[shift] + HEADROOM).anyTrue()) {
            most.intoArray(x, greatest);
            float before = x[shift];
            x[shift] = greatest(x, greatest) * LOG2_E;
            if (before > NOTHING_SEEN) {
                shrink(x, before - x[shift], sums, context, width);
            }
        }
    }

    private static float greatest(float[] x, int offset) {
        return VectorMath.max(FloatVector.fromArray(FLOATS, x, offset));
    }

    /// Multiplies what was summed up so far by `2^exponent`.
    private static void shrink(float[] x, float exponent, int sums, int context, int width) {
        FloatVector factor = exp2UpTo127(FloatVector.broadcast(FLOATS, exponent));
        FloatVector.fromArray(FLOATS, x, sums).mul(factor).intoArray(x, sums);
        for (int i = context; i < context + width; i += LANES) {
            FloatVector.fromArray(FLOATS, x, i).mul(factor).intoArray(x, i);
        }
    }

    /// Turns scores into `2^(score · log₂ e - shift)`, in place, and adds them to the row's sums.
    ///
    /// The exponential is the one of [VectorMath#exp2UpTo127], spelled out. A call could be left as a call
    /// where the compiler has already inlined much, and would then pass every vector through memory.
    static void weights(float[] x, int offset, int n, float shift, int sums) {
        FloatVector minusShift = FloatVector.broadcast(FLOATS, -shift);
        FloatVector sum = FloatVector.fromArray(FLOATS, x, sums);
        for (int i = offset; i < offset + n; i += LANES) {
            FloatVector t = FloatVector.fromArray(FLOATS, x, i).lanewise(FMA, LOG2_E, minusShift);
            FloatVector rounded = t.add(ROUNDER);
            FloatVector r = t.sub(rounded.sub(ROUNDER));
            FloatVector p = r.lanewise(FMA, EXP2_6, EXP2_5)
                    .lanewise(FMA, r, EXP2_4)
                    .lanewise(FMA, r, EXP2_3)
                    .lanewise(FMA, r, EXP2_2)
                    .lanewise(FMA, r, EXP2_1)
                    .lanewise(FMA, r, 1f);
            IntVector exponent = rounded.reinterpretAsInts().lanewise(LSHL, EXPONENT_SHIFT);
            FloatVector weight =
                    p.reinterpretAsInts().add(exponent).reinterpretAsFloats().blend(0f, t.lt(LEAST_EXPONENT));
            weight.intoArray(x, i);
            sum = sum.add(weight);
        }
        sum.intoArray(x, sums);
    }

    static float sum(float[] x, int sums) {
        return VectorMath.sum(FloatVector.fromArray(FLOATS, x, sums));
    }

    static float logSumExp(float shift, float sum) {
        return (float) (shift * Math.log(2) + Math.log(sum));
    }
}

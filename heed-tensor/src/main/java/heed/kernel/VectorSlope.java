package heed.kernel;

import static heed.kernel.VectorMath.EXP2_1;
import static heed.kernel.VectorMath.EXP2_2;
import static heed.kernel.VectorMath.EXP2_3;
import static heed.kernel.VectorMath.EXP2_4;
import static heed.kernel.VectorMath.EXP2_5;
import static heed.kernel.VectorMath.EXP2_6;
import static heed.kernel.VectorMath.EXPONENT_SHIFT;
import static heed.kernel.VectorMath.GELU_0;
import static heed.kernel.VectorMath.GELU_1;
import static heed.kernel.VectorMath.GELU_2;
import static heed.kernel.VectorMath.GELU_3;
import static heed.kernel.VectorMath.GELU_4;
import static heed.kernel.VectorMath.GELU_5;
import static heed.kernel.VectorMath.GELU_6;
import static heed.kernel.VectorMath.GELU_7;
import static heed.kernel.VectorMath.GELU_8;
import static heed.kernel.VectorMath.GELU_9;
import static heed.kernel.VectorMath.GELU_END;
import static heed.kernel.VectorMath.LEAST_EXPONENT;
import static heed.kernel.VectorMath.LN_2;
import static heed.kernel.VectorMath.LOG2_E;
import static heed.kernel.VectorMath.ROUNDER;
import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/// The slopes of [VectorActivation] over a row: `dy = dy · f'(x)` in place.
///
/// The exponential `2ᵗ` is the one of [VectorMath#exp2UpTo127], spelled out each time. As a call it was left a
/// call in long runs, because the function had been compiled by itself before, and every vector went through
/// memory: a slope then took longer than the product before it.
final class VectorSlope {
    /// Beyond, a slope of GELU is 0 or 1.
    private static final float FLAT = 12;

    private static final float GREATEST_EXPONENT = 127;

    private VectorSlope() {}

    static void relu(float[] x, int xOffset, float[] dy, int offset, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            FloatVector at = FloatVector.fromArray(FLOATS, x, xOffset + i);
            FloatVector.zero(FLOATS)
                    .blend(FloatVector.fromArray(FLOATS, dy, offset + i), at.compare(GT, 0f))
                    .intoArray(dy, offset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            FloatVector at = FloatVector.fromArray(FLOATS, x, xOffset + i, tail);
            FloatVector.zero(FLOATS)
                    .blend(FloatVector.fromArray(FLOATS, dy, offset + i, tail), at.compare(GT, 0f))
                    .intoArray(dy, offset + i, tail);
        }
    }

    /// `Φ(x) + x φ(x)`. As [VectorMath#gelu] has `Φ(-a) = 2^-g(a)` with a polynomial `g`, the derivative gives
    /// `φ(a) = ln 2 · g'(a) · Φ(-a)`: so the slope takes one exponential, belongs to the function that is
    /// computed, and is off by at most 8e-8.
    static void gelu(float[] x, int xOffset, float[] dy, int offset, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> inside = FLOATS.indexInRange(i, n);
            FloatVector at = FloatVector.fromArray(FLOATS, x, xOffset + i, inside);
            FloatVector size = at.abs();
            FloatVector a = size.blend(GELU_END, size.compare(GT, GELU_END));
            FloatVector t = a.lanewise(FMA, GELU_9, GELU_8) // -g(a)
                    .lanewise(FMA, a, GELU_7)
                    .lanewise(FMA, a, GELU_6)
                    .lanewise(FMA, a, GELU_5)
                    .lanewise(FMA, a, GELU_4)
                    .lanewise(FMA, a, GELU_3)
                    .lanewise(FMA, a, GELU_2)
                    .lanewise(FMA, a, GELU_1)
                    .lanewise(FMA, a, GELU_0);
            FloatVector slope = a.lanewise(FMA, 9 * LN_2 * GELU_9, 8 * LN_2 * GELU_8) // -ln 2 · g'(a)
                    .lanewise(FMA, a, 7 * LN_2 * GELU_7)
                    .lanewise(FMA, a, 6 * LN_2 * GELU_6)
                    .lanewise(FMA, a, 5 * LN_2 * GELU_5)
                    .lanewise(FMA, a, 4 * LN_2 * GELU_4)
                    .lanewise(FMA, a, 3 * LN_2 * GELU_3)
                    .lanewise(FMA, a, 2 * LN_2 * GELU_2)
                    .lanewise(FMA, a, LN_2 * GELU_1);
            FloatVector rounded = t.add(ROUNDER);
            FloatVector r = t.sub(rounded.sub(ROUNDER));
            FloatVector p = r.lanewise(FMA, EXP2_6, EXP2_5)
                    .lanewise(FMA, r, EXP2_4)
                    .lanewise(FMA, r, EXP2_3)
                    .lanewise(FMA, r, EXP2_2)
                    .lanewise(FMA, r, EXP2_1)
                    .lanewise(FMA, r, 1f);
            IntVector exponent = rounded.reinterpretAsInts().lanewise(LSHL, EXPONENT_SHIFT);
            FloatVector e = p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
            FloatVector left = e.mul(slope.lanewise(FMA, a, 1f)); // at -a; at a it is 1 less that
            left.blend(left.neg().add(1f), at.compare(GT, 0f))
                    .mul(FloatVector.fromArray(FLOATS, dy, offset + i, inside))
                    .intoArray(dy, offset + i, inside);
        }
    }

    /// With `s = sigmoid(2u)` it is `s + x s (1 - s) 2u'`.
    static void geluTanh(float[] x, int xOffset, float[] dy, int offset, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> inside = FLOATS.indexInRange(i, n);
            FloatVector at = FloatVector.fromArray(FLOATS, x, xOffset + i, inside);
            FloatVector least = at.blend(-FLAT, at.lt(-FLAT));
            FloatVector v = least.blend(FLAT, least.compare(GT, FLAT));
            FloatVector squared = v.mul(v);
            FloatVector twoU = squared.lanewise(FMA, 0.071354814f, 1.5957692f).mul(v); // √(8/π) (1 + 0.044715 x²) x
            FloatVector y = twoU.mul(-LOG2_E);
            FloatVector bounded = y.blend(LEAST_EXPONENT, y.lt(LEAST_EXPONENT));
            FloatVector t = bounded.blend(GREATEST_EXPONENT, bounded.compare(GT, GREATEST_EXPONENT));
            FloatVector rounded = t.add(ROUNDER);
            FloatVector r = t.sub(rounded.sub(ROUNDER));
            FloatVector p = r.lanewise(FMA, EXP2_6, EXP2_5)
                    .lanewise(FMA, r, EXP2_4)
                    .lanewise(FMA, r, EXP2_3)
                    .lanewise(FMA, r, EXP2_2)
                    .lanewise(FMA, r, EXP2_1)
                    .lanewise(FMA, r, 1f);
            IntVector exponent = rounded.reinterpretAsInts().lanewise(LSHL, EXPONENT_SHIFT);
            FloatVector e = p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
            FloatVector s = FloatVector.broadcast(FLOATS, 1f).div(e.add(1f));
            FloatVector inner = squared.lanewise(FMA, 0.21406443f, 1.5957692f).mul(v); // x 2u'
            inner.mul(e.mul(s))
                    .lanewise(FMA, s, s) // e s = 1 - s
                    .mul(FloatVector.fromArray(FLOATS, dy, offset + i, inside))
                    .intoArray(dy, offset + i, inside);
        }
    }

    /// With `v = steepness · x` and `s = sigmoid(v)` it is `s + v s (1 - s)`: the slope of `x · sigmoid(v)`.
    static void silu(float steepness, float[] x, int xOffset, float[] dy, int offset, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> inside = FLOATS.indexInRange(i, n);
            FloatVector at = FloatVector.fromArray(FLOATS, x, xOffset + i, inside);
            FloatVector steep = at.mul(steepness);
            FloatVector least = steep.blend(-88f, steep.lt(-88f));
            FloatVector v = least.blend(88f, least.compare(GT, 88f));
            FloatVector y = v.mul(-LOG2_E);
            FloatVector bounded = y.blend(LEAST_EXPONENT, y.lt(LEAST_EXPONENT));
            FloatVector t = bounded.blend(GREATEST_EXPONENT, bounded.compare(GT, GREATEST_EXPONENT));
            FloatVector rounded = t.add(ROUNDER);
            FloatVector r = t.sub(rounded.sub(ROUNDER));
            FloatVector p = r.lanewise(FMA, EXP2_6, EXP2_5)
                    .lanewise(FMA, r, EXP2_4)
                    .lanewise(FMA, r, EXP2_3)
                    .lanewise(FMA, r, EXP2_2)
                    .lanewise(FMA, r, EXP2_1)
                    .lanewise(FMA, r, 1f);
            IntVector exponent = rounded.reinterpretAsInts().lanewise(LSHL, EXPONENT_SHIFT);
            FloatVector e = p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
            FloatVector s = FloatVector.broadcast(FLOATS, 1f).div(e.add(1f));
            v.mul(e.mul(s))
                    .lanewise(FMA, s, s) // e s = 1 - s
                    .mul(FloatVector.fromArray(FLOATS, dy, offset + i, inside))
                    .intoArray(dy, offset + i, inside);
        }
    }

    static void tanh(float[] x, int xOffset, float[] dy, int offset, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            FloatVector y = VectorMath.tanh(FloatVector.fromArray(FLOATS, x, xOffset + i));
            y.neg()
                    .fma(y, FloatVector.broadcast(FLOATS, 1f))
                    .mul(FloatVector.fromArray(FLOATS, dy, offset + i))
                    .intoArray(dy, offset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            FloatVector y = VectorMath.tanh(FloatVector.fromArray(FLOATS, x, xOffset + i, tail));
            y.neg()
                    .fma(y, FloatVector.broadcast(FLOATS, 1f))
                    .mul(FloatVector.fromArray(FLOATS, dy, offset + i, tail))
                    .intoArray(dy, offset + i, tail);
        }
    }
}

package heed.kernel;

import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.NEG;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;

/// Functions of one vector of floats. Every lane is computed alike and alone, so a value's result has the
/// same bits wherever in a row it stands. NaN stays NaN.
///
/// Maxima and minima are written as a comparison and a blend: `Math.max` cares for NaN and -0 and takes
/// several instructions on x86.
final class VectorMath {
    static final float LOG2_E = 1.442695f;
    static final float LN_2 = 0.6931472f;
    private static final float LN_2_REST = -1.9046542e-9f; // ln 2 - LN_2

    /// Adding 1.5 · 2²³ leaves a float with no digits after the point, the integer in its lowest bits.
    static final float ROUNDER = 0x1.8p23f;

    static final int EXPONENT_SHIFT = 23;
    private static final int EXPONENT_BIAS = 127;
    private static final int ONE_BITS = EXPONENT_BIAS << EXPONENT_SHIFT;

    /// Below, `eˣ` is subnormal.
    private static final float LEAST_NORMAL_EXP = -87.3365f;

    /// The polynomial `1 + EXP2_1 r + … + EXP2_6 r⁶` for `2ʳ` has the least greatest relative error where
    /// `|r| ≤ 1/2`: 2e-9.
    static final float EXP2_1 = 0.6931472f;

    static final float EXP2_2 = 0.24022648f;
    static final float EXP2_3 = 0.055503324f;
    static final float EXP2_4 = 0.009618438f;
    static final float EXP2_5 = 0.0013398901f;
    static final float EXP2_6 = 1.5353342e-4f;

    /// The polynomial `GELU_9 a⁹ + … + GELU_0` of [#gelu].
    static final float GELU_9 = 3.7475326e-7f;

    static final float GELU_8 = -7.4997465e-6f;
    static final float GELU_7 = 6.2318686e-5f;
    static final float GELU_6 = -2.427871e-4f;
    static final float GELU_5 = -6.435996e-5f;
    static final float GELU_4 = 0.007020827f;
    static final float GELU_3 = -0.05249331f;
    static final float GELU_2 = -0.45920098f;
    static final float GELU_1 = -1.1511075f;
    static final float GELU_0 = -0.9999998f;

    /// Beyond, `Φ(-a)` is less than any digit of `x`.
    static final float GELU_END = 10;

    /// Below, `2ᵗ` is subnormal.
    static final float LEAST_EXPONENT = -126;

    private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(FLOATS, 8 % LANES, 1, true);
    private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(FLOATS, 4 % LANES, 1, true);
    private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(FLOATS, 2, 1, true);
    private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(FLOATS, 1, 1, true);

    private VectorMath() {}

    private static FloatVector all(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    /// The sum of all lanes, always added in the same order; `reduceLanes` leaves the order open, and it
    /// differs between the interpreter and the compiler.
    static float sum(FloatVector x) {
        FloatVector sum = x;
        if (LANES > 8) {
            sum = sum.add(sum.rearrange(BY_8));
        }
        if (LANES > 4) {
            sum = sum.add(sum.rearrange(BY_4));
        }
        sum = sum.add(sum.rearrange(BY_2));
        return sum.add(sum.rearrange(BY_1)).lane(0);
    }

    /// The greatest of all lanes, none of them NaN.
    static float max(FloatVector x) {
        FloatVector max = x;
        if (LANES > 8) {
            max = greater(max, max.rearrange(BY_8));
        }
        if (LANES > 4) {
            max = greater(max, max.rearrange(BY_4));
        }
        max = greater(max, max.rearrange(BY_2));
        return greater(max, max.rearrange(BY_1)).lane(0);
    }

    private static FloatVector greater(FloatVector x, FloatVector y) {
        return x.blend(y, y.compare(GT, x));
    }

    /// `eʳ - 1 = r + r² Q(r)` for `|r| ≤ ln 2 / 2`. `Q` is the polynomial of degree 4 with the least greatest
    /// relative error in `eʳ`: 3.1e-9.
    private static FloatVector expLessOne(FloatVector r) {
        FloatVector q = all(0.0013814599f)
                .lanewise(FMA, r, 0.008368717f)
                .lanewise(FMA, r, 0.04166839f)
                .lanewise(FMA, r, 0.16666521f)
                .lanewise(FMA, r, 0.49999994f);
        return q.mul(r).fma(r, r);
    }

    /// `x / ln 2` rounded to an integer, plus [#ROUNDER].
    private static FloatVector rounded(FloatVector x) {
        return x.lanewise(FMA, all(LOG2_E), ROUNDER);
    }

    /// What is left of `x` after `n ln 2`, in two steps as `ln 2` is no float (Cody and Waite 1980).
    private static FloatVector rest(FloatVector x, FloatVector rounded) {
        FloatVector n = rounded.sub(ROUNDER);
        return n.lanewise(FMA, all(-LN_2_REST), n.lanewise(FMA, all(-LN_2), x));
    }

    /// `eˣ` for `x ≤ 88`, with 0 where that is below the least normal float; relative error 1e-7.
    static FloatVector expUpTo88(FloatVector x) {
        FloatVector rounded = rounded(x);
        FloatVector p = expLessOne(rest(x, rounded)).add(1f);
        return timesPowerOf2(p, rounded).blend(0f, x.lt(LEAST_NORMAL_EXP));
    }

    /// `2ᵗ` for `t ≤ 127`, with 0 where that is below the least normal float; relative error 1e-7, and
    /// exactly 1 for 0.
    static FloatVector exp2UpTo127(FloatVector t) {
        return exp2OfNormal(t).blend(0f, t.lt(LEAST_EXPONENT));
    }

    /// `2ᵗ` for `-126 ≤ t ≤ 127`: `2ⁿ 2ʳ` with `|r| ≤ 1/2`, which is exact as nothing is multiplied by `ln
    /// 2`.
    private static FloatVector exp2OfNormal(FloatVector t) {
        FloatVector rounded = t.add(ROUNDER);
        FloatVector r = t.sub(rounded.sub(ROUNDER));
        FloatVector p = r.lanewise(FMA, all(EXP2_6), EXP2_5)
                .lanewise(FMA, r, EXP2_4)
                .lanewise(FMA, r, EXP2_3)
                .lanewise(FMA, r, EXP2_2)
                .lanewise(FMA, r, EXP2_1)
                .lanewise(FMA, r, 1f);
        return timesPowerOf2(p, rounded);
    }

    /// `x · 2ⁿ` by adding `n` to the exponent; the result must be a normal float.
    private static FloatVector timesPowerOf2(FloatVector x, FloatVector roundedN) {
        IntVector n = roundedN.reinterpretAsInts().lanewise(LSHL, EXPONENT_SHIFT);
        return x.reinterpretAsInts().add(n).reinterpretAsFloats();
    }

    /// `eˣ` for every `x`. The power of two is applied in two halves, which overflow and underflow as they
    /// should.
    static FloatVector exp(FloatVector x) {
        FloatVector inRange = x.blend(89f, x.compare(GT, 89f)).blend(-105f, x.lt(-105f));
        FloatVector rounded = rounded(inRange);
        FloatVector p = expLessOne(rest(inRange, rounded)).add(1f);
        IntVector n = rounded.reinterpretAsInts().sub(Float.floatToRawIntBits(ROUNDER));
        IntVector half = n.lanewise(ASHR, 1);
        return p.mul(powerOf2(half)).mul(powerOf2(n.sub(half)));
    }

    private static FloatVector powerOf2(IntVector n) {
        return n.add(EXPONENT_BIAS).lanewise(LSHL, EXPONENT_SHIFT).reinterpretAsFloats();
    }

    static FloatVector relu(FloatVector x) {
        return x.blend(0f, x.lt(0f));
    }

    /// `-tanh |x| = e / (2 + e)` with `e = exp(-2|x|) - 1`, which keeps all digits near 0.
    static FloatVector tanh(FloatVector x) {
        FloatVector size = x.abs();
        FloatVector y = size.blend(10f, size.compare(GT, 10f)).mul(-2f);
        FloatVector rounded = rounded(y);
        FloatVector power = rounded.reinterpretAsInts()
                .lanewise(LSHL, EXPONENT_SHIFT)
                .add(ONE_BITS)
                .reinterpretAsFloats();
        FloatVector e = expLessOne(rest(y, rounded)).fma(power, power.sub(1f));
        return e.div(e.add(2f)).lanewise(NEG, x.compare(GT, 0f));
    }

    /// `x · sigmoid(y)`
    private static FloatVector timesSigmoid(FloatVector x, FloatVector y) {
        FloatVector least = y.blend(-88f, y.lt(-88f));
        return x.div(expUpTo88(least.neg()).add(1f));
    }

    /// `1 / (1 + e⁻ˣ)`
    static FloatVector sigmoid(FloatVector x) {
        FloatVector least = x.blend(-88f, x.lt(-88f));
        return all(1f).div(expUpTo88(least.neg()).add(1f));
    }

    /// `x / (1 + e⁻ˣ)`
    static FloatVector silu(FloatVector x) {
        FloatVector least = x.blend(-88f, x.lt(-88f));
        return timesSigmoid(least, least);
    }

    /// `x / (1 + e^(-1.702 x))`
    static FloatVector quickGelu(FloatVector x) {
        FloatVector least = x.blend(-51f, x.lt(-51f));
        return timesSigmoid(least, least.mul(1.702f));
    }

    /// `x/2 (1 + tanh u) = x · sigmoid(2u)`, which needs no tanh and keeps the digits of its small negative
    /// end.
    static FloatVector geluTanh(FloatVector x) {
        FloatVector least = x.blend(-12f, x.lt(-12f));
        FloatVector cubed = least.mul(least).lanewise(FMA, all(0.071354814f), 1.5957692f); // 2 √(2/π) (1 + 0.044715 x²)
        return timesSigmoid(least, least.mul(cubed));
    }

    /// `x Φ(x)` as `max(0, x) - a Φ(-a)` with `a = |x|`. The tail is `Φ(-a) = 2^-g(a)`; `g` is close to a
    /// parabola, and a polynomial of degree 9 fits it so that `a Φ(-a)` is off by at most 1.4e-9. No
    /// division, no branch, and nothing cancels at the negative end.
    static FloatVector gelu(FloatVector x) {
        FloatVector size = x.abs();
        FloatVector a = size.blend(GELU_END, size.compare(GT, GELU_END));
        FloatVector minusG = all(GELU_9)
                .lanewise(FMA, a, GELU_8)
                .lanewise(FMA, a, GELU_7)
                .lanewise(FMA, a, GELU_6)
                .lanewise(FMA, a, GELU_5)
                .lanewise(FMA, a, GELU_4)
                .lanewise(FMA, a, GELU_3)
                .lanewise(FMA, a, GELU_2)
                .lanewise(FMA, a, GELU_1)
                .lanewise(FMA, a, GELU_0);
        FloatVector tail = exp2OfNormal(minusG);
        return a.neg().fma(tail, relu(x));
    }
}

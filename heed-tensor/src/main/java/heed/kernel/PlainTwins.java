package heed.kernel;

import java.util.Arrays;

/// The loops that take most of a short text's time, in plain Java and with the bits of their vector twins:
/// every step is the same, one value at a time. So nobody can tell which of the two has computed a result.
/// [FirstCalls] says when these are used.
final class PlainTwins {
    private PlainTwins() {}

    /// [FourVectorTile#multiply] for panels of any width: for each output one multiply-add after the other over
    /// `k`, added to the addend at the end.
    static void multiply(
            int rows,
            int depth,
            float[] a,
            int aOffset,
            int aStride,
            int aStep,
            float[] b,
            int bOffset,
            int width,
            float[] addend,
            int addendOffset,
            int addendStride,
            float[] c,
            int cOffset,
            int cStride) {
        float[] sums = new float[width];
        for (int row = 0; row < rows; row++) {
            Arrays.fill(sums, 0);
            for (int k = 0; k < depth; k++) {
                addScaled(a[aOffset + row * aStride + k * aStep], b, bOffset + k * width, sums);
            }
            for (int n = 0; n < width; n++) {
                c[cOffset + row * cStride + n] = sums[n] + addend[addendOffset + row * addendStride + n];
            }
        }
    }

    private static void addScaled(float x, float[] b, int bOffset, float[] sums) {
        for (int n = 0; n < sums.length; n++) {
            sums[n] = Math.fma(x, b[bOffset + n], sums[n]);
        }
    }

    /// [VectorMath#gelu], where it is explained.
    static void gelu(float[] x, int offset, int n) {
        for (int i = offset; i < offset + n; i++) {
            float a = Math.abs(x[i]);
            a = a > VectorMath.GELU_END ? VectorMath.GELU_END : a;
            float minusG = Math.fma(VectorMath.GELU_9, a, VectorMath.GELU_8);
            minusG = Math.fma(minusG, a, VectorMath.GELU_7);
            minusG = Math.fma(minusG, a, VectorMath.GELU_6);
            minusG = Math.fma(minusG, a, VectorMath.GELU_5);
            minusG = Math.fma(minusG, a, VectorMath.GELU_4);
            minusG = Math.fma(minusG, a, VectorMath.GELU_3);
            minusG = Math.fma(minusG, a, VectorMath.GELU_2);
            minusG = Math.fma(minusG, a, VectorMath.GELU_1);
            minusG = Math.fma(minusG, a, VectorMath.GELU_0);
            x[i] = Math.fma(-a, exp2OfNormal(minusG), x[i] < 0 ? 0 : x[i]);
        }
    }

    private static float exp2OfNormal(float t) {
        float rounded = t + VectorMath.ROUNDER;
        float r = t - (rounded - VectorMath.ROUNDER);
        float p = Math.fma(r, VectorMath.EXP2_6, VectorMath.EXP2_5);
        p = Math.fma(p, r, VectorMath.EXP2_4);
        p = Math.fma(p, r, VectorMath.EXP2_3);
        p = Math.fma(p, r, VectorMath.EXP2_2);
        p = Math.fma(p, r, VectorMath.EXP2_1);
        p = Math.fma(p, r, 1f);
        int n = Float.floatToRawIntBits(rounded) << VectorMath.EXPONENT_SHIFT;
        return Float.intBitsToFloat(Float.floatToRawIntBits(p) + n);
    }
}

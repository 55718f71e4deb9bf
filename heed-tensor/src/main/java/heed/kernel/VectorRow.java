package heed.kernel;

import static heed.kernel.VectorMath.expUpTo88;
import static heed.kernel.VectorMath.sum;
import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.MAX;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Softmax and normalisation of one row.
final class VectorRow {
    private VectorRow() {}

    static void softmax(float[] x, int offset, int n) {
        float max = max(x, offset, n);
        if (max == Float.NEGATIVE_INFINITY) {
            Arrays.fill(x, offset, offset + n, 0);
            return;
        }
        FloatVector shift = FloatVector.broadcast(FLOATS, max);
        FloatVector total = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            FloatVector weight =
                    expUpTo88(FloatVector.fromArray(FLOATS, x, offset + i).sub(shift));
            weight.intoArray(x, offset + i);
            total = total.add(weight);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            FloatVector weight =
                    expUpTo88(FloatVector.fromArray(FLOATS, x, offset + i, tail).sub(shift));
            weight.intoArray(x, offset + i, tail);
            total = total.add(weight, tail);
        }
        scale(1 / sum(total), x, offset, n, x, offset);
    }

    static float max(float[] x, int offset, int n) {
        FloatVector max = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            FloatVector next = FloatVector.fromArray(FLOATS, x, offset + i);
            max = max.blend(next, next.compare(GT, max));
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            FloatVector next = FloatVector.fromArray(FLOATS, x, offset + i, tail);
            max = max.blend(next, next.compare(GT, max).and(tail));
        }
        return max.reduceLanes(MAX);
    }

    /// `Σ a b` of short rows.
    static float dot(float[] a, int aOffset, float[] b, int bOffset, int n) {
        FloatVector sum = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            sum = FloatVector.fromArray(FLOATS, a, aOffset + i).fma(FloatVector.fromArray(FLOATS, b, bOffset + i), sum);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            sum = FloatVector.fromArray(FLOATS, a, aOffset + i, tail)
                    .fma(FloatVector.fromArray(FLOATS, b, bOffset + i, tail), sum);
        }
        return sum(sum);
    }

    /// `y = factor * x`
    static void scale(float factor, float[] x, int offset, int n, float[] y, int yOffset) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            FloatVector.fromArray(FLOATS, x, offset + i).mul(factor).intoArray(y, yOffset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            FloatVector.fromArray(FLOATS, x, offset + i, tail).mul(factor).intoArray(y, yOffset + i, tail);
        }
    }

    /// `y = a + b`
    static void add(float[] a, int aOffset, float[] b, int bOffset, int n, float[] y, int yOffset) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            FloatVector.fromArray(FLOATS, a, aOffset + i)
                    .add(FloatVector.fromArray(FLOATS, b, bOffset + i))
                    .intoArray(y, yOffset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            FloatVector.fromArray(FLOATS, a, aOffset + i, tail)
                    .add(FloatVector.fromArray(FLOATS, b, bOffset + i, tail))
                    .intoArray(y, yOffset + i, tail);
        }
    }

    /// In two passes, mean first: the difference `mean(x²) - mean²` of one pass cancels where the mean is
    /// large.
    static void normalize(float[] x, int offset, int d, float[] gain, float[] bias, float eps, float[] y, int yOffset) {
        float mean = sumOfRow(x, offset, d) / d;
        float variance = sumOfSquares(x, offset, d, mean) / d;
        float factor = (float) (1 / Math.sqrt(variance + eps));
        shiftAndScale(x, offset, d, mean, factor, gain, bias, y, yOffset);
    }

    /// `y = (x - mean) * factor * gain + bias`
    private static void shiftAndScale(
            float[] x,
            int offset,
            int d,
            float mean,
            float factor,
            float[] gain,
            float[] bias,
            float[] y,
            int yOffset) {
        int i = 0;
        for (; i + LANES <= d; i += LANES) {
            FloatVector normal =
                    FloatVector.fromArray(FLOATS, x, offset + i).sub(mean).mul(factor);
            FloatVector shift = FloatVector.fromArray(FLOATS, bias, i);
            normal.fma(FloatVector.fromArray(FLOATS, gain, i), shift).intoArray(y, yOffset + i);
        }
        if (i < d) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, d - i);
            FloatVector normal =
                    FloatVector.fromArray(FLOATS, x, offset + i, tail).sub(mean).mul(factor);
            FloatVector shift = FloatVector.fromArray(FLOATS, bias, i, tail);
            normal.fma(FloatVector.fromArray(FLOATS, gain, i, tail), shift).intoArray(y, yOffset + i, tail);
        }
    }

    static float sumOfRow(float[] x, int offset, int n) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = FloatVector.zero(FLOATS);
        FloatVector sum2 = FloatVector.zero(FLOATS);
        FloatVector sum3 = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i + 4 * LANES <= n; i += 4 * LANES) {
            sum0 = sum0.add(FloatVector.fromArray(FLOATS, x, offset + i));
            sum1 = sum1.add(FloatVector.fromArray(FLOATS, x, offset + i + LANES));
            sum2 = sum2.add(FloatVector.fromArray(FLOATS, x, offset + i + 2 * LANES));
            sum3 = sum3.add(FloatVector.fromArray(FLOATS, x, offset + i + 3 * LANES));
        }
        for (; i + LANES <= n; i += LANES) {
            sum0 = sum0.add(FloatVector.fromArray(FLOATS, x, offset + i));
        }
        if (i < n) {
            sum1 = sum1.add(FloatVector.fromArray(FLOATS, x, offset + i, FLOATS.indexInRange(0, n - i)));
        }
        return sum(sum0.add(sum1).add(sum2.add(sum3)));
    }

    /// `Σ (x - mean)²`
    static float sumOfSquares(float[] x, int offset, int n, float mean) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = FloatVector.zero(FLOATS);
        FloatVector sum2 = FloatVector.zero(FLOATS);
        FloatVector sum3 = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i + 4 * LANES <= n; i += 4 * LANES) {
            FloatVector x0 = FloatVector.fromArray(FLOATS, x, offset + i).sub(mean);
            FloatVector x1 =
                    FloatVector.fromArray(FLOATS, x, offset + i + LANES).sub(mean);
            FloatVector x2 =
                    FloatVector.fromArray(FLOATS, x, offset + i + 2 * LANES).sub(mean);
            FloatVector x3 =
                    FloatVector.fromArray(FLOATS, x, offset + i + 3 * LANES).sub(mean);
            sum0 = x0.fma(x0, sum0);
            sum1 = x1.fma(x1, sum1);
            sum2 = x2.fma(x2, sum2);
            sum3 = x3.fma(x3, sum3);
        }
        for (; i + LANES <= n; i += LANES) {
            FloatVector left = FloatVector.fromArray(FLOATS, x, offset + i).sub(mean);
            sum0 = left.fma(left, sum0);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            FloatVector left =
                    FloatVector.fromArray(FLOATS, x, offset + i, tail).sub(mean, tail);
            sum1 = left.fma(left, sum1);
        }
        return sum(sum0.add(sum1).add(sum2.add(sum3)));
    }

    /// `y += Σ weights[k] · x[k, ·]` over four vectors of columns, in the order of `k`, the sum first.
    ///
    /// @param y weights and result lie in one array
    static void addWeightedRows4(float[] y, int weights, int n, float[] x, int xOffset, int xStride, int yOffset) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        for (int k = 0; k < n; k++) {
            FloatVector weight = FloatVector.broadcast(FLOATS, y[weights + k]);
            int at = xOffset + k * xStride;
            sum0 = FloatVector.fromArray(FLOATS, x, at).fma(weight, sum0);
            sum1 = FloatVector.fromArray(FLOATS, x, at + LANES).fma(weight, sum1);
            sum2 = FloatVector.fromArray(FLOATS, x, at + 2 * LANES).fma(weight, sum2);
            sum3 = FloatVector.fromArray(FLOATS, x, at + 3 * LANES).fma(weight, sum3);
        }
        sum0.add(FloatVector.fromArray(FLOATS, y, yOffset)).intoArray(y, yOffset);
        sum1.add(FloatVector.fromArray(FLOATS, y, yOffset + LANES)).intoArray(y, yOffset + LANES);
        sum2.add(FloatVector.fromArray(FLOATS, y, yOffset + 2 * LANES)).intoArray(y, yOffset + 2 * LANES);
        sum3.add(FloatVector.fromArray(FLOATS, y, yOffset + 3 * LANES)).intoArray(y, yOffset + 3 * LANES);
    }

    /// The same over one vector of columns.
    static void addWeightedRows1(float[] y, int weights, int n, float[] x, int xOffset, int xStride, int yOffset) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int k = 0; k < n; k++) {
            sum = FloatVector.fromArray(FLOATS, x, xOffset + k * xStride)
                    .fma(FloatVector.broadcast(FLOATS, y[weights + k]), sum);
        }
        sum.add(FloatVector.fromArray(FLOATS, y, yOffset)).intoArray(y, yOffset);
    }
}

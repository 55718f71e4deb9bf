package heed.kernel;

import static heed.kernel.VectorMath.all;
import static heed.kernel.VectorMath.expUpTo88;
import static heed.kernel.VectorMath.first;
import static heed.kernel.VectorMath.load;
import static heed.kernel.VectorMath.sum;
import static heed.kernel.VectorMath.zero;
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
        FloatVector shift = all(max);
        FloatVector sum0 = zero();
        FloatVector sum1 = zero();
        int i = 0;
        for (; i + 2 * LANES <= n; i += 2 * LANES) {
            FloatVector weight0 = expUpTo88(load(x, offset + i).sub(shift));
            FloatVector weight1 = expUpTo88(load(x, offset + i + LANES).sub(shift));
            weight0.intoArray(x, offset + i);
            weight1.intoArray(x, offset + i + LANES);
            sum0 = sum0.add(weight0);
            sum1 = sum1.add(weight1);
        }
        for (; i < n; i += LANES) {
            VectorMask<Float> lanes = first(Math.min(LANES, n - i));
            FloatVector weight = expUpTo88(load(x, offset + i, lanes).sub(shift));
            weight.intoArray(x, offset + i, lanes);
            sum0 = sum0.add(weight, lanes);
        }
        scale(1 / sum(sum0.add(sum1)), x, offset, n);
    }

    private static float max(float[] x, int offset, int n) {
        FloatVector max0 = all(Float.NEGATIVE_INFINITY);
        FloatVector max1 = max0;
        int i = 0;
        for (; i + 2 * LANES <= n; i += 2 * LANES) {
            FloatVector x0 = load(x, offset + i);
            FloatVector x1 = load(x, offset + i + LANES);
            max0 = max0.blend(x0, x0.compare(GT, max0));
            max1 = max1.blend(x1, x1.compare(GT, max1));
        }
        for (; i < n; i += LANES) {
            VectorMask<Float> lanes = first(Math.min(LANES, n - i));
            FloatVector left = load(x, offset + i, lanes);
            max0 = max0.blend(left, left.compare(GT, max0).and(lanes));
        }
        return max0.max(max1).reduceLanes(MAX);
    }

    private static void scale(float factor, float[] x, int offset, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            load(x, offset + i).mul(factor).intoArray(x, offset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = first(n - i);
            load(x, offset + i, tail).mul(factor).intoArray(x, offset + i, tail);
        }
    }

    /// `y = a + b`
    static void add(float[] a, int aOffset, float[] b, int bOffset, int n, float[] y, int yOffset) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            load(a, aOffset + i).add(load(b, bOffset + i)).intoArray(y, yOffset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = first(n - i);
            load(a, aOffset + i, tail).add(load(b, bOffset + i, tail)).intoArray(y, yOffset + i, tail);
        }
    }

    /// In two passes, mean first: the difference `mean(x²) - mean²` of one pass cancels where the mean is
    /// large.
    static void normalize(float[] x, int offset, int d, float[] gain, float[] bias, float eps, float[] y, int yOffset) {
        float mean = sumOfRow(x, offset, d) / d;
        float variance = sumOfSquares(x, offset, d, mean) / d;
        float factor = (float) (1 / Math.sqrt(variance + eps));
        int i = 0;
        for (; i + LANES <= d; i += LANES) {
            FloatVector normal = load(x, offset + i).sub(mean).mul(factor);
            normal.fma(load(gain, i), load(bias, i)).intoArray(y, yOffset + i);
        }
        if (i < d) {
            VectorMask<Float> tail = first(d - i);
            FloatVector normal = load(x, offset + i, tail).sub(mean).mul(factor);
            normal.fma(load(gain, i, tail), load(bias, i, tail)).intoArray(y, yOffset + i, tail);
        }
    }

    private static float sumOfRow(float[] x, int offset, int n) {
        FloatVector sum0 = zero();
        FloatVector sum1 = zero();
        FloatVector sum2 = zero();
        FloatVector sum3 = zero();
        int i = 0;
        for (; i + 4 * LANES <= n; i += 4 * LANES) {
            sum0 = sum0.add(load(x, offset + i));
            sum1 = sum1.add(load(x, offset + i + LANES));
            sum2 = sum2.add(load(x, offset + i + 2 * LANES));
            sum3 = sum3.add(load(x, offset + i + 3 * LANES));
        }
        for (; i + LANES <= n; i += LANES) {
            sum0 = sum0.add(load(x, offset + i));
        }
        if (i < n) {
            sum1 = sum1.add(load(x, offset + i, first(n - i)));
        }
        return sum(sum0.add(sum1).add(sum2.add(sum3)));
    }

    /// `Σ (x - mean)²`
    private static float sumOfSquares(float[] x, int offset, int n, float mean) {
        FloatVector sum0 = zero();
        FloatVector sum1 = zero();
        FloatVector sum2 = zero();
        FloatVector sum3 = zero();
        int i = 0;
        for (; i + 4 * LANES <= n; i += 4 * LANES) {
            FloatVector x0 = load(x, offset + i).sub(mean);
            FloatVector x1 = load(x, offset + i + LANES).sub(mean);
            FloatVector x2 = load(x, offset + i + 2 * LANES).sub(mean);
            FloatVector x3 = load(x, offset + i + 3 * LANES).sub(mean);
            sum0 = x0.fma(x0, sum0);
            sum1 = x1.fma(x1, sum1);
            sum2 = x2.fma(x2, sum2);
            sum3 = x3.fma(x3, sum3);
        }
        for (; i + LANES <= n; i += LANES) {
            FloatVector left = load(x, offset + i).sub(mean);
            sum0 = left.fma(left, sum0);
        }
        if (i < n) {
            VectorMask<Float> tail = first(n - i);
            FloatVector left = load(x, offset + i, tail).sub(mean, tail);
            sum1 = left.fma(left, sum1);
        }
        return sum(sum0.add(sum1).add(sum2.add(sum3)));
    }
}

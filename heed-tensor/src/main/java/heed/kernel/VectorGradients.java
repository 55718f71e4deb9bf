package heed.kernel;

import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;
import static jdk.incubator.vector.VectorOperators.GT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// The loops of training on vector registers, by the rules of [VectorKernels].
final class VectorGradients implements GradientKernels {
    @Override
    public void activate(Activation activation, float[] x, int xOffset, float[] dy, int offset, int n) {
        switch (activation) {
            case IDENTITY -> {}
            case RELU -> relu(x, xOffset, dy, offset, n);
            case GELU -> gelu(x, xOffset, dy, offset, n);
            case GELU_TANH -> geluTanh(x, xOffset, dy, offset, n);
            case QUICK_GELU -> quickGelu(x, xOffset, dy, offset, n);
            case SILU -> silu(x, xOffset, dy, offset, n);
            case TANH -> tanh(x, xOffset, dy, offset, n);
        }
    }

    private static void relu(float[] x, int xOffset, float[] dy, int offset, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> inside = FLOATS.indexInRange(i, n);
            FloatVector at = FloatVector.fromArray(FLOATS, x, xOffset + i, inside);
            FloatVector.zero(FLOATS)
                    .blend(FloatVector.fromArray(FLOATS, dy, offset + i, inside), at.compare(GT, 0f))
                    .intoArray(dy, offset + i, inside);
        }
    }

    private static void gelu(float[] x, int xOffset, float[] dy, int offset, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> inside = FLOATS.indexInRange(i, n);
            VectorMath.geluSlope(FloatVector.fromArray(FLOATS, x, xOffset + i, inside))
                    .mul(FloatVector.fromArray(FLOATS, dy, offset + i, inside))
                    .intoArray(dy, offset + i, inside);
        }
    }

    private static void geluTanh(float[] x, int xOffset, float[] dy, int offset, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> inside = FLOATS.indexInRange(i, n);
            VectorMath.geluTanhSlope(FloatVector.fromArray(FLOATS, x, xOffset + i, inside))
                    .mul(FloatVector.fromArray(FLOATS, dy, offset + i, inside))
                    .intoArray(dy, offset + i, inside);
        }
    }

    private static void quickGelu(float[] x, int xOffset, float[] dy, int offset, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> inside = FLOATS.indexInRange(i, n);
            VectorMath.quickGeluSlope(FloatVector.fromArray(FLOATS, x, xOffset + i, inside))
                    .mul(FloatVector.fromArray(FLOATS, dy, offset + i, inside))
                    .intoArray(dy, offset + i, inside);
        }
    }

    private static void silu(float[] x, int xOffset, float[] dy, int offset, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> inside = FLOATS.indexInRange(i, n);
            VectorMath.siluSlope(FloatVector.fromArray(FLOATS, x, xOffset + i, inside))
                    .mul(FloatVector.fromArray(FLOATS, dy, offset + i, inside))
                    .intoArray(dy, offset + i, inside);
        }
    }

    private static void tanh(float[] x, int xOffset, float[] dy, int offset, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> inside = FLOATS.indexInRange(i, n);
            FloatVector y = VectorMath.tanh(FloatVector.fromArray(FLOATS, x, xOffset + i, inside));
            y.neg()
                    .fma(y, FloatVector.broadcast(FLOATS, 1f))
                    .mul(FloatVector.fromArray(FLOATS, dy, offset + i, inside))
                    .intoArray(dy, offset + i, inside);
        }
    }

    @Override
    public void layerNorm(
            float[] x,
            int offset,
            int rows,
            int d,
            float[] gain,
            float eps,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            float[] dGain,
            int dGainOffset,
            float[] dBias,
            int dBiasOffset) {
        for (int row = 0; row < rows; row++) {
            int at = offset + row * d;
            int dyAt = dyOffset + row * d;
            float mean = VectorRow.sumOfRow(x, at, d) / d;
            float factor = (float) (1 / Math.sqrt(VectorRow.sumOfSquares(x, at, d, mean) / d + eps));
            float meanG = gainDot(dy, dyAt, gain, d) / d;
            float meanGN = centredDot(x, at, mean, factor, dy, dyAt, gain, d) / d;
            normGradient(
                    x, at, mean, factor, gain, dy, dyAt, d, meanG, meanGN, dx, dxOffset + row * d, dGain, dGainOffset);
            VectorRow.add(dBias, dBiasOffset, dy, dyAt, d, dBias, dBiasOffset);
        }
    }

    @Override
    public void rmsNorm(
            float[] x,
            int offset,
            int rows,
            int d,
            float[] gain,
            float eps,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            float[] dGain,
            int dGainOffset) {
        for (int row = 0; row < rows; row++) {
            int at = offset + row * d;
            int dyAt = dyOffset + row * d;
            float factor = (float) (1 / Math.sqrt(VectorRow.sumOfSquares(x, at, d, 0) / d + eps));
            float meanGN = centredDot(x, at, 0, factor, dy, dyAt, gain, d) / d;
            normGradient(x, at, 0, factor, gain, dy, dyAt, d, 0, meanGN, dx, dxOffset + row * d, dGain, dGainOffset);
        }
    }

    private static float gainDot(float[] dy, int dyOffset, float[] gain, int d) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        for (int i = 0; i < d; i += LANES) {
            VectorMask<Float> inside = FLOATS.indexInRange(i, d);
            sum0 = FloatVector.fromArray(FLOATS, dy, dyOffset + i, inside)
                    .fma(FloatVector.fromArray(FLOATS, gain, i, inside), sum0);
        }
        return VectorMath.sum(sum0);
    }

    /// `Σ dy · gain · (x - mean) · factor`
    private static float centredDot(
            float[] x, int offset, float mean, float factor, float[] dy, int dyOffset, float[] gain, int d) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        for (int i = 0; i < d; i += LANES) {
            VectorMask<Float> inside = FLOATS.indexInRange(i, d);
            FloatVector g = FloatVector.fromArray(FLOATS, dy, dyOffset + i, inside)
                    .mul(FloatVector.fromArray(FLOATS, gain, i, inside)); // 0 beyond the row
            sum0 = FloatVector.fromArray(FLOATS, x, offset + i, inside)
                    .sub(mean)
                    .mul(factor)
                    .fma(g, sum0);
        }
        return VectorMath.sum(sum0);
    }

    /// `dx += (dy · gain - meanG - n · meanGN) · factor` and `dGain += dy · n`, with `n = (x - mean) · factor`.
    private static void normGradient(
            float[] x,
            int offset,
            float mean,
            float factor,
            float[] gain,
            float[] dy,
            int dyOffset,
            int d,
            float meanG,
            float meanGN,
            float[] dx,
            int dxOffset,
            float[] dGain,
            int dGainOffset) {
        for (int i = 0; i < d; i += LANES) {
            VectorMask<Float> inside = FLOATS.indexInRange(i, d);
            FloatVector n = FloatVector.fromArray(FLOATS, x, offset + i, inside)
                    .sub(mean)
                    .mul(factor);
            FloatVector dyAt = FloatVector.fromArray(FLOATS, dy, dyOffset + i, inside);
            FloatVector g = dyAt.mul(FloatVector.fromArray(FLOATS, gain, i, inside));
            FloatVector direction =
                    n.fma(FloatVector.broadcast(FLOATS, -meanGN), g).sub(meanG);
            direction
                    .fma(FloatVector.broadcast(FLOATS, factor), FloatVector.fromArray(FLOATS, dx, dxOffset + i, inside))
                    .intoArray(dx, dxOffset + i, inside);
            dyAt.fma(n, FloatVector.fromArray(FLOATS, dGain, dGainOffset + i, inside))
                    .intoArray(dGain, dGainOffset + i, inside);
        }
    }

    @Override
    public void addColumnSums(float[] x, int offset, int stride, int rows, int columns, float[] sums, int sumsOffset) {
        for (int j = 0; j < columns; j += LANES) {
            VectorMask<Float> inside = FLOATS.indexInRange(j, columns);
            FloatVector sum = FloatVector.fromArray(FLOATS, sums, sumsOffset + j, inside);
            for (int row = 0; row < rows; row++) {
                sum = sum.add(FloatVector.fromArray(FLOATS, x, offset + row * stride + j, inside));
            }
            sum.intoArray(sums, sumsOffset + j, inside);
        }
    }

    @Override
    public void addTimes(float[] x, int xOffset, float[] y, int yOffset, float[] z, int zOffset, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> inside = FLOATS.indexInRange(i, n);
            FloatVector.fromArray(FLOATS, x, xOffset + i, inside)
                    .fma(
                            FloatVector.fromArray(FLOATS, y, yOffset + i, inside),
                            FloatVector.fromArray(FLOATS, z, zOffset + i, inside))
                    .intoArray(z, zOffset + i, inside);
        }
    }

    @Override
    public float sum(float[] x, int offset, int n) {
        return VectorRow.sumOfRow(x, offset, n);
    }

    @Override
    public float logSumExp(float[] x, int offset, int n) {
        float max = VectorRow.max(x, offset, n);
        if (max == Float.NEGATIVE_INFINITY) {
            return max;
        }
        FloatVector total = FloatVector.zero(FLOATS);
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> inside = FLOATS.indexInRange(i, n);
            FloatVector weight = VectorMath.expUpTo88(
                    FloatVector.fromArray(FLOATS, x, offset + i, inside).sub(max));
            total = total.add(weight, inside);
        }
        return (float) (max + Math.log(VectorMath.sum(total)));
    }

    @Override
    public void addSoftmaxGradient(
            float[] x, int offset, int n, float logSumExp, float factor, float shift, float[] dx, int dxOffset) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> inside = FLOATS.indexInRange(i, n);
            VectorMath.expUpTo88(
                            FloatVector.fromArray(FLOATS, x, offset + i, inside).sub(logSumExp))
                    .mul(factor)
                    .add(shift)
                    .add(FloatVector.fromArray(FLOATS, dx, dxOffset + i, inside))
                    .intoArray(dx, dxOffset + i, inside);
        }
    }

    @Override
    public void drop(Dropout dropout, long row, float[] x, int offset, float[] y, int yOffset, int n) {
        VectorDropout.dropRow(dropout, row, 0, x, offset, y, yOffset, n);
    }

    @Override
    public void attend(AttentionGradient gradient, float[] scratch) {
        VectorAttentionGradient.attend(gradient, scratch);
    }

    @Override
    public int attentionScratch(int dHead) {
        return VectorAttentionGradient.scratch(dHead);
    }

    @Override
    public void adam(
            float[] x,
            float[] gradient,
            float[] m,
            float[] v,
            int offset,
            int n,
            float beta1,
            float beta2,
            float keep,
            float rate,
            float correction,
            float eps) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> inside = FLOATS.indexInRange(i, n);
            FloatVector g = FloatVector.fromArray(FLOATS, gradient, offset + i, inside);
            FloatVector first = FloatVector.fromArray(FLOATS, m, offset + i, inside)
                    .mul(beta1)
                    .add(g.mul(1 - beta1));
            FloatVector second = FloatVector.fromArray(FLOATS, v, offset + i, inside)
                    .mul(beta2)
                    .add(g.mul(g).mul(1 - beta2));
            first.intoArray(m, offset + i, inside);
            second.intoArray(v, offset + i, inside);
            FloatVector step = first.mul(rate).div(second.sqrt().mul(correction).add(eps));
            FloatVector.fromArray(FLOATS, x, offset + i, inside)
                    .mul(keep)
                    .sub(step)
                    .intoArray(x, offset + i, inside);
        }
    }

    @Override
    public void scale(float factor, float[] x, int offset, int n) {
        VectorRow.scale(factor, x, offset, n, x, offset);
    }

    @Override
    public boolean finite(float[] x, int offset, int n) {
        FloatVector difference = FloatVector.zero(FLOATS); // x - x is 0 where x is finite, otherwise NaN
        for (int i = 0; i < n; i += LANES) {
            FloatVector at = FloatVector.fromArray(FLOATS, x, offset + i, FLOATS.indexInRange(i, n));
            difference = difference.add(at.sub(at));
        }
        return VectorMath.sum(difference) == 0;
    }
}

package heed.kernel;

import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// The loops of training on vector registers, by the rules of [VectorKernels].
final class VectorGradients implements GradientKernels {
    @Override
    public void activate(Activation activation, float[] x, int xOffset, float[] dy, int offset, int n) {
        switch (activation) {
            case IDENTITY -> {}
            case RELU -> VectorSlope.relu(x, xOffset, dy, offset, n);
            case GELU -> VectorSlope.gelu(x, xOffset, dy, offset, n);
            case GELU_TANH -> VectorSlope.geluTanh(x, xOffset, dy, offset, n);
            case QUICK_GELU -> VectorSlope.silu(1.702f, x, xOffset, dy, offset, n);
            case SILU -> VectorSlope.silu(1, x, xOffset, dy, offset, n);
            case TANH -> VectorSlope.tanh(x, xOffset, dy, offset, n);
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
            float meanG = VectorNormGradient.gainDot(dy, dyAt, gain, d) / d;
            float meanGN = VectorNormGradient.centredDot(x, at, mean, factor, dy, dyAt, gain, d) / d;
            VectorNormGradient.add(
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
            float meanGN = VectorNormGradient.centredDot(x, at, 0, factor, dy, dyAt, gain, d) / d;
            VectorNormGradient.add(
                    x, at, 0, factor, gain, dy, dyAt, d, 0, meanGN, dx, dxOffset + row * d, dGain, dGainOffset);
        }
    }

    @Override
    public void addColumnSums(float[] x, int offset, int stride, int rows, int columns, float[] sums, int sumsOffset) {
        int j = 0;
        for (; j + LANES <= columns; j += LANES) {
            FloatVector sum = FloatVector.fromArray(FLOATS, sums, sumsOffset + j);
            for (int row = 0; row < rows; row++) {
                sum = sum.add(FloatVector.fromArray(FLOATS, x, offset + row * stride + j));
            }
            sum.intoArray(sums, sumsOffset + j);
        }
        if (j < columns) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, columns - j);
            FloatVector sum = FloatVector.fromArray(FLOATS, sums, sumsOffset + j, tail);
            for (int row = 0; row < rows; row++) {
                sum = sum.add(FloatVector.fromArray(FLOATS, x, offset + row * stride + j, tail));
            }
            sum.intoArray(sums, sumsOffset + j, tail);
        }
    }

    @Override
    public void addTimes(float[] x, int xOffset, float[] y, int yOffset, float[] z, int zOffset, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            FloatVector.fromArray(FLOATS, x, xOffset + i)
                    .fma(FloatVector.fromArray(FLOATS, y, yOffset + i), FloatVector.fromArray(FLOATS, z, zOffset + i))
                    .intoArray(z, zOffset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            FloatVector.fromArray(FLOATS, x, xOffset + i, tail)
                    .fma(
                            FloatVector.fromArray(FLOATS, y, yOffset + i, tail),
                            FloatVector.fromArray(FLOATS, z, zOffset + i, tail))
                    .intoArray(z, zOffset + i, tail);
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
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            total = total.add(VectorMath.expUpTo88(
                    FloatVector.fromArray(FLOATS, x, offset + i).sub(max)));
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            FloatVector weight = VectorMath.expUpTo88(
                    FloatVector.fromArray(FLOATS, x, offset + i, tail).sub(max));
            total = total.add(weight, tail);
        }
        return (float) (max + Math.log(VectorMath.sum(total)));
    }

    @Override
    public void addSoftmaxGradient(
            float[] x, int offset, int n, float logSumExp, float factor, float shift, float[] dx, int dxOffset) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            VectorMath.expUpTo88(FloatVector.fromArray(FLOATS, x, offset + i).sub(logSumExp))
                    .mul(factor)
                    .add(shift)
                    .add(FloatVector.fromArray(FLOATS, dx, dxOffset + i))
                    .intoArray(dx, dxOffset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            VectorMath.expUpTo88(
                            FloatVector.fromArray(FLOATS, x, offset + i, tail).sub(logSumExp))
                    .mul(factor)
                    .add(shift)
                    .add(FloatVector.fromArray(FLOATS, dx, dxOffset + i, tail))
                    .intoArray(dx, dxOffset + i, tail);
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
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            FloatVector g = FloatVector.fromArray(FLOATS, gradient, offset + i);
            FloatVector first =
                    FloatVector.fromArray(FLOATS, m, offset + i).mul(beta1).add(g.mul(1 - beta1));
            FloatVector second = FloatVector.fromArray(FLOATS, v, offset + i)
                    .mul(beta2)
                    .add(g.mul(g).mul(1 - beta2));
            first.intoArray(m, offset + i);
            second.intoArray(v, offset + i);
            FloatVector step = first.mul(rate).div(second.sqrt().mul(correction).add(eps));
            FloatVector.fromArray(FLOATS, x, offset + i).mul(keep).sub(step).intoArray(x, offset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            FloatVector g = FloatVector.fromArray(FLOATS, gradient, offset + i, tail);
            FloatVector first = FloatVector.fromArray(FLOATS, m, offset + i, tail)
                    .mul(beta1)
                    .add(g.mul(1 - beta1));
            FloatVector second = FloatVector.fromArray(FLOATS, v, offset + i, tail)
                    .mul(beta2)
                    .add(g.mul(g).mul(1 - beta2));
            first.intoArray(m, offset + i, tail);
            second.intoArray(v, offset + i, tail);
            FloatVector step = first.mul(rate).div(second.sqrt().mul(correction).add(eps));
            FloatVector.fromArray(FLOATS, x, offset + i, tail)
                    .mul(keep)
                    .sub(step)
                    .intoArray(x, offset + i, tail);
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

package heed.kernel;

import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// The way back through one row of a norm: with `n = (x - mean) · factor` and `g = dy · gain` it is `dx += (g -
/// mean(g) - n · mean(g n)) · factor` and `dGain += dy · n`. A root-mean-square norm has no mean, nor the mean
/// of `g`.
final class VectorNormGradient {
    private VectorNormGradient() {}

    /// `Σ dy · gain`
    static float gainDot(float[] dy, int dyOffset, float[] gain, int d) {
        FloatVector sum = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i + LANES <= d; i += LANES) {
            sum = FloatVector.fromArray(FLOATS, dy, dyOffset + i).fma(FloatVector.fromArray(FLOATS, gain, i), sum);
        }
        if (i < d) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, d - i);
            sum = FloatVector.fromArray(FLOATS, dy, dyOffset + i, tail)
                    .fma(FloatVector.fromArray(FLOATS, gain, i, tail), sum);
        }
        return VectorMath.sum(sum);
    }

    /// `Σ dy · gain · (x - mean) · factor`
    static float centredDot(
            float[] x, int offset, float mean, float factor, float[] dy, int dyOffset, float[] gain, int d) {
        FloatVector sum = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i + LANES <= d; i += LANES) {
            FloatVector g = FloatVector.fromArray(FLOATS, dy, dyOffset + i).mul(FloatVector.fromArray(FLOATS, gain, i));
            sum = FloatVector.fromArray(FLOATS, x, offset + i)
                    .sub(mean)
                    .mul(factor)
                    .fma(g, sum);
        }
        if (i < d) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, d - i);
            FloatVector g = FloatVector.fromArray(FLOATS, dy, dyOffset + i, tail)
                    .mul(FloatVector.fromArray(FLOATS, gain, i, tail)); // 0 beyond the row
            sum = FloatVector.fromArray(FLOATS, x, offset + i, tail)
                    .sub(mean)
                    .mul(factor)
                    .fma(g, sum);
        }
        return VectorMath.sum(sum);
    }

    static void add(
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
        FloatVector factors = FloatVector.broadcast(FLOATS, factor);
        FloatVector minusMeanGN = FloatVector.broadcast(FLOATS, -meanGN);
        int i = 0;
        for (; i + LANES <= d; i += LANES) {
            FloatVector n =
                    FloatVector.fromArray(FLOATS, x, offset + i).sub(mean).mul(factors);
            FloatVector dyAt = FloatVector.fromArray(FLOATS, dy, dyOffset + i);
            FloatVector g = dyAt.mul(FloatVector.fromArray(FLOATS, gain, i));
            n.fma(minusMeanGN, g)
                    .sub(meanG)
                    .fma(factors, FloatVector.fromArray(FLOATS, dx, dxOffset + i))
                    .intoArray(dx, dxOffset + i);
            dyAt.fma(n, FloatVector.fromArray(FLOATS, dGain, dGainOffset + i)).intoArray(dGain, dGainOffset + i);
        }
        if (i < d) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, d - i);
            FloatVector n =
                    FloatVector.fromArray(FLOATS, x, offset + i, tail).sub(mean).mul(factors);
            FloatVector dyAt = FloatVector.fromArray(FLOATS, dy, dyOffset + i, tail);
            FloatVector g = dyAt.mul(FloatVector.fromArray(FLOATS, gain, i, tail));
            n.fma(minusMeanGN, g)
                    .sub(meanG)
                    .fma(factors, FloatVector.fromArray(FLOATS, dx, dxOffset + i, tail))
                    .intoArray(dx, dxOffset + i, tail);
            dyAt.fma(n, FloatVector.fromArray(FLOATS, dGain, dGainOffset + i, tail))
                    .intoArray(dGain, dGainOffset + i, tail);
        }
    }
}

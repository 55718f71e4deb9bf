package heed.kernel;

import static heed.kernel.VectorMath.all;
import static heed.kernel.VectorMath.first;
import static heed.kernel.VectorMath.load;
import static heed.kernel.VectorMath.sum;
import static heed.kernel.VectorMath.zero;
import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;

/// The kernels on vector registers. A row is read vector by vector from its first value on, wherever it
/// starts in memory, and the values left over go through a masked vector: so results do not depend on
/// offsets.
///
/// Sums along a row use four accumulators, as one would wait for each addition before the next can begin.
final class VectorKernels implements Kernels {
    @Override
    public String name() {
        return "vector, " + FLOATS.vectorBitSize() + " bits";
    }

    @Override
    public int panelWidth() {
        return VectorProduct.PANEL_WIDTH;
    }

    @Override
    public void multiply(
            float[] a,
            int aOffset,
            int aStride,
            int m,
            PackedMatrix b,
            int firstPanel,
            int lastPanel,
            float @Nullable [] bias,
            float[] c,
            int cOffset,
            int cStride) {
        VectorProduct.multiply(a, aOffset, aStride, m, b, firstPanel, lastPanel, bias, c, cOffset, cStride);
    }

    @Override
    public float dot(float[] a, int aOffset, float[] b, int bOffset, int n) {
        FloatVector sum0 = zero();
        FloatVector sum1 = zero();
        FloatVector sum2 = zero();
        FloatVector sum3 = zero();
        int i = 0;
        for (; i + 4 * LANES <= n; i += 4 * LANES) {
            int x = aOffset + i;
            int y = bOffset + i;
            sum0 = load(a, x).fma(load(b, y), sum0);
            sum1 = load(a, x + LANES).fma(load(b, y + LANES), sum1);
            sum2 = load(a, x + 2 * LANES).fma(load(b, y + 2 * LANES), sum2);
            sum3 = load(a, x + 3 * LANES).fma(load(b, y + 3 * LANES), sum3);
        }
        for (; i + LANES <= n; i += LANES) {
            sum0 = load(a, aOffset + i).fma(load(b, bOffset + i), sum0);
        }
        if (i < n) {
            VectorMask<Float> tail = first(n - i);
            sum1 = load(a, aOffset + i, tail).fma(load(b, bOffset + i, tail), sum1);
        }
        return sum(sum0.add(sum1).add(sum2.add(sum3)));
    }

    @Override
    public void addScaled(float factor, float[] x, int xOffset, float[] y, int yOffset, int n) {
        FloatVector factors = all(factor);
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            load(x, xOffset + i).fma(factors, load(y, yOffset + i)).intoArray(y, yOffset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = first(n - i);
            load(x, xOffset + i, tail).fma(factors, load(y, yOffset + i, tail)).intoArray(y, yOffset + i, tail);
        }
    }

    @Override
    public void add(float[] x, int xOffset, float[] y, int yOffset, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            load(y, yOffset + i).add(load(x, xOffset + i)).intoArray(y, yOffset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = first(n - i);
            load(y, yOffset + i, tail).add(load(x, xOffset + i, tail)).intoArray(y, yOffset + i, tail);
        }
    }

    @Override
    public void activate(Activation activation, float[] x, int offset, int n) {
        switch (activation) {
            case IDENTITY -> {}
            case RELU -> VectorActivation.relu(x, offset, n);
            case GELU -> VectorActivation.gelu(x, offset, n);
            case GELU_TANH -> VectorActivation.geluTanh(x, offset, n);
            case SILU -> VectorActivation.silu(x, offset, n);
            case TANH -> VectorActivation.tanh(x, offset, n);
        }
    }

    @Override
    public void exp(float[] x, int offset, int n) {
        VectorActivation.exp(x, offset, n);
    }

    @Override
    public void softmax(float[] x, int offset, int n) {
        VectorRow.softmax(x, offset, n);
    }

    @Override
    public void layerNorm(
            float[] x,
            int offset,
            float @Nullable [] residual,
            int residualOffset,
            int rows,
            int d,
            float[] gain,
            float[] bias,
            float eps,
            float[] y,
            int yOffset) {
        for (int row = 0; row < rows; row++) {
            int to = yOffset + row * d;
            if (residual == null) {
                VectorRow.normalize(x, offset + row * d, d, gain, bias, eps, y, to);
            } else {
                VectorRow.add(x, offset + row * d, residual, residualOffset + row * d, d, y, to);
                VectorRow.normalize(y, to, d, gain, bias, eps, y, to);
            }
        }
    }

    @Override
    public void attend(AttentionBlock block, float[] scratch) {
        VectorAttention.attend(block, scratch);
    }

    @Override
    public int attentionScratch(int dHead) {
        return VectorAttention.scratch(dHead);
    }
}

package heed.kernel;

import static heed.kernel.VectorMath.sum;
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
///
/// Loops call the Vector API itself and at most one function of [VectorMath] in their body. The compiler
/// inlines the API always, but other methods only until a method has grown to a certain size; a vector passed
/// to a method that was left out becomes an object, and the loop many times slower.
final class VectorKernels implements Kernels {
    private final Widening widening = VectorProduct.WIDE ? new VectorWidening() : new ScalarWidening();
    private final Quantization quantization =
            VectorQuantization.WIDE_ENOUGH ? new VectorQuantization() : new ScalarQuantization();

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
    public void pack(MatrixView b, int k, int n, int firstPanel, int lastPanel, float[] panels) {
        VectorViewProduct.pack(b, k, n, firstPanel, lastPanel, panels);
    }

    @Override
    public void multiply(
            MatrixView a,
            int m,
            int k,
            float[] panels,
            int n,
            int firstPanel,
            int lastPanel,
            float @Nullable [] bias,
            int biasOffset,
            boolean accumulate,
            float[] c,
            int cOffset,
            int cStride,
            float[] scratch) {
        VectorViewProduct.multiply(
                a, m, k, panels, n, firstPanel, lastPanel, bias, biasOffset, accumulate, c, cOffset, cStride, scratch);
    }

    @Override
    public int multiplyScratch(int m, int k) {
        return VectorViewProduct.scratch(m, k);
    }

    @Override
    public Quantization quantization() {
        return quantization;
    }

    @Override
    public Widening widening() {
        return widening;
    }

    @Override
    public float dot(float[] a, int aOffset, float[] b, int bOffset, int n) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = FloatVector.zero(FLOATS);
        FloatVector sum2 = FloatVector.zero(FLOATS);
        FloatVector sum3 = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i + 4 * LANES <= n; i += 4 * LANES) {
            int x = aOffset + i;
            int y = bOffset + i;
            sum0 = FloatVector.fromArray(FLOATS, a, x).fma(FloatVector.fromArray(FLOATS, b, y), sum0);
            sum1 = FloatVector.fromArray(FLOATS, a, x + LANES).fma(FloatVector.fromArray(FLOATS, b, y + LANES), sum1);
            sum2 = FloatVector.fromArray(FLOATS, a, x + 2 * LANES)
                    .fma(FloatVector.fromArray(FLOATS, b, y + 2 * LANES), sum2);
            sum3 = FloatVector.fromArray(FLOATS, a, x + 3 * LANES)
                    .fma(FloatVector.fromArray(FLOATS, b, y + 3 * LANES), sum3);
        }
        for (; i + LANES <= n; i += LANES) {
            sum0 = FloatVector.fromArray(FLOATS, a, aOffset + i)
                    .fma(FloatVector.fromArray(FLOATS, b, bOffset + i), sum0);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            sum1 = FloatVector.fromArray(FLOATS, a, aOffset + i, tail)
                    .fma(FloatVector.fromArray(FLOATS, b, bOffset + i, tail), sum1);
        }
        return sum(sum0.add(sum1).add(sum2.add(sum3)));
    }

    @Override
    public void addScaled(float factor, float[] x, int xOffset, float[] y, int yOffset, int n) {
        FloatVector factors = FloatVector.broadcast(FLOATS, factor);
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            FloatVector.fromArray(FLOATS, x, xOffset + i)
                    .fma(factors, FloatVector.fromArray(FLOATS, y, yOffset + i))
                    .intoArray(y, yOffset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            FloatVector.fromArray(FLOATS, x, xOffset + i, tail)
                    .fma(factors, FloatVector.fromArray(FLOATS, y, yOffset + i, tail))
                    .intoArray(y, yOffset + i, tail);
        }
    }

    @Override
    public void add(float[] x, int xOffset, float[] y, int yOffset, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            FloatVector.fromArray(FLOATS, y, yOffset + i)
                    .add(FloatVector.fromArray(FLOATS, x, xOffset + i))
                    .intoArray(y, yOffset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            FloatVector.fromArray(FLOATS, y, yOffset + i, tail)
                    .add(FloatVector.fromArray(FLOATS, x, xOffset + i, tail))
                    .intoArray(y, yOffset + i, tail);
        }
    }

    @Override
    public void activate(Activation activation, float[] x, int offset, int n) {
        switch (activation) {
            case IDENTITY -> {}
            case RELU -> VectorActivation.relu(x, offset, n);
            case GELU -> VectorActivation.gelu(x, offset, n);
            case GELU_TANH -> VectorActivation.geluTanh(x, offset, n);
            case QUICK_GELU -> VectorActivation.quickGelu(x, offset, n);
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

    @Override
    public GradientKernels gradients() {
        return new VectorGradients();
    }

    @Override
    public RecurrentKernels recurrent() {
        return new VectorRecurrent();
    }
}

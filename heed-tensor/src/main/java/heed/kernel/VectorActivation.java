package heed.kernel;

import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// The functions of [VectorMath] over a row, in place. The loops differ in one word, but one loop with the
/// function as an argument would be compiled for all of them at once and pass every vector through memory.
final class VectorActivation {
    /// As many multiply-adds of a plain product take as long as a plain GELU.
    private static final long GELU_MULTIPLY_ADDS = 8;

    private VectorActivation() {}

    static void relu(float[] x, int offset, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            VectorMath.relu(FloatVector.fromArray(FLOATS, x, offset + i)).intoArray(x, offset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            VectorMath.relu(FloatVector.fromArray(FLOATS, x, offset + i, tail)).intoArray(x, offset + i, tail);
        }
    }

    static void gelu(float[] x, int offset, int n) {
        if (FirstCalls.over()) {
            vectorGelu(x, offset, n);
        } else {
            FirstCalls.count(GELU_MULTIPLY_ADDS * n); // in an int8 model nobody else may count
            PlainTwins.gelu(x, offset, n);
        }
    }

    static void vectorGelu(float[] x, int offset, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            VectorMath.gelu(FloatVector.fromArray(FLOATS, x, offset + i)).intoArray(x, offset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            VectorMath.gelu(FloatVector.fromArray(FLOATS, x, offset + i, tail)).intoArray(x, offset + i, tail);
        }
    }

    static void geluTanh(float[] x, int offset, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            VectorMath.geluTanh(FloatVector.fromArray(FLOATS, x, offset + i)).intoArray(x, offset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            VectorMath.geluTanh(FloatVector.fromArray(FLOATS, x, offset + i, tail))
                    .intoArray(x, offset + i, tail);
        }
    }

    static void silu(float[] x, int offset, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            VectorMath.silu(FloatVector.fromArray(FLOATS, x, offset + i)).intoArray(x, offset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            VectorMath.silu(FloatVector.fromArray(FLOATS, x, offset + i, tail)).intoArray(x, offset + i, tail);
        }
    }

    static void quickGelu(float[] x, int offset, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            VectorMath.quickGelu(FloatVector.fromArray(FLOATS, x, offset + i)).intoArray(x, offset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            VectorMath.quickGelu(FloatVector.fromArray(FLOATS, x, offset + i, tail))
                    .intoArray(x, offset + i, tail);
        }
    }

    static void tanh(float[] x, int offset, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            VectorMath.tanh(FloatVector.fromArray(FLOATS, x, offset + i)).intoArray(x, offset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            VectorMath.tanh(FloatVector.fromArray(FLOATS, x, offset + i, tail)).intoArray(x, offset + i, tail);
        }
    }

    static void exp(float[] x, int offset, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            VectorMath.exp(FloatVector.fromArray(FLOATS, x, offset + i)).intoArray(x, offset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = FLOATS.indexInRange(0, n - i);
            VectorMath.exp(FloatVector.fromArray(FLOATS, x, offset + i, tail)).intoArray(x, offset + i, tail);
        }
    }
}

package heed.kernel;

import static heed.kernel.VectorMath.first;
import static heed.kernel.VectorMath.load;
import static heed.kernel.VectorRegisters.LANES;

import jdk.incubator.vector.VectorMask;

/// The functions of [VectorMath] over a row, in place. The loops differ in one word, but one loop with the
/// function as an argument would be compiled for all of them at once and pass every vector through memory.
final class VectorActivation {
    private VectorActivation() {}

    static void relu(float[] x, int offset, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            VectorMath.relu(load(x, offset + i)).intoArray(x, offset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = first(n - i);
            VectorMath.relu(load(x, offset + i, tail)).intoArray(x, offset + i, tail);
        }
    }

    static void gelu(float[] x, int offset, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            VectorMath.gelu(load(x, offset + i)).intoArray(x, offset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = first(n - i);
            VectorMath.gelu(load(x, offset + i, tail)).intoArray(x, offset + i, tail);
        }
    }

    static void geluTanh(float[] x, int offset, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            VectorMath.geluTanh(load(x, offset + i)).intoArray(x, offset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = first(n - i);
            VectorMath.geluTanh(load(x, offset + i, tail)).intoArray(x, offset + i, tail);
        }
    }

    static void silu(float[] x, int offset, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            VectorMath.silu(load(x, offset + i)).intoArray(x, offset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = first(n - i);
            VectorMath.silu(load(x, offset + i, tail)).intoArray(x, offset + i, tail);
        }
    }

    static void tanh(float[] x, int offset, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            VectorMath.tanh(load(x, offset + i)).intoArray(x, offset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = first(n - i);
            VectorMath.tanh(load(x, offset + i, tail)).intoArray(x, offset + i, tail);
        }
    }

    static void exp(float[] x, int offset, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            VectorMath.exp(load(x, offset + i)).intoArray(x, offset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = first(n - i);
            VectorMath.exp(load(x, offset + i, tail)).intoArray(x, offset + i, tail);
        }
    }
}

package heed.kernel;

import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;

import jdk.incubator.vector.FloatVector;

/// The innermost loops of a product for panels of a single vector: what is left of a matrix whose columns are
/// no multiple of wider tiles. Six sums are enough to hide the latency of a multiply-add. Otherwise as
/// [FourVectorTile], with the same bits.
final class OneVectorTile {
    static final int WIDTH = LANES;

    private OneVectorTile() {}

    /// `C[rows, WIDTH] = addend + A[rows, depth] · B[depth, WIDTH]`. Element `(r, k)` of `A` is
    /// `a[aOffset + r * aStride + k * aStep]`; `B` is one panel; an `addendStride` of 0 adds the same row to
    /// all; the addend may be `C` itself.
    static void multiply(
            int rows,
            int depth,
            float[] a,
            int aOffset,
            int aStride,
            int aStep,
            float[] b,
            int bOffset,
            float[] addend,
            int addendOffset,
            int addendStride,
            float[] c,
            int cOffset,
            int cStride) {
        int row = 0;
        for (; row + 6 <= rows; row += 6) {
            rows6(
                    depth,
                    a,
                    aOffset + row * aStride,
                    aStride,
                    aStep,
                    b,
                    bOffset,
                    addend,
                    addendOffset + row * addendStride,
                    addendStride,
                    c,
                    cOffset + row * cStride,
                    cStride);
        }
        if (row + 4 <= rows) {
            rows4(
                    depth,
                    a,
                    aOffset + row * aStride,
                    aStride,
                    aStep,
                    b,
                    bOffset,
                    addend,
                    addendOffset + row * addendStride,
                    addendStride,
                    c,
                    cOffset + row * cStride,
                    cStride);
            row += 4;
        }
        if (row + 2 <= rows) {
            rows2(
                    depth,
                    a,
                    aOffset + row * aStride,
                    aStride,
                    aStep,
                    b,
                    bOffset,
                    addend,
                    addendOffset + row * addendStride,
                    addendStride,
                    c,
                    cOffset + row * cStride,
                    cStride);
            row += 2;
        }
        if (row + 1 <= rows) {
            rows1(
                    depth,
                    a,
                    aOffset + row * aStride,
                    aStep,
                    b,
                    bOffset,
                    addend,
                    addendOffset + row * addendStride,
                    c,
                    cOffset + row * cStride);
        }
    }

    private static void rows1(
            int depth,
            float[] a,
            int aOffset,
            int aStep,
            float[] b,
            int bOffset,
            float[] addend,
            int addendOffset,
            float[] c,
            int cOffset) {
        FloatVector sum00 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            int at = bOffset + k * WIDTH;
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + k * aStep]);
            sum00 = x0.fma(b0, sum00);
        }
        sum00.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
    }

    private static void rows2(
            int depth,
            float[] a,
            int aOffset,
            int aStride,
            int aStep,
            float[] b,
            int bOffset,
            float[] addend,
            int addendOffset,
            int addendStride,
            float[] c,
            int cOffset,
            int cStride) {
        int a1 = aOffset + aStride;
        FloatVector sum00 = FloatVector.zero(FLOATS);
        FloatVector sum10 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            int at = bOffset + k * WIDTH;
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + k * aStep]);
            sum00 = x0.fma(b0, sum00);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + k * aStep]);
            sum10 = x1.fma(b0, sum10);
        }
        sum00.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        addendOffset += addendStride;
        cOffset += cStride;
        sum10.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
    }

    private static void rows4(
            int depth,
            float[] a,
            int aOffset,
            int aStride,
            int aStep,
            float[] b,
            int bOffset,
            float[] addend,
            int addendOffset,
            int addendStride,
            float[] c,
            int cOffset,
            int cStride) {
        int a1 = aOffset + aStride;
        int a2 = a1 + aStride;
        int a3 = a2 + aStride;
        FloatVector sum00 = FloatVector.zero(FLOATS);
        FloatVector sum10 = FloatVector.zero(FLOATS);
        FloatVector sum20 = FloatVector.zero(FLOATS);
        FloatVector sum30 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            int at = bOffset + k * WIDTH;
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + k * aStep]);
            sum00 = x0.fma(b0, sum00);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + k * aStep]);
            sum10 = x1.fma(b0, sum10);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + k * aStep]);
            sum20 = x2.fma(b0, sum20);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + k * aStep]);
            sum30 = x3.fma(b0, sum30);
        }
        sum00.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        addendOffset += addendStride;
        cOffset += cStride;
        sum10.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        addendOffset += addendStride;
        cOffset += cStride;
        sum20.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        addendOffset += addendStride;
        cOffset += cStride;
        sum30.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
    }

    private static void rows6(
            int depth,
            float[] a,
            int aOffset,
            int aStride,
            int aStep,
            float[] b,
            int bOffset,
            float[] addend,
            int addendOffset,
            int addendStride,
            float[] c,
            int cOffset,
            int cStride) {
        int a1 = aOffset + aStride;
        int a2 = a1 + aStride;
        int a3 = a2 + aStride;
        int a4 = a3 + aStride;
        int a5 = a4 + aStride;
        FloatVector sum00 = FloatVector.zero(FLOATS);
        FloatVector sum10 = FloatVector.zero(FLOATS);
        FloatVector sum20 = FloatVector.zero(FLOATS);
        FloatVector sum30 = FloatVector.zero(FLOATS);
        FloatVector sum40 = FloatVector.zero(FLOATS);
        FloatVector sum50 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            int at = bOffset + k * WIDTH;
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + k * aStep]);
            sum00 = x0.fma(b0, sum00);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + k * aStep]);
            sum10 = x1.fma(b0, sum10);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + k * aStep]);
            sum20 = x2.fma(b0, sum20);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + k * aStep]);
            sum30 = x3.fma(b0, sum30);
            FloatVector x4 = FloatVector.broadcast(FLOATS, a[a4 + k * aStep]);
            sum40 = x4.fma(b0, sum40);
            FloatVector x5 = FloatVector.broadcast(FLOATS, a[a5 + k * aStep]);
            sum50 = x5.fma(b0, sum50);
        }
        sum00.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        addendOffset += addendStride;
        cOffset += cStride;
        sum10.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        addendOffset += addendStride;
        cOffset += cStride;
        sum20.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        addendOffset += addendStride;
        cOffset += cStride;
        sum30.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        addendOffset += addendStride;
        cOffset += cStride;
        sum40.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        addendOffset += addendStride;
        cOffset += cStride;
        sum50.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
    }
}

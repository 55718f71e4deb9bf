package heed.kernel;

import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;

import jdk.incubator.vector.FloatVector;

/// The innermost loops of a product on machines with 32 vector registers: 6 rows × 4 vectors of sums take 24
/// registers, one row of `B` takes 4, and one value of `A` spread over all lanes takes 1. Each row of `B`
/// that is loaded serves six multiply-adds a vector, so the loop is bound by arithmetic and not by loads.
///
/// Everything is spelled out, one method per number of rows, because only named locals stay in registers. In
/// all of them an element is the same chain of fused multiply-adds over `k` from 0, added to its addend at
/// the end; so its bits do not depend on the rows it is computed with.
final class FourVectorTile {
    static final int WIDTH = 4 * LANES;

    private FourVectorTile() {}

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
        FloatVector sum01 = FloatVector.zero(FLOATS);
        FloatVector sum02 = FloatVector.zero(FLOATS);
        FloatVector sum03 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            int at = bOffset + k * WIDTH;
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
            FloatVector b1 = FloatVector.fromArray(FLOATS, b, at + LANES);
            FloatVector b2 = FloatVector.fromArray(FLOATS, b, at + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(FLOATS, b, at + 3 * LANES);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + k * aStep]);
            sum00 = x0.fma(b0, sum00);
            sum01 = x0.fma(b1, sum01);
            sum02 = x0.fma(b2, sum02);
            sum03 = x0.fma(b3, sum03);
        }
        sum00.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        sum01.add(FloatVector.fromArray(FLOATS, addend, addendOffset + LANES)).intoArray(c, cOffset + LANES);
        sum02.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 2 * LANES))
                .intoArray(c, cOffset + 2 * LANES);
        sum03.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 3 * LANES))
                .intoArray(c, cOffset + 3 * LANES);
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
        FloatVector sum01 = FloatVector.zero(FLOATS);
        FloatVector sum02 = FloatVector.zero(FLOATS);
        FloatVector sum03 = FloatVector.zero(FLOATS);
        FloatVector sum10 = FloatVector.zero(FLOATS);
        FloatVector sum11 = FloatVector.zero(FLOATS);
        FloatVector sum12 = FloatVector.zero(FLOATS);
        FloatVector sum13 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            int at = bOffset + k * WIDTH;
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
            FloatVector b1 = FloatVector.fromArray(FLOATS, b, at + LANES);
            FloatVector b2 = FloatVector.fromArray(FLOATS, b, at + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(FLOATS, b, at + 3 * LANES);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + k * aStep]);
            sum00 = x0.fma(b0, sum00);
            sum01 = x0.fma(b1, sum01);
            sum02 = x0.fma(b2, sum02);
            sum03 = x0.fma(b3, sum03);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + k * aStep]);
            sum10 = x1.fma(b0, sum10);
            sum11 = x1.fma(b1, sum11);
            sum12 = x1.fma(b2, sum12);
            sum13 = x1.fma(b3, sum13);
        }
        sum00.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        sum01.add(FloatVector.fromArray(FLOATS, addend, addendOffset + LANES)).intoArray(c, cOffset + LANES);
        sum02.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 2 * LANES))
                .intoArray(c, cOffset + 2 * LANES);
        sum03.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 3 * LANES))
                .intoArray(c, cOffset + 3 * LANES);
        addendOffset += addendStride;
        cOffset += cStride;
        sum10.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        sum11.add(FloatVector.fromArray(FLOATS, addend, addendOffset + LANES)).intoArray(c, cOffset + LANES);
        sum12.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 2 * LANES))
                .intoArray(c, cOffset + 2 * LANES);
        sum13.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 3 * LANES))
                .intoArray(c, cOffset + 3 * LANES);
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
        FloatVector sum01 = FloatVector.zero(FLOATS);
        FloatVector sum02 = FloatVector.zero(FLOATS);
        FloatVector sum03 = FloatVector.zero(FLOATS);
        FloatVector sum10 = FloatVector.zero(FLOATS);
        FloatVector sum11 = FloatVector.zero(FLOATS);
        FloatVector sum12 = FloatVector.zero(FLOATS);
        FloatVector sum13 = FloatVector.zero(FLOATS);
        FloatVector sum20 = FloatVector.zero(FLOATS);
        FloatVector sum21 = FloatVector.zero(FLOATS);
        FloatVector sum22 = FloatVector.zero(FLOATS);
        FloatVector sum23 = FloatVector.zero(FLOATS);
        FloatVector sum30 = FloatVector.zero(FLOATS);
        FloatVector sum31 = FloatVector.zero(FLOATS);
        FloatVector sum32 = FloatVector.zero(FLOATS);
        FloatVector sum33 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            int at = bOffset + k * WIDTH;
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
            FloatVector b1 = FloatVector.fromArray(FLOATS, b, at + LANES);
            FloatVector b2 = FloatVector.fromArray(FLOATS, b, at + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(FLOATS, b, at + 3 * LANES);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + k * aStep]);
            sum00 = x0.fma(b0, sum00);
            sum01 = x0.fma(b1, sum01);
            sum02 = x0.fma(b2, sum02);
            sum03 = x0.fma(b3, sum03);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + k * aStep]);
            sum10 = x1.fma(b0, sum10);
            sum11 = x1.fma(b1, sum11);
            sum12 = x1.fma(b2, sum12);
            sum13 = x1.fma(b3, sum13);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + k * aStep]);
            sum20 = x2.fma(b0, sum20);
            sum21 = x2.fma(b1, sum21);
            sum22 = x2.fma(b2, sum22);
            sum23 = x2.fma(b3, sum23);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + k * aStep]);
            sum30 = x3.fma(b0, sum30);
            sum31 = x3.fma(b1, sum31);
            sum32 = x3.fma(b2, sum32);
            sum33 = x3.fma(b3, sum33);
        }
        sum00.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        sum01.add(FloatVector.fromArray(FLOATS, addend, addendOffset + LANES)).intoArray(c, cOffset + LANES);
        sum02.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 2 * LANES))
                .intoArray(c, cOffset + 2 * LANES);
        sum03.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 3 * LANES))
                .intoArray(c, cOffset + 3 * LANES);
        addendOffset += addendStride;
        cOffset += cStride;
        sum10.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        sum11.add(FloatVector.fromArray(FLOATS, addend, addendOffset + LANES)).intoArray(c, cOffset + LANES);
        sum12.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 2 * LANES))
                .intoArray(c, cOffset + 2 * LANES);
        sum13.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 3 * LANES))
                .intoArray(c, cOffset + 3 * LANES);
        addendOffset += addendStride;
        cOffset += cStride;
        sum20.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        sum21.add(FloatVector.fromArray(FLOATS, addend, addendOffset + LANES)).intoArray(c, cOffset + LANES);
        sum22.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 2 * LANES))
                .intoArray(c, cOffset + 2 * LANES);
        sum23.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 3 * LANES))
                .intoArray(c, cOffset + 3 * LANES);
        addendOffset += addendStride;
        cOffset += cStride;
        sum30.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        sum31.add(FloatVector.fromArray(FLOATS, addend, addendOffset + LANES)).intoArray(c, cOffset + LANES);
        sum32.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 2 * LANES))
                .intoArray(c, cOffset + 2 * LANES);
        sum33.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 3 * LANES))
                .intoArray(c, cOffset + 3 * LANES);
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
        FloatVector sum01 = FloatVector.zero(FLOATS);
        FloatVector sum02 = FloatVector.zero(FLOATS);
        FloatVector sum03 = FloatVector.zero(FLOATS);
        FloatVector sum10 = FloatVector.zero(FLOATS);
        FloatVector sum11 = FloatVector.zero(FLOATS);
        FloatVector sum12 = FloatVector.zero(FLOATS);
        FloatVector sum13 = FloatVector.zero(FLOATS);
        FloatVector sum20 = FloatVector.zero(FLOATS);
        FloatVector sum21 = FloatVector.zero(FLOATS);
        FloatVector sum22 = FloatVector.zero(FLOATS);
        FloatVector sum23 = FloatVector.zero(FLOATS);
        FloatVector sum30 = FloatVector.zero(FLOATS);
        FloatVector sum31 = FloatVector.zero(FLOATS);
        FloatVector sum32 = FloatVector.zero(FLOATS);
        FloatVector sum33 = FloatVector.zero(FLOATS);
        FloatVector sum40 = FloatVector.zero(FLOATS);
        FloatVector sum41 = FloatVector.zero(FLOATS);
        FloatVector sum42 = FloatVector.zero(FLOATS);
        FloatVector sum43 = FloatVector.zero(FLOATS);
        FloatVector sum50 = FloatVector.zero(FLOATS);
        FloatVector sum51 = FloatVector.zero(FLOATS);
        FloatVector sum52 = FloatVector.zero(FLOATS);
        FloatVector sum53 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            int at = bOffset + k * WIDTH;
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
            FloatVector b1 = FloatVector.fromArray(FLOATS, b, at + LANES);
            FloatVector b2 = FloatVector.fromArray(FLOATS, b, at + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(FLOATS, b, at + 3 * LANES);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + k * aStep]);
            sum00 = x0.fma(b0, sum00);
            sum01 = x0.fma(b1, sum01);
            sum02 = x0.fma(b2, sum02);
            sum03 = x0.fma(b3, sum03);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + k * aStep]);
            sum10 = x1.fma(b0, sum10);
            sum11 = x1.fma(b1, sum11);
            sum12 = x1.fma(b2, sum12);
            sum13 = x1.fma(b3, sum13);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + k * aStep]);
            sum20 = x2.fma(b0, sum20);
            sum21 = x2.fma(b1, sum21);
            sum22 = x2.fma(b2, sum22);
            sum23 = x2.fma(b3, sum23);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + k * aStep]);
            sum30 = x3.fma(b0, sum30);
            sum31 = x3.fma(b1, sum31);
            sum32 = x3.fma(b2, sum32);
            sum33 = x3.fma(b3, sum33);
            FloatVector x4 = FloatVector.broadcast(FLOATS, a[a4 + k * aStep]);
            sum40 = x4.fma(b0, sum40);
            sum41 = x4.fma(b1, sum41);
            sum42 = x4.fma(b2, sum42);
            sum43 = x4.fma(b3, sum43);
            FloatVector x5 = FloatVector.broadcast(FLOATS, a[a5 + k * aStep]);
            sum50 = x5.fma(b0, sum50);
            sum51 = x5.fma(b1, sum51);
            sum52 = x5.fma(b2, sum52);
            sum53 = x5.fma(b3, sum53);
        }
        sum00.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        sum01.add(FloatVector.fromArray(FLOATS, addend, addendOffset + LANES)).intoArray(c, cOffset + LANES);
        sum02.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 2 * LANES))
                .intoArray(c, cOffset + 2 * LANES);
        sum03.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 3 * LANES))
                .intoArray(c, cOffset + 3 * LANES);
        addendOffset += addendStride;
        cOffset += cStride;
        sum10.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        sum11.add(FloatVector.fromArray(FLOATS, addend, addendOffset + LANES)).intoArray(c, cOffset + LANES);
        sum12.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 2 * LANES))
                .intoArray(c, cOffset + 2 * LANES);
        sum13.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 3 * LANES))
                .intoArray(c, cOffset + 3 * LANES);
        addendOffset += addendStride;
        cOffset += cStride;
        sum20.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        sum21.add(FloatVector.fromArray(FLOATS, addend, addendOffset + LANES)).intoArray(c, cOffset + LANES);
        sum22.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 2 * LANES))
                .intoArray(c, cOffset + 2 * LANES);
        sum23.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 3 * LANES))
                .intoArray(c, cOffset + 3 * LANES);
        addendOffset += addendStride;
        cOffset += cStride;
        sum30.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        sum31.add(FloatVector.fromArray(FLOATS, addend, addendOffset + LANES)).intoArray(c, cOffset + LANES);
        sum32.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 2 * LANES))
                .intoArray(c, cOffset + 2 * LANES);
        sum33.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 3 * LANES))
                .intoArray(c, cOffset + 3 * LANES);
        addendOffset += addendStride;
        cOffset += cStride;
        sum40.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        sum41.add(FloatVector.fromArray(FLOATS, addend, addendOffset + LANES)).intoArray(c, cOffset + LANES);
        sum42.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 2 * LANES))
                .intoArray(c, cOffset + 2 * LANES);
        sum43.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 3 * LANES))
                .intoArray(c, cOffset + 3 * LANES);
        addendOffset += addendStride;
        cOffset += cStride;
        sum50.add(FloatVector.fromArray(FLOATS, addend, addendOffset)).intoArray(c, cOffset);
        sum51.add(FloatVector.fromArray(FLOATS, addend, addendOffset + LANES)).intoArray(c, cOffset + LANES);
        sum52.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 2 * LANES))
                .intoArray(c, cOffset + 2 * LANES);
        sum53.add(FloatVector.fromArray(FLOATS, addend, addendOffset + 3 * LANES))
                .intoArray(c, cOffset + 3 * LANES);
    }
}

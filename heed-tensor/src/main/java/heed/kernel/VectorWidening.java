package heed.kernel;

import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;
import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/// The same on vector registers, for panels of four vectors. Numbers of 16 bits become floats by a shift or a
/// mask, those of 8 by two conversions.
///
/// Two rows of a panel at a time, added in their order: with one, a core reads 9 GB/s of 8 bits and 15 of 16
/// bits, with two 20 and 22 (124 million weights, Zen 4, of 25 that it can read). Panels side by side instead
/// of rows made it slower by half.
final class VectorWidening implements Widening {
    private static final VectorSpecies<Short> SHORTS = FLOATS.withLanes(short.class);
    private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);

    /// The bytes of the smallest vector that there is.
    private static final int LEAST_BYTES = 8;

    /// As many bytes as there are floats in a vector, where there is such a vector.
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(LEAST_BYTES, LANES) * Byte.SIZE));

    private static final int WIDTH = FourVectorTile.WIDTH;
    private static final int UPPER_HALF = 0xffff0000;

    @Override
    public void widen(NarrowMatrix b, int panel, float[] to) {
        switch (b) {
            case NarrowMatrix.Bf16 bf16 -> widen(bf16.panels(), panel * b.rows() * WIDTH, b.rows(), to);
            case NarrowMatrix.Int8 int8 -> widen(int8.panels(), panel * b.rows() * WIDTH, b.rows(), to);
        }
    }

    private static void widen(short[] panels, int offset, int rows, float[] to) {
        for (int at = 0; at < rows * WIDTH; at += WIDTH) {
            IntVector first = ShortVector.fromArray(SHORTS, panels, offset + at).reinterpretAsInts();
            IntVector second = ShortVector.fromArray(SHORTS, panels, offset + at + 2 * LANES)
                    .reinterpretAsInts();
            first.lanewise(LSHL, 16).reinterpretAsFloats().intoArray(to, at);
            second.lanewise(LSHL, 16).reinterpretAsFloats().intoArray(to, at + LANES);
            first.and(UPPER_HALF).reinterpretAsFloats().intoArray(to, at + 2 * LANES);
            second.and(UPPER_HALF).reinterpretAsFloats().intoArray(to, at + 3 * LANES);
        }
    }

    private static void widen(byte[] panels, int offset, int rows, float[] to) {
        for (int i = 0; i < rows * WIDTH; i++) { // C2 makes vectors of it
            to[i] = panels[offset + i];
        }
    }

    @Override
    public boolean multipliesRows(WeightType type) {
        return type == WeightType.BF16 || LANES >= LEAST_BYTES;
    }

    @Override
    public void multiplyRow(
            float[] a, int aOffset, NarrowMatrix b, int panel, float @Nullable [] bias, float[] c, int cOffset) {
        int column = panel * WIDTH;
        int columns = Math.min(WIDTH, b.columns() - column);
        float[] sums = new float[WIDTH];
        if (bias != null) {
            System.arraycopy(bias, column, sums, 0, columns);
        }
        for (int k = 0; k < b.rows(); k += VectorProduct.BLOCK_DEPTH) { // the sums of [VectorProduct]
            int depth = Math.min(VectorProduct.BLOCK_DEPTH, b.rows() - k);
            int at = (panel * b.rows() + k) * WIDTH;
            switch (b) {
                case NarrowMatrix.Bf16 bf16 -> addRow(a, aOffset + k, depth, bf16.panels(), at, sums);
                case NarrowMatrix.Int8 int8 -> addRow(a, aOffset + k, depth, int8.panels(), at, sums);
            }
        }
        System.arraycopy(sums, 0, c, cOffset + column, columns);
    }

    private static void addRow(float[] a, int aOffset, int depth, short[] panels, int offset, float[] sums) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = FloatVector.zero(FLOATS);
        FloatVector sum2 = FloatVector.zero(FLOATS);
        FloatVector sum3 = FloatVector.zero(FLOATS);
        int k = 0;
        for (; k + 2 <= depth; k += 2) {
            int at = offset + k * WIDTH;
            IntVector first = ShortVector.fromArray(SHORTS, panels, at).reinterpretAsInts();
            IntVector second =
                    ShortVector.fromArray(SHORTS, panels, at + 2 * LANES).reinterpretAsInts();
            IntVector third = ShortVector.fromArray(SHORTS, panels, at + WIDTH).reinterpretAsInts();
            IntVector fourth = ShortVector.fromArray(SHORTS, panels, at + WIDTH + 2 * LANES)
                    .reinterpretAsInts();
            FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + k]);
            FloatVector y = FloatVector.broadcast(FLOATS, a[aOffset + k + 1]);
            sum0 = x.fma(first.lanewise(LSHL, 16).reinterpretAsFloats(), sum0);
            sum1 = x.fma(second.lanewise(LSHL, 16).reinterpretAsFloats(), sum1);
            sum2 = x.fma(first.and(UPPER_HALF).reinterpretAsFloats(), sum2);
            sum3 = x.fma(second.and(UPPER_HALF).reinterpretAsFloats(), sum3);
            sum0 = y.fma(third.lanewise(LSHL, 16).reinterpretAsFloats(), sum0);
            sum1 = y.fma(fourth.lanewise(LSHL, 16).reinterpretAsFloats(), sum1);
            sum2 = y.fma(third.and(UPPER_HALF).reinterpretAsFloats(), sum2);
            sum3 = y.fma(fourth.and(UPPER_HALF).reinterpretAsFloats(), sum3);
        }
        if (k < depth) {
            int at = offset + k * WIDTH;
            IntVector first = ShortVector.fromArray(SHORTS, panels, at).reinterpretAsInts();
            IntVector second =
                    ShortVector.fromArray(SHORTS, panels, at + 2 * LANES).reinterpretAsInts();
            FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + k]);
            sum0 = x.fma(first.lanewise(LSHL, 16).reinterpretAsFloats(), sum0);
            sum1 = x.fma(second.lanewise(LSHL, 16).reinterpretAsFloats(), sum1);
            sum2 = x.fma(first.and(UPPER_HALF).reinterpretAsFloats(), sum2);
            sum3 = x.fma(second.and(UPPER_HALF).reinterpretAsFloats(), sum3);
        }
        sum0.add(FloatVector.fromArray(FLOATS, sums, 0)).intoArray(sums, 0);
        sum1.add(FloatVector.fromArray(FLOATS, sums, LANES)).intoArray(sums, LANES);
        sum2.add(FloatVector.fromArray(FLOATS, sums, 2 * LANES)).intoArray(sums, 2 * LANES);
        sum3.add(FloatVector.fromArray(FLOATS, sums, 3 * LANES)).intoArray(sums, 3 * LANES);
    }

    private static void addRow(float[] a, int aOffset, int depth, byte[] panels, int offset, float[] sums) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = FloatVector.zero(FLOATS);
        FloatVector sum2 = FloatVector.zero(FLOATS);
        FloatVector sum3 = FloatVector.zero(FLOATS);
        int k = 0;
        for (; k + 2 <= depth; k += 2) {
            int at = offset + k * WIDTH;
            FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + k]);
            FloatVector y = FloatVector.broadcast(FLOATS, a[aOffset + k + 1]);
            sum0 = x.fma(
                    (FloatVector) ByteVector.fromArray(BYTES, panels, at)
                            .convertShape(B2I, INTS, 0)
                            .convert(I2F, 0),
                    sum0);
            sum1 = x.fma(
                    (FloatVector) ByteVector.fromArray(BYTES, panels, at + LANES)
                            .convertShape(B2I, INTS, 0)
                            .convert(I2F, 0),
                    sum1);
            sum2 = x.fma(
                    (FloatVector) ByteVector.fromArray(BYTES, panels, at + 2 * LANES)
                            .convertShape(B2I, INTS, 0)
                            .convert(I2F, 0),
                    sum2);
            sum3 = x.fma(
                    (FloatVector) ByteVector.fromArray(BYTES, panels, at + 3 * LANES)
                            .convertShape(B2I, INTS, 0)
                            .convert(I2F, 0),
                    sum3);
            at += WIDTH;
            sum0 = y.fma(
                    (FloatVector) ByteVector.fromArray(BYTES, panels, at)
                            .convertShape(B2I, INTS, 0)
                            .convert(I2F, 0),
                    sum0);
            sum1 = y.fma(
                    (FloatVector) ByteVector.fromArray(BYTES, panels, at + LANES)
                            .convertShape(B2I, INTS, 0)
                            .convert(I2F, 0),
                    sum1);
            sum2 = y.fma(
                    (FloatVector) ByteVector.fromArray(BYTES, panels, at + 2 * LANES)
                            .convertShape(B2I, INTS, 0)
                            .convert(I2F, 0),
                    sum2);
            sum3 = y.fma(
                    (FloatVector) ByteVector.fromArray(BYTES, panels, at + 3 * LANES)
                            .convertShape(B2I, INTS, 0)
                            .convert(I2F, 0),
                    sum3);
        }
        if (k < depth) {
            int at = offset + k * WIDTH;
            FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + k]);
            sum0 = x.fma(
                    (FloatVector) ByteVector.fromArray(BYTES, panels, at)
                            .convertShape(B2I, INTS, 0)
                            .convert(I2F, 0),
                    sum0);
            sum1 = x.fma(
                    (FloatVector) ByteVector.fromArray(BYTES, panels, at + LANES)
                            .convertShape(B2I, INTS, 0)
                            .convert(I2F, 0),
                    sum1);
            sum2 = x.fma(
                    (FloatVector) ByteVector.fromArray(BYTES, panels, at + 2 * LANES)
                            .convertShape(B2I, INTS, 0)
                            .convert(I2F, 0),
                    sum2);
            sum3 = x.fma(
                    (FloatVector) ByteVector.fromArray(BYTES, panels, at + 3 * LANES)
                            .convertShape(B2I, INTS, 0)
                            .convert(I2F, 0),
                    sum3);
        }
        sum0.add(FloatVector.fromArray(FLOATS, sums, 0)).intoArray(sums, 0);
        sum1.add(FloatVector.fromArray(FLOATS, sums, LANES)).intoArray(sums, LANES);
        sum2.add(FloatVector.fromArray(FLOATS, sums, 2 * LANES)).intoArray(sums, 2 * LANES);
        sum3.add(FloatVector.fromArray(FLOATS, sums, 3 * LANES)).intoArray(sums, 3 * LANES);
    }
}

package heed.kernel;

import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/// The same on vector registers, for panels of four vectors. Numbers of 16 bits become floats by a shift or a
/// mask, those of 8 by two shifts and a conversion; the conversions of the Vector API that widen would be
/// several times slower.
final class VectorWidening implements Widening {
    private static final VectorSpecies<Short> SHORTS = FLOATS.withLanes(short.class);
    private static final VectorSpecies<Byte> BYTES = FLOATS.withLanes(byte.class);

    private static final int WIDTH = FourVectorTile.WIDTH;
    private static final int UPPER_HALF = 0xffff0000;

    @Override
    public void widen(NarrowMatrix b, int panel, float[] to) {
        switch (b) {
            case NarrowMatrix.Bf16 bf16 -> widen(bf16.panels(), panel * b.rows() * WIDTH, b.rows(), to);
            case NarrowMatrix.Int8 int8 ->
                widen(int8.panels(), panel * b.rows() * WIDTH, b.rows(), int8.scales(), panel * WIDTH, to);
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

    private static void widen(byte[] panels, int offset, int rows, float[] scales, int column, float[] to) {
        FloatVector scale0 = FloatVector.fromArray(FLOATS, scales, column);
        FloatVector scale1 = FloatVector.fromArray(FLOATS, scales, column + LANES);
        FloatVector scale2 = FloatVector.fromArray(FLOATS, scales, column + 2 * LANES);
        FloatVector scale3 = FloatVector.fromArray(FLOATS, scales, column + 3 * LANES);
        for (int at = 0; at < rows * WIDTH; at += WIDTH) {
            IntVector four = ByteVector.fromArray(BYTES, panels, offset + at).reinterpretAsInts();
            ((FloatVector) four.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0))
                    .mul(scale0)
                    .intoArray(to, at);
            ((FloatVector) four.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0))
                    .mul(scale1)
                    .intoArray(to, at + LANES);
            ((FloatVector) four.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0))
                    .mul(scale2)
                    .intoArray(to, at + 2 * LANES);
            ((FloatVector) four.lanewise(ASHR, 24).convert(I2F, 0)).mul(scale3).intoArray(to, at + 3 * LANES);
        }
    }

    @Override
    public boolean multipliesRows() {
        return true;
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
                case NarrowMatrix.Int8 int8 ->
                    addRow(a, aOffset + k, depth, int8.panels(), at, int8.scales(), column, sums);
            }
        }
        System.arraycopy(sums, 0, c, cOffset + column, columns);
    }

    private static void addRow(float[] a, int aOffset, int depth, short[] panels, int offset, float[] sums) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = FloatVector.zero(FLOATS);
        FloatVector sum2 = FloatVector.zero(FLOATS);
        FloatVector sum3 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
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

    private static void addRow(
            float[] a, int aOffset, int depth, byte[] panels, int offset, float[] scales, int column, float[] sums) {
        FloatVector scale0 = FloatVector.fromArray(FLOATS, scales, column);
        FloatVector scale1 = FloatVector.fromArray(FLOATS, scales, column + LANES);
        FloatVector scale2 = FloatVector.fromArray(FLOATS, scales, column + 2 * LANES);
        FloatVector scale3 = FloatVector.fromArray(FLOATS, scales, column + 3 * LANES);
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = FloatVector.zero(FLOATS);
        FloatVector sum2 = FloatVector.zero(FLOATS);
        FloatVector sum3 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            IntVector four =
                    ByteVector.fromArray(BYTES, panels, offset + k * WIDTH).reinterpretAsInts();
            FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + k]);
            FloatVector w0 =
                    (FloatVector) four.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0);
            FloatVector w1 =
                    (FloatVector) four.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0);
            FloatVector w2 =
                    (FloatVector) four.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0);
            FloatVector w3 = (FloatVector) four.lanewise(ASHR, 24).convert(I2F, 0);
            sum0 = x.fma(w0.mul(scale0), sum0);
            sum1 = x.fma(w1.mul(scale1), sum1);
            sum2 = x.fma(w2.mul(scale2), sum2);
            sum3 = x.fma(w3.mul(scale3), sum3);
        }
        sum0.add(FloatVector.fromArray(FLOATS, sums, 0)).intoArray(sums, 0);
        sum1.add(FloatVector.fromArray(FLOATS, sums, LANES)).intoArray(sums, LANES);
        sum2.add(FloatVector.fromArray(FLOATS, sums, 2 * LANES)).intoArray(sums, 2 * LANES);
        sum3.add(FloatVector.fromArray(FLOATS, sums, 3 * LANES)).intoArray(sums, 3 * LANES);
    }
}

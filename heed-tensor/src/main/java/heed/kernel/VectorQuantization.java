package heed.kernel;

import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2B;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.IS_NAN;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.MIN;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/// The same on vector registers of at least 256 bits; in narrower ones the bytes of a vector of floats do not
/// fill any register. Values left over behind the last whole vector go through [ScalarQuantization].
final class VectorQuantization implements Quantization {
    static final boolean WIDE_ENOUGH = LANES >= 8;

    private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, LANES * Byte.SIZE)));
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(LANES * Short.SIZE));
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

    /// Added to a float below 2²², it leaves the nearest whole number in the lower bits.
    private static final float ROUNDER = 0x1.8p23f;

    private static final ScalarQuantization REST = new ScalarQuantization();

    @Override
    public void quantize(
            float[] x, int xOffset, int n, MemorySegment q, long qOffset, float[] scales, int[] zeros, int row) {
        // As integers, the bits of floats have the order of the floats once those of negative ones are flipped,
        // with NaN at either end, and integers have a minimum that is one instruction.
        IntVector least = IntVector.zero(INTS);
        IntVector greatest = IntVector.zero(INTS);
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            IntVector bits = FloatVector.fromArray(FLOATS, x, xOffset + i).reinterpretAsInts();
            IntVector ordered = bits.lanewise(XOR, bits.lanewise(ASHR, 31).lanewise(LSHR, 1));
            least = least.min(ordered);
            greatest = greatest.max(ordered);
        }
        int low = least.reduceLanes(MIN);
        int high = greatest.reduceLanes(MAX);
        for (int j = i; j < n; j++) {
            int ordered = ordered(Float.floatToRawIntBits(x[xOffset + j]));
            low = Math.min(low, ordered);
            high = Math.max(high, ordered);
        }
        float scale = ScalarQuantization.scale(Float.intBitsToFloat(ordered(low)), Float.intBitsToFloat(ordered(high)));
        int zero = ScalarQuantization.zero(Float.intBitsToFloat(ordered(low)), scale);
        scales[row] = scale;
        zeros[row] = zero;
        float inverse = 1 / scale;
        int shift = zero - Float.floatToRawIntBits(ROUNDER);
        int done = 0;
        for (; done + LANES <= n; done += LANES) {
            IntVector rounded = FloatVector.fromArray(FLOATS, x, xOffset + done)
                    .mul(inverse)
                    .add(ROUNDER)
                    .reinterpretAsInts()
                    .add(shift)
                    .max(0)
                    .min(255);
            ((ByteVector) rounded.convertShape(I2B, BYTES, 0)).intoMemorySegment(q, qOffset + done, NATIVE);
        }
        for (; done < n; done++) {
            q.set(
                    ValueLayout.JAVA_BYTE,
                    qOffset + done,
                    ScalarQuantization.quantized(x[xOffset + done], inverse, zero));
        }
    }

    /// Its own inverse.
    private static int ordered(int bits) {
        return bits ^ ((bits >> 31) >>> 1);
    }

    @Override
    public void dequantize(
            MemorySegment sums,
            long offset,
            int n,
            float[] weightScales,
            float[] weightSums,
            int column,
            float scale,
            int zero,
            float @Nullable [] bias,
            float[] y,
            int yOffset) {
        float[] shift = bias == null ? weightSums : bias;
        float factor = bias == null ? 0 : 1;
        FloatVector scales = FloatVector.broadcast(FLOATS, scale);
        FloatVector minusZero = FloatVector.broadcast(FLOATS, -zero);
        int j = 0;
        for (; j + LANES <= n; j += LANES) {
            int c = column + j;
            FloatVector sum =
                    (FloatVector) IntVector.fromMemorySegment(INTS, sums, offset + (long) Integer.BYTES * j, NATIVE)
                            .convert(I2F, 0);
            FloatVector centred = FloatVector.fromArray(FLOATS, weightSums, c)
                    .fma(minusZero, sum.mul(FloatVector.fromArray(FLOATS, weightScales, c)));
            centred.fma(scales, FloatVector.fromArray(FLOATS, shift, c).mul(factor))
                    .intoArray(y, yOffset + j);
        }
        if (j < n) {
            REST.dequantize(
                    sums,
                    offset + (long) Integer.BYTES * j,
                    n - j,
                    weightScales,
                    weightSums,
                    column + j,
                    scale,
                    zero,
                    bias,
                    y,
                    yOffset + j);
        }
    }

    @Override
    public void toBf16(float[] x, int xOffset, int n, MemorySegment to, long offset) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            FloatVector values = FloatVector.fromArray(FLOATS, x, xOffset + i);
            IntVector bits = values.reinterpretAsInts();
            IntVector upper = bits.lanewise(LSHR, 16);
            IntVector nearest = bits.add(upper.and(1)).add(0x7fff).lanewise(LSHR, 16);
            IntVector rounded =
                    nearest.blend(upper.or(0x40), values.test(IS_NAN).cast(INTS));
            ((ShortVector) rounded.convertShape(I2S, SHORTS, 0))
                    .intoMemorySegment(to, offset + (long) Short.BYTES * i, NATIVE);
        }
        REST.toBf16(x, xOffset + i, n - i, to, offset + (long) Short.BYTES * i);
    }

    @Override
    public void addBias(
            MemorySegment sums, long offset, int n, float @Nullable [] bias, int column, float[] y, int yOffset) {
        if (bias == null) {
            MemorySegment.copy(sums, ValueLayout.JAVA_FLOAT_UNALIGNED, offset, y, yOffset, n);
            return;
        }
        int j = 0;
        for (; j + LANES <= n; j += LANES) {
            FloatVector.fromMemorySegment(FLOATS, sums, offset + (long) Float.BYTES * j, NATIVE)
                    .add(FloatVector.fromArray(FLOATS, bias, column + j))
                    .intoArray(y, yOffset + j);
        }
        REST.addBias(sums, offset + (long) Float.BYTES * j, n - j, bias, column + j, y, yOffset + j);
    }
}

package heed.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// The readable implementation.
final class ScalarQuantization implements Quantization {
    /// Below this, `1 / scale` would overflow; such a row is as good as zero.
    static final float LEAST_SCALE = 1e-37f;

    @Override
    public void quantize(
            float[] x, int xOffset, int n, MemorySegment q, long qOffset, float[] scales, int[] zeros, int row) {
        float least = 0;
        float greatest = 0;
        for (int i = 0; i < n; i++) {
            least = Math.min(least, x[xOffset + i]); // NaN if one of both is
            greatest = Math.max(greatest, x[xOffset + i]);
        }
        scales[row] = scale(least, greatest);
        zeros[row] = zero(least, scales[row]);
        float inverse = 1 / scales[row];
        for (int i = 0; i < n; i++) {
            q.set(ValueLayout.JAVA_BYTE, qOffset + i, quantized(x[xOffset + i], inverse, zeros[row]));
        }
    }

    /// @return NaN when one of the two is not finite
    static float scale(float least, float greatest) {
        boolean finite = Float.isFinite(least) && Float.isFinite(greatest);
        return finite ? Math.max(LEAST_SCALE, (float) (((double) greatest - least) / 255)) : Float.NaN;
    }

    /// What stands for 0.
    static int zero(float least, float scale) {
        return Float.isNaN(scale) ? 0 : Math.clamp(Math.round(-least / scale), 0, 255);
    }

    static byte quantized(float x, float inverse, int zero) {
        return (byte) Math.clamp((int) Math.rint(x * inverse) + zero, 0, 255);
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
        for (int j = 0; j < n; j++) {
            int c = column + j;
            int sum = sums.get(ValueLayout.JAVA_INT_UNALIGNED, offset + (long) Integer.BYTES * j);
            double exact = (double) scale * ((double) weightScales[c] * sum - (double) weightSums[c] * zero);
            y[yOffset + j] = (float) (exact + (bias == null ? 0 : bias[c]));
        }
    }

    @Override
    public void toBf16(float[] x, int xOffset, int n, MemorySegment to, long offset) {
        for (int i = 0; i < n; i++) {
            to.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset + (long) Short.BYTES * i, bf16(x[xOffset + i]));
        }
    }

    /// The upper half of the bits, rounded to the nearest, ties to even.
    static short bf16(float x) {
        int bits = Float.floatToRawIntBits(x);
        if (Float.isNaN(x)) {
            return (short) ((bits >>> 16) | 0x40); // quiet; the lower half may have been all that made it NaN
        }
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }

    @Override
    public void addBias(
            MemorySegment sums, long offset, int n, float @Nullable [] bias, int column, float[] y, int yOffset) {
        for (int j = 0; j < n; j++) {
            float sum = sums.get(ValueLayout.JAVA_FLOAT_UNALIGNED, offset + (long) Float.BYTES * j);
            y[yOffset + j] = bias == null ? sum : sum + bias[column + j];
        }
    }
}

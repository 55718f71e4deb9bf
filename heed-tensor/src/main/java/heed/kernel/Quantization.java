package heed.kernel;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The loops between `f32` and the narrower numbers of low-precision products: rows on their way in, sums on
/// their way out. The narrow side lies outside the Java heap, where native code can read it. Like [Kernels],
/// in a readable and a fast implementation with the same tests.
///
/// A row is quantised with its own scale and zero (Jacob et al. 2018, "Quantization and Training of Neural
/// Networks for Efficient Integer-Arithmetic-Only Inference", equation 1): `x ≈ scale · (q - zero)` with `q`
/// from 0 to 255. The scale is the distance from the least to the greatest value, 0 included, over 255. A row
/// with a value that is not finite gets the scale NaN, and so a result that is NaN throughout.
public interface Quantization {
    /// Quantises one row of `n` values into as many unsigned bytes.
    ///
    /// @param scales gets the scale at `row`
    /// @param zeros gets the zero at `row`
    void quantize(float[] x, int xOffset, int n, MemorySegment q, long qOffset, float[] scales, int[] zeros, int row);

    /// `y[j] = scale · (weightScales[c] · sums[j] - zero · weightSums[c]) + bias[c]` for `j` from 0 to `n - 1`
    /// and `c = column + j`: what a product of quantised rows and weights stands for.
    ///
    /// @param sums 32-bit integers `Σ q · w`, from byte `offset` on
    /// @param weightSums `weightScales[c] · Σ w`, over the inputs of output `c`
    /// @param bias null for none
    void dequantize(
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
            int yOffset);

    /// Rounds `n` values to the nearest bf16, ties to even. NaN stays NaN.
    void toBf16(float[] x, int xOffset, int n, MemorySegment to, long offset);

    /// `y[j] = sums[j] + bias[column + j]`
    ///
    /// @param sums 32-bit floats, from byte `offset` on
    /// @param bias null for none
    void addBias(MemorySegment sums, long offset, int n, float @Nullable [] bias, int column, float[] y, int yOffset);
}

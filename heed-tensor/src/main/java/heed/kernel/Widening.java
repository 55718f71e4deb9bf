package heed.kernel;

import org.jspecify.annotations.Nullable;

/// The loops that make floats of a [NarrowMatrix], scales left aside. Every product has the bits of the same
/// product by the floats.
public interface Widening {
    /// Writes one panel as floats, laid out as a panel of a [PackedMatrix].
    void widen(NarrowMatrix b, int panel, float[] to);

    /// Whether [#multiplyRow] is faster than to widen first, for few rows.
    boolean multipliesRows(WeightType type);

    /// `c = a · B + bias` for one row and the columns of one panel, widened in registers: the numbers are read
    /// from memory once, at a half or a quarter of the cost of floats.
    ///
    /// @param bias `[N]`, or null for none
    /// @param c column `n` of all `N` is `c[cOffset + n]`
    void multiplyRow(
            float[] a, int aOffset, NarrowMatrix b, int panel, float @Nullable [] bias, float[] c, int cOffset);
}

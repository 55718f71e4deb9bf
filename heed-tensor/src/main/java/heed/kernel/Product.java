package heed.kernel;

import org.jspecify.annotations.Nullable;

/// One use of a linear map: what goes in and where the result goes. Element `(n, i)` of the input is
/// `x[xOffset + n * xStride + i]`, element `(n, o)` of the result `y[yOffset + n * yStride + o]`. Callers have
/// checked sizes; `x` and `y` do not overlap.
///
/// @param x `[rows, in]`
/// @param bias `[out]`, added before the activation; null for none
/// @param activation applied to the result while it is still in the cache
/// @param y `[rows, out]`
public record Product(
        float[] x,
        int xOffset,
        int xStride,
        int rows,
        float @Nullable [] bias,
        Activation activation,
        float[] y,
        int yOffset,
        int yStride) {}

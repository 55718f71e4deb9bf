package heed.kernel;

import static heed.kernel.VectorRegisters.LANES;

/// Columns of a matrix cut into panels of four, two or one vectors, each laid out as a tile of that width reads
/// it: wide ones first, and no more fill at the end than a vector holds.
final class VectorPanels {
    private VectorPanels() {}

    /// The width of the panel that begins where `columns` are left.
    static int width(int columns) {
        if (columns > 3 * LANES && VectorProduct.WIDE) {
            return FourVectorTile.WIDTH;
        }
        return columns > LANES ? TwoVectorTile.WIDTH : LANES;
    }

    /// The columns of all panels together.
    static int padded(int columns) {
        return (columns + LANES - 1) / LANES * LANES;
    }

    /// `C[rows, width] = addend + A[rows, depth] · B[depth, width]` for one panel; see
    /// [FourVectorTile#multiply].
    static void multiply(
            int width,
            int rows,
            int depth,
            float[] a,
            int aOffset,
            int aStride,
            float[] b,
            int bOffset,
            float[] addend,
            int addendOffset,
            int addendStride,
            float[] c,
            int cOffset,
            int cStride) {
        if (width == FourVectorTile.WIDTH) {
            FourVectorTile.multiply(
                    rows,
                    depth,
                    a,
                    aOffset,
                    aStride,
                    1,
                    b,
                    bOffset,
                    addend,
                    addendOffset,
                    addendStride,
                    c,
                    cOffset,
                    cStride);
        } else if (width == TwoVectorTile.WIDTH) {
            TwoVectorTile.multiply(
                    rows,
                    depth,
                    a,
                    aOffset,
                    aStride,
                    1,
                    b,
                    bOffset,
                    addend,
                    addendOffset,
                    addendStride,
                    c,
                    cOffset,
                    cStride);
        } else {
            OneVectorTile.multiply(
                    rows,
                    depth,
                    a,
                    aOffset,
                    aStride,
                    1,
                    b,
                    bOffset,
                    addend,
                    addendOffset,
                    addendStride,
                    c,
                    cOffset,
                    cStride);
        }
    }
}

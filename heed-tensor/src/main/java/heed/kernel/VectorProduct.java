package heed.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// `A · B + bias` on a packed `B`, cut into pieces that fit the caches (Goto and van de Geijn 2008, "Anatomy
/// of High-Performance Matrix Multiplication"), without packing `A`: its values are read in place, one at a
/// time.
///
/// Loop order: blocks of rows, blocks of `k`, panels, and within a tile groups of up to six rows. A block of
/// `A` stays in the second level cache while all panels pass, a block of a panel while all rows of the block
/// pass.
final class VectorProduct {
    /// Whether tiles of four vectors fit the registers, or only of two.
    static final boolean WIDE = VectorRegisters.THIRTY_TWO;

    static final int PANEL_WIDTH = WIDE ? FourVectorTile.WIDTH : TwoVectorTile.WIDTH;

    /// How much of `k` is summed before it is added to `C`. A row of `K = 768` then takes one pass over `C`,
    /// and the rounding errors of longer rows grow with the number of passes, not with `K`.
    static final int BLOCK_DEPTH = 768;

    private static final int BLOCK_ROWS = 256;

    /// Rows of the last panel, which holds fill, that are computed aside before their real columns are
    /// copied.
    private static final int ASIDE_ROWS = 6;

    private static final float[] ZEROS = new float[PANEL_WIDTH];

    private VectorProduct() {}

    static void multiply(
            float[] a,
            int aOffset,
            int aStride,
            int m,
            PackedMatrix b,
            int firstPanel,
            int lastPanel,
            float @Nullable [] bias,
            float[] c,
            int cOffset,
            int cStride) {
        int fullPanels = b.columns() / PANEL_WIDTH;
        int lastFull = Math.min(lastPanel, fullPanels);
        for (int row = 0; row < m; row += BLOCK_ROWS) {
            int rows = Math.min(BLOCK_ROWS, m - row);
            int aRow = aOffset + row * aStride;
            int cRow = cOffset + row * cStride;
            for (int k = 0; k == 0 || k < b.rows(); k += BLOCK_DEPTH) { // once for K = 0 too
                int depth = Math.min(BLOCK_DEPTH, b.rows() - k);
                for (int panel = firstPanel; panel < lastFull; panel++) {
                    int at = (panel * b.rows() + k) * PANEL_WIDTH;
                    int column = panel * PANEL_WIDTH;
                    int to = cRow + column;
                    if (k > 0) {
                        tile(rows, depth, a, aRow + k, aStride, 1, b.panels(), at, c, to, cStride, c, to, cStride);
                    } else if (bias != null) {
                        tile(rows, depth, a, aRow, aStride, 1, b.panels(), at, bias, column, 0, c, to, cStride);
                    } else {
                        tile(rows, depth, a, aRow, aStride, 1, b.panels(), at, ZEROS, 0, 0, c, to, cStride);
                    }
                }
            }
        }
        if (lastPanel > fullPanels && firstPanel < lastPanel) {
            multiplyPartialPanel(a, aOffset, aStride, m, b, bias, c, cOffset, cStride);
        }
    }

    /// The last panel when `N` is no multiple of the width: a tile writes all its columns, so it writes
    /// aside.
    private static void multiplyPartialPanel(
            float[] a,
            int aOffset,
            int aStride,
            int m,
            PackedMatrix b,
            float @Nullable [] bias,
            float[] c,
            int cOffset,
            int cStride) {
        int panel = b.columns() / PANEL_WIDTH;
        int column = panel * PANEL_WIDTH;
        int columns = b.columns() - column;
        float[] padded = bias == null ? ZEROS : Arrays.copyOfRange(bias, column, column + PANEL_WIDTH);
        float[] aside = new float[ASIDE_ROWS * PANEL_WIDTH];
        for (int row = 0; row < m; row += ASIDE_ROWS) {
            int rows = Math.min(ASIDE_ROWS, m - row);
            int aRow = aOffset + row * aStride;
            for (int k = 0; k == 0 || k < b.rows(); k += BLOCK_DEPTH) { // once for K = 0 too
                int depth = Math.min(BLOCK_DEPTH, b.rows() - k);
                int at = (panel * b.rows() + k) * PANEL_WIDTH;
                float[] addend = k == 0 ? padded : aside;
                int addendStride = k == 0 ? 0 : PANEL_WIDTH;
                tile(
                        rows,
                        depth,
                        a,
                        aRow + k,
                        aStride,
                        1,
                        b.panels(),
                        at,
                        addend,
                        0,
                        addendStride,
                        aside,
                        0,
                        PANEL_WIDTH);
            }
            for (int r = 0; r < rows; r++) {
                System.arraycopy(aside, r * PANEL_WIDTH, c, cOffset + (row + r) * cStride + column, columns);
            }
        }
    }

    /// `C = addend + A · B` for one panel, in the tiles that suit the registers; see [FourVectorTile#multiply].
    static void tile(
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
        if (FirstCalls.over()) {
            vectorTile(
                    rows,
                    depth,
                    a,
                    aOffset,
                    aStride,
                    aStep,
                    b,
                    bOffset,
                    addend,
                    addendOffset,
                    addendStride,
                    c,
                    cOffset,
                    cStride);
        } else {
            FirstCalls.count((long) rows * depth * PANEL_WIDTH);
            PlainTwins.multiply(
                    rows,
                    depth,
                    a,
                    aOffset,
                    aStride,
                    aStep,
                    b,
                    bOffset,
                    PANEL_WIDTH,
                    addend,
                    addendOffset,
                    addendStride,
                    c,
                    cOffset,
                    cStride);
        }
    }

    /// The tile on vector registers, compiled or not.
    static void vectorTile(
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
        if (WIDE) {
            FourVectorTile.multiply(
                    rows,
                    depth,
                    a,
                    aOffset,
                    aStride,
                    aStep,
                    b,
                    bOffset,
                    addend,
                    addendOffset,
                    addendStride,
                    c,
                    cOffset,
                    cStride);
        } else {
            TwoVectorTile.multiply(
                    rows,
                    depth,
                    a,
                    aOffset,
                    aStride,
                    aStep,
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

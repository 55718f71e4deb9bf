package heed.kernel;

import static heed.kernel.VectorProduct.PANEL_WIDTH;
import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/// `A · B` of matrices that change from call to call, as in training, where each may be transposed. Both are
/// rearranged in the call, so that the tiles of [VectorProduct] read them in order: `B` into panels, once for
/// all rows; a transposed `A` into groups of rows, once for all panels. An `A` whose rows lie in order is read
/// in place.
///
/// Loop order: blocks of rows, blocks of `k`, panels, groups of rows. A block of `A` stays in the second level
/// cache while the panels pass. Packing costs one pass over `B` and at most one over `A`: a twentieth of the
/// time at 512 rows and columns.
final class VectorViewProduct {
    /// As in [VectorProduct]: how much of `k` is summed before it is added to `C`.
    private static final int BLOCK_DEPTH = 768;

    /// Rows of a tile.
    private static final int GROUP = 6;

    private static final int BLOCK_ROWS = 32 * GROUP;

    private static final float[] ZEROS = new float[PANEL_WIDTH];

    private VectorViewProduct() {}

    static int scratch(int m, int k) {
        int rows = Math.min(BLOCK_ROWS, (m + GROUP - 1) / GROUP * GROUP);
        return rows * Math.min(BLOCK_DEPTH, k) + LANES + GROUP * PANEL_WIDTH;
    }

    static void pack(MatrixView b, int k, int n, int firstPanel, int lastPanel, float[] panels) {
        for (int panel = firstPanel; panel < lastPanel; panel++) {
            int column = panel * PANEL_WIDTH;
            int columns = Math.min(PANEL_WIDTH, n - column);
            int from = b.offset() + column * b.columnStride();
            int to = panel * k * PANEL_WIDTH;
            if (columns < PANEL_WIDTH) {
                Arrays.fill(panels, to, to + k * PANEL_WIDTH, 0);
            }
            if (b.columnStride() == 1) {
                for (int row = 0; row < k; row++) {
                    System.arraycopy(b.values(), from + row * b.rowStride(), panels, to + row * PANEL_WIDTH, columns);
                }
            } else if (b.rowStride() == 1) {
                VectorTranspose.transpose(b.values(), from, b.columnStride(), columns, k, 1, panels, to, PANEL_WIDTH);
            } else {
                packByValue(b, from, k, columns, panels, to);
            }
        }
    }

    private static void packByValue(MatrixView b, int from, int k, int columns, float[] panels, int to) {
        for (int row = 0; row < k; row++) {
            for (int column = 0; column < columns; column++) {
                panels[to + row * PANEL_WIDTH + column] =
                        b.values()[from + row * b.rowStride() + column * b.columnStride()];
            }
        }
    }

    static void multiply(
            MatrixView a,
            int m,
            int k,
            float[] panels,
            int n,
            int firstPanel,
            int lastPanel,
            float @Nullable [] bias,
            int biasOffset,
            boolean accumulate,
            float[] c,
            int cOffset,
            int cStride,
            float[] scratch) {
        if (k == 0 && !accumulate) {
            int first = firstPanel * PANEL_WIDTH;
            clear(m, first, Math.min(n, lastPanel * PANEL_WIDTH), bias, biasOffset, c, cOffset, cStride);
        }
        boolean inPlace = a.columnStride() == 1;
        for (int row = 0; row < m; row += BLOCK_ROWS) {
            int rows = Math.min(BLOCK_ROWS, m - row);
            for (int from = 0; from < k; from += BLOCK_DEPTH) {
                int depth = Math.min(BLOCK_DEPTH, k - from);
                MatrixView block = a.from(row, from);
                if (!inPlace) {
                    packGroups(block, rows, depth, scratch);
                }
                for (int panel = firstPanel; panel < lastPanel; panel++) {
                    int columns = Math.min(PANEL_WIDTH, n - panel * PANEL_WIDTH);
                    int at = (panel * k + from) * PANEL_WIDTH;
                    int to = cOffset + row * cStride + panel * PANEL_WIDTH;
                    for (int group = 0; group < rows; group += GROUP) {
                        float[] values = inPlace ? block.values() : scratch;
                        int first = inPlace ? block.offset() + group * block.rowStride() : group * depth;
                        group(
                                Math.min(GROUP, rows - group),
                                depth,
                                values,
                                first,
                                inPlace ? block.rowStride() : 1,
                                inPlace ? 1 : GROUP,
                                panels,
                                at,
                                columns,
                                accumulate || from > 0,
                                bias,
                                biasOffset + panel * PANEL_WIDTH,
                                c,
                                to + group * cStride,
                                cStride,
                                scratch);
                    }
                }
            }
        }
    }

    /// A product without terms.
    private static void clear(
            int m,
            int firstColumn,
            int lastColumn,
            float @Nullable [] bias,
            int biasOffset,
            float[] c,
            int cOffset,
            int cStride) {
        for (int row = 0; row < m; row++) {
            int at = cOffset + row * cStride;
            if (bias == null) {
                Arrays.fill(c, at + firstColumn, at + lastColumn, 0);
            } else {
                System.arraycopy(bias, biasOffset + firstColumn, c, at + firstColumn, lastColumn - firstColumn);
            }
        }
    }

    /// Rearranges a transposed `A` so that each group of rows lies value by value as a tile reads it: element
    /// `(r, k)` at `r / GROUP * GROUP * depth + k * GROUP + r % GROUP`. It is read in the order of its memory,
    /// for group by group would fetch each line several times. Whole vectors are moved, of which only the first
    /// values belong to the group: what they write too far is overwritten by those that follow.
    private static void packGroups(MatrixView a, int rows, int depth, float[] packed) {
        float[] values = a.values();
        int step = a.columnStride();
        int whole = a.rowStride() == 1 && step > 0 && LANES >= GROUP ? wholeVectors(a, rows, depth) : 0;
        for (int k = 0; k < whole; k++) {
            int from = a.offset() + k * step;
            int to = k * GROUP;
            for (int row = 0; row < rows; row += GROUP) {
                FloatVector.fromArray(FLOATS, values, from + row).intoArray(packed, to + row * depth);
            }
        }
        for (int k = whole; k < depth; k++) {
            for (int row = 0; row < rows; row++) {
                int to = (row - row % GROUP) * depth + k * GROUP + row % GROUP;
                packed[to] = values[a.offset() + row * a.rowStride() + k * step];
            }
        }
    }

    /// For how many `k` a vector lies within the array where it is read, and within the group where it is
    /// written.
    private static int wholeVectors(MatrixView a, int rows, int depth) {
        int lastGroup = (rows - 1) / GROUP * GROUP;
        long readable =
                Math.floorDiv((long) a.values().length - LANES - a.offset() - lastGroup, (long) a.columnStride()) + 1;
        int writable = depth - (LANES - 1) / GROUP;
        return Math.clamp(Math.min(readable, writable), 0, depth);
    }

    /// One group of rows and one panel. A tile writes all columns of its panel; where some of them are fill, it
    /// writes aside, to the end of the scratch, and the real ones are brought over.
    private static void group(
            int rows,
            int depth,
            float[] a,
            int aOffset,
            int aStride,
            int aStep,
            float[] panels,
            int panelOffset,
            int columns,
            boolean add,
            float @Nullable [] bias,
            int biasOffset,
            float[] c,
            int cOffset,
            int cStride,
            float[] scratch) {
        if (columns == PANEL_WIDTH) {
            float[] addend = add ? c : bias == null ? ZEROS : bias;
            int addendOffset = add ? cOffset : bias == null ? 0 : biasOffset;
            int addendStride = add ? cStride : 0;
            VectorProduct.tile(
                    rows,
                    depth,
                    a,
                    aOffset,
                    aStride,
                    aStep,
                    panels,
                    panelOffset,
                    addend,
                    addendOffset,
                    addendStride,
                    c,
                    cOffset,
                    cStride);
            return;
        }
        int aside = scratch.length - GROUP * PANEL_WIDTH;
        VectorProduct.tile(
                rows, depth, a, aOffset, aStride, aStep, panels, panelOffset, ZEROS, 0, 0, scratch, aside, PANEL_WIDTH);
        for (int r = 0; r < rows; r++) {
            int from = aside + r * PANEL_WIDTH;
            int to = cOffset + r * cStride;
            if (add) {
                VectorRow.add(scratch, from, c, to, columns, c, to);
            } else if (bias != null) {
                VectorRow.add(scratch, from, bias, biasOffset, columns, c, to);
            } else {
                System.arraycopy(scratch, from, c, to, columns);
            }
        }
    }
}

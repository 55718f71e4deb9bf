package heed.kernel;

import java.util.Objects;

/// The right-hand side `B` `[K, N]` of a product, rearranged once so that the product reads it in order:
/// panels of `panelWidth` neighbouring columns, each stored row by row, the last panel filled up with zeros.
///
/// Element `(k, n)` lives at `((n / panelWidth) * K + k) * panelWidth + n % panelWidth`.
///
/// @param rows K, the inner size of the product
/// @param columns N, the number of output columns without the fill
/// @param panelWidth columns in a panel, fixed by the kernels that multiply
/// @param panels the values, `ceil(N / panelWidth) * K * panelWidth` of them
public record PackedMatrix(int rows, int columns, int panelWidth, float[] panels) {
    public PackedMatrix {
        Objects.requireNonNull(panels, "panels");
        long needed = panelCount(columns, panelWidth) * (long) rows * panelWidth;
        if (panels.length != needed) {
            throw new IllegalArgumentException("a packed [" + rows + ", " + columns + "] matrix in panels of "
                    + panelWidth + " has " + needed + " values, got " + panels.length);
        }
    }

    /// Packs `B = Wᵀ` from `W` `[N, K]`, the layout in which checkpoints store linear layers: one row per
    /// output.
    public static PackedMatrix ofTransposed(float[] w, int offset, int columns, int rows, int panelWidth) {
        float[] panels = allocate(rows, columns, panelWidth);
        for (int n = 0; n < columns; n++) {
            int to = (n / panelWidth) * rows * panelWidth + n % panelWidth;
            int from = offset + n * rows;
            for (int k = 0; k < rows; k++) {
                panels[to + k * panelWidth] = w[from + k];
            }
        }
        return new PackedMatrix(rows, columns, panelWidth, panels);
    }

    /// Packs `B` `[K, N]` as it stands.
    public static PackedMatrix of(float[] b, int offset, int rows, int columns, int panelWidth) {
        float[] panels = allocate(rows, columns, panelWidth);
        for (int k = 0; k < rows; k++) {
            for (int n = 0; n < columns; n += panelWidth) {
                int to = ((n / panelWidth) * rows + k) * panelWidth;
                System.arraycopy(b, offset + k * columns + n, panels, to, Math.min(panelWidth, columns - n));
            }
        }
        return new PackedMatrix(rows, columns, panelWidth, panels);
    }

    public int panelCount() {
        return (int) panelCount(columns, panelWidth);
    }

    /// The value at row `k`, column `n`.
    public float at(int k, int n) {
        return panels[((n / panelWidth) * rows + k) * panelWidth + n % panelWidth];
    }

    private static long panelCount(int columns, int panelWidth) {
        return (columns + panelWidth - 1L) / panelWidth;
    }

    private static float[] allocate(int rows, int columns, int panelWidth) {
        long size = panelCount(columns, panelWidth) * rows * panelWidth;
        if (size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a [" + rows + ", " + columns + "] matrix is too large to pack");
        }
        return new float[(int) size];
    }
}

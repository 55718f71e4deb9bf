package heed.kernel;

import java.util.Arrays;

/// The right-hand side `B` `[K, N]` of a product in numbers of 16 or 8 bits, packed in panels of `panelWidth`
/// columns as [PackedMatrix] has them. Numbers of 16 bits are dealt out in turn to the two halves of a row of a
/// panel: so 32 bits hold numbers of the same place in both, and a shift or a mask brings each to the lanes of
/// a vector of floats without moving anything between lanes.
///
/// Products widen to `f32`: they have the bits of a product by the [PackedMatrix] of the same values; whole
/// numbers are multiplied as they are, and their sums by the scales.
public sealed interface NarrowMatrix {
    int rows();

    int columns();

    int panelWidth();

    /// The value at row `k`, column `n`.
    float at(int k, int n);

    /// The same without its scale: what products widen.
    default float unscaled(int k, int n) {
        return at(k, n);
    }

    /// Bytes of memory it takes.
    long bytes();

    WeightType type();

    default int panelCount() {
        return (columns() + panelWidth() - 1) / panelWidth();
    }

    /// Where element `(k, n)` lies among numbers in `parts` parts of a panel's row.
    static int position(int k, int n, int rows, int panelWidth, int parts) {
        int inPanel = n % panelWidth;
        int part = panelWidth / parts;
        return (n / panelWidth * rows + k) * panelWidth + inPanel % part * parts + inPanel / part;
    }

    private static int size(int rows, int columns, int panelWidth) {
        long size = (columns + panelWidth - 1L) / panelWidth * panelWidth * rows;
        if (size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a [" + columns + ", " + rows + "] weight is too large to pack");
        }
        return (int) size;
    }

    /// Numbers of 16 bits, the upper halves of floats.
    record Bf16(int rows, int columns, int panelWidth, short[] panels) implements NarrowMatrix {
        static final int PARTS = 2;

        /// Packs `B = Wᵀ` from `W` `[N, K]`.
        static Bf16 ofTransposed(float[] w, int columns, int rows, int panelWidth) {
            short[] panels = new short[size(rows, columns, panelWidth)];
            for (int n = 0; n < columns; n++) {
                for (int k = 0; k < rows; k++) {
                    panels[position(k, n, rows, panelWidth, PARTS)] = ScalarQuantization.bf16(w[n * rows + k]);
                }
            }
            return new Bf16(rows, columns, panelWidth, panels);
        }

        @Override
        public float at(int k, int n) {
            return Float.intBitsToFloat(panels[position(k, n, rows, panelWidth, PARTS)] << Short.SIZE);
        }

        @Override
        public long bytes() {
            return (long) Short.BYTES * panels.length;
        }

        @Override
        public WeightType type() {
            return WeightType.BF16;
        }
    }

    /// Whole numbers of 8 bits with a scale for each column, `[N]` filled up to whole panels.
    record Int8(int rows, int columns, int panelWidth, byte[] panels, float[] scales) implements NarrowMatrix {
        /// Packs `B = Wᵀ` from `W` `[N, K]`.
        ///
        /// @throws IllegalArgumentException when a value is not finite
        static Int8 ofTransposed(float[] w, int columns, int rows, int panelWidth) {
            Int8Matrix rounded = Int8Matrix.of(w, columns, rows);
            byte[] panels = new byte[size(rows, columns, panelWidth)];
            for (int n = 0; n < columns; n++) {
                for (int k = 0; k < rows; k++) {
                    panels[position(k, n, rows, panelWidth, 1)] = rounded.values()[n * rows + k];
                }
            }
            int filled = (columns + panelWidth - 1) / panelWidth * panelWidth;
            return new Int8(rows, columns, panelWidth, panels, Arrays.copyOf(rounded.scales(), filled));
        }

        @Override
        public float at(int k, int n) {
            return scales[n] * unscaled(k, n);
        }

        @Override
        public float unscaled(int k, int n) {
            return panels[position(k, n, rows, panelWidth, 1)];
        }

        @Override
        public long bytes() {
            return panels.length + (long) Float.BYTES * scales.length;
        }

        @Override
        public WeightType type() {
            return WeightType.INT8;
        }
    }
}

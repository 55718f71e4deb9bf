package heed.kernel;

import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// [Dropout] on vector registers, with the bits that it defines.
final class VectorDropout {
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

    /// The first columns, as far apart as they are mixed.
    private static final IntVector COLUMNS = IntVector.zero(INTS).addIndex(1).mul(Dropout.COLUMN_STEP);

    private VectorDropout() {}

    /// Drops from `n` neighbouring columns of one row.
    static void dropRow(
            Dropout dropout, long row, int firstColumn, float[] x, int offset, float[] y, int yOffset, int n) {
        int rowKey = dropout.rowKey(row);
        int threshold = dropout.threshold();
        float scale = dropout.scale();
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> inside = FLOATS.indexInRange(i, n);
            IntVector mixed =
                    COLUMNS.add((firstColumn + i) * Dropout.COLUMN_STEP).lanewise(XOR, rowKey);
            IntVector once = mixed.lanewise(XOR, mixed.lanewise(LSHR, Dropout.FIRST_SHIFT))
                    .mul(Dropout.FIRST_FACTOR);
            IntVector bits = once.lanewise(XOR, once.lanewise(LSHR, Dropout.SECOND_SHIFT))
                    .mul(Dropout.SECOND_FACTOR)
                    .lanewise(LSHR, 1);
            FloatVector.fromArray(FLOATS, x, offset + i, inside)
                    .mul(scale)
                    .blend(0f, bits.compare(LT, threshold).cast(FLOATS))
                    .intoArray(y, yOffset + i, inside);
        }
    }

    /// The keys of the rows of some queries; those beyond the last are 0.
    static int[] rowKeys(Dropout dropout, long firstRow, int rows, int width) {
        int[] keys = new int[width];
        for (int q = 0; q < rows; q++) {
            keys[q] = dropout.rowKey(firstRow + q);
        }
        return keys;
    }

    /// Drops from weights `[columns, width]` that have a row of the dropout in each lane.
    static void dropLanes(
            Dropout dropout, int[] rowKeys, int firstColumn, float[] x, int offset, int columns, int width) {
        int threshold = dropout.threshold();
        float scale = dropout.scale();
        for (int column = 0; column < columns; column++) {
            int step = (firstColumn + column) * Dropout.COLUMN_STEP;
            for (int lane = 0; lane < width; lane += LANES) {
                int at = offset + column * width + lane;
                IntVector mixed = IntVector.fromArray(INTS, rowKeys, lane).lanewise(XOR, step);
                IntVector once = mixed.lanewise(XOR, mixed.lanewise(LSHR, Dropout.FIRST_SHIFT))
                        .mul(Dropout.FIRST_FACTOR);
                IntVector bits = once.lanewise(XOR, once.lanewise(LSHR, Dropout.SECOND_SHIFT))
                        .mul(Dropout.SECOND_FACTOR)
                        .lanewise(LSHR, 1);
                FloatVector.fromArray(FLOATS, x, at)
                        .mul(scale)
                        .blend(0f, bits.compare(LT, threshold).cast(FLOATS))
                        .intoArray(x, at);
            }
        }
    }
}

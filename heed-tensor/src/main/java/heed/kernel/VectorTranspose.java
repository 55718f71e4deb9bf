package heed.kernel;

import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/// Rows become columns. With vectors of 16, blocks of 16 × 16 are turned in registers, as 4 × 4 blocks of 4 ×
/// 4: first each small block in itself, then the small blocks among each other. That takes 0.15 ns a value
/// where single values take 0.4.
final class VectorTranspose {
    private static final int BLOCK = 16;

    private static final VectorShuffle<Float> BY_1 = exchange(1);
    private static final VectorShuffle<Float> BY_2 = exchange(2);
    private static final VectorShuffle<Float> BY_4 = exchange(4);
    private static final VectorShuffle<Float> BY_8 = exchange(8);
    private static final VectorMask<Float> SECOND_OF_2 = VectorMask.fromLong(FLOATS, 0xAAAA);
    private static final VectorMask<Float> SECOND_2_OF_4 = VectorMask.fromLong(FLOATS, 0xCCCC);
    private static final VectorMask<Float> SECOND_4_OF_8 = VectorMask.fromLong(FLOATS, 0xF0F0);
    private static final VectorMask<Float> SECOND_8_OF_16 = VectorMask.fromLong(FLOATS, 0xFF00);

    private VectorTranspose() {}

    /// Lanes whose numbers differ in one bit change places.
    private static VectorShuffle<Float> exchange(int bit) {
        return VectorShuffle.fromOp(FLOATS, lane -> (lane ^ bit) % LANES);
    }

    /// `y[j, i] = factor · x[i, j]` for `rows` × `columns` values of `x`.
    static void transpose(
            float[] x,
            int xOffset,
            int xStride,
            int rows,
            int columns,
            float factor,
            float[] y,
            int yOffset,
            int yStride) {
        int wholeRows = LANES == BLOCK ? rows / BLOCK * BLOCK : 0;
        int wholeColumns = columns / BLOCK * BLOCK;
        for (int i = 0; i < wholeRows; i += BLOCK) {
            for (int j = 0; j < wholeColumns; j += BLOCK) {
                block(x, xOffset + i * xStride + j, xStride, factor, y, yOffset + j * yStride + i, yStride);
            }
        }
        if (wholeRows > 0) {
            byValue(x, xOffset, xStride, 0, wholeRows, wholeColumns, columns, factor, y, yOffset, yStride);
        }
        byValue(x, xOffset, xStride, wholeRows, rows, 0, columns, factor, y, yOffset, yStride);
    }

    /// Columns of a few rows at a time, so that what is written stays in the first level cache.
    private static void byValue(
            float[] x,
            int xOffset,
            int xStride,
            int rowFrom,
            int rowTo,
            int columnFrom,
            int columnTo,
            float factor,
            float[] y,
            int yOffset,
            int yStride) {
        for (int first = columnFrom; first < columnTo; first += BLOCK) {
            int columns = Math.min(BLOCK, columnTo - first);
            for (int i = rowFrom; i < rowTo; i++) {
                int from = xOffset + i * xStride + first;
                int to = yOffset + first * yStride + i;
                for (int j = 0; j < columns; j++) {
                    y[to + j * yStride] = x[from + j] * factor;
                }
            }
        }
    }

    private static void block(float[] x, int from, int xStride, float factor, float[] y, int to, int yStride) {
        for (int i = 0; i < BLOCK; i += 4) {
            withinSmallBlocks(x, from + i * xStride, xStride, factor, y, to + i * yStride, yStride);
        }
        for (int j = 0; j < 4; j++) {
            amongSmallBlocks(y, to + j * yStride, 4 * yStride);
        }
    }

    /// Four rows: the 4 × 4 values in each four lanes.
    private static void withinSmallBlocks(
            float[] x, int from, int xStride, float factor, float[] y, int to, int yStride) {
        FloatVector row0 = FloatVector.fromArray(FLOATS, x, from).mul(factor);
        FloatVector row1 = FloatVector.fromArray(FLOATS, x, from + xStride).mul(factor);
        FloatVector row2 = FloatVector.fromArray(FLOATS, x, from + 2 * xStride).mul(factor);
        FloatVector row3 = FloatVector.fromArray(FLOATS, x, from + 3 * xStride).mul(factor);
        FloatVector even01 = row0.blend(row1.rearrange(BY_1), SECOND_OF_2);
        FloatVector odd01 = row0.rearrange(BY_1).blend(row1, SECOND_OF_2);
        FloatVector even23 = row2.blend(row3.rearrange(BY_1), SECOND_OF_2);
        FloatVector odd23 = row2.rearrange(BY_1).blend(row3, SECOND_OF_2);
        even01.blend(even23.rearrange(BY_2), SECOND_2_OF_4).intoArray(y, to);
        odd01.blend(odd23.rearrange(BY_2), SECOND_2_OF_4).intoArray(y, to + yStride);
        even01.rearrange(BY_2).blend(even23, SECOND_2_OF_4).intoArray(y, to + 2 * yStride);
        odd01.rearrange(BY_2).blend(odd23, SECOND_2_OF_4).intoArray(y, to + 3 * yStride);
    }

    /// Four rows of small blocks, in place.
    private static void amongSmallBlocks(float[] y, int at, int stride) {
        FloatVector row0 = FloatVector.fromArray(FLOATS, y, at);
        FloatVector row1 = FloatVector.fromArray(FLOATS, y, at + stride);
        FloatVector row2 = FloatVector.fromArray(FLOATS, y, at + 2 * stride);
        FloatVector row3 = FloatVector.fromArray(FLOATS, y, at + 3 * stride);
        FloatVector even01 = row0.blend(row1.rearrange(BY_4), SECOND_4_OF_8);
        FloatVector odd01 = row0.rearrange(BY_4).blend(row1, SECOND_4_OF_8);
        FloatVector even23 = row2.blend(row3.rearrange(BY_4), SECOND_4_OF_8);
        FloatVector odd23 = row2.rearrange(BY_4).blend(row3, SECOND_4_OF_8);
        even01.blend(even23.rearrange(BY_8), SECOND_8_OF_16).intoArray(y, at);
        odd01.blend(odd23.rearrange(BY_8), SECOND_8_OF_16).intoArray(y, at + stride);
        even01.rearrange(BY_8).blend(even23, SECOND_8_OF_16).intoArray(y, at + 2 * stride);
        odd01.rearrange(BY_8).blend(odd23, SECOND_8_OF_16).intoArray(y, at + 3 * stride);
    }
}

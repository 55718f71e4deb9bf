package heed.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// For which counts of rows a product has kernels. A row's result must not depend on how many rows go with it,
/// but oneDNN may cut the sum over the inputs into other blocks for other counts. Whole numbers add up to the
/// same in any order; for floats, only those counts are used whose kernels give the same bits as the largest
/// one. The order of a sum does not depend on the values, so one product of random numbers tells.
record RowCounts(int[] counts) {
    private static final int[] ALL = {1, 2, 4, 6, 8, 12, 16, 24, 32, 48, Matmul.TYPICAL_ROWS};

    static RowCounts all() {
        return new RowCounts(ALL);
    }

    /// @param weights the memory object of weights of this shape
    static RowCounts agreeing(Matmul.Key shape, MemorySegment weights, OneDnnEngine engine) {
        if (shape.types() == Matmul.Types.INT8) {
            return all();
        }
        Lane lane = engine.lanes().borrow();
        MemorySegment input = noise(shape);
        IntUnaryOperator bits = rows -> {
            Matmul matmul = engine.product(new Matmul.Key(rows, shape.in(), shape.out(), shape.types()));
            MemorySegment sums = lane.multiply(matmul, input, weights);
            return Arrays.hashCode(
                    sums.asSlice(0, (long) Integer.BYTES * shape.out()).toArray(ValueLayout.JAVA_INT));
        };
        int expected = bits.applyAsInt(Matmul.TYPICAL_ROWS);
        int[] agreeing = IntStream.of(ALL)
                .filter(rows -> bits.applyAsInt(rows) == expected)
                .toArray();
        engine.lanes().giveBack(lane);
        return new RowCounts(agreeing);
    }

    private static MemorySegment noise(Matmul.Key shape) {
        int values = Matmul.TYPICAL_ROWS * shape.in();
        MemorySegment noise = Arena.ofAuto().allocate((long) values * shape.types().bytes, 64);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < values; i++) {
            int bits = Float.floatToRawIntBits((float) random.nextGaussian());
            if (shape.types() == Matmul.Types.BF16) {
                noise.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (bits >>> Short.SIZE));
            } else {
                noise.setAtIndex(ValueLayout.JAVA_INT, i, bits);
            }
        }
        return noise;
    }

    /// Those that are in both.
    RowCounts and(RowCounts other) {
        return new RowCounts(IntStream.of(counts)
                .filter(rows -> IntStream.of(other.counts).anyMatch(same -> same == rows))
                .toArray());
    }

    /// The least that is at least `rows`, which is at most the largest.
    int atLeast(int rows) {
        for (int count : counts) {
            if (count >= rows) {
                return count;
            }
        }
        throw new IllegalStateException("no kernel takes " + rows + " rows at once");
    }
}

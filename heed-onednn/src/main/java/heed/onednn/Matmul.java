package heed.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A compiled kernel for `[rows, in] · [in, out]`, used by any number of threads at once, each with its own
/// [Lane].
final class Matmul {
    /// What a kernel is made for.
    ///
    /// @param types of the input, the weights and the sums
    record Key(int rows, int in, int out, Types types) {}

    /// The data types of a product.
    enum Types {
        INT8(Dnnl.U8, Dnnl.S8, Dnnl.S32, 1),
        BF16(Dnnl.BF16, Dnnl.BF16, Dnnl.F32, 2),
        F32(Dnnl.F32, Dnnl.F32, Dnnl.F32, 4);

        final int input;
        final int weights;
        final int sums;
        final int bytes;

        Types(int input, int weights, int sums, int bytes) {
            this.input = input;
            this.weights = weights;
            this.sums = sums;
            this.bytes = bytes;
        }
    }

    /// The count of rows whose preferred format of weights all other counts use too.
    static final int TYPICAL_ROWS = 64;

    private final MemorySegment input;
    private final MemorySegment sums;
    private final MemorySegment plan;
    private final MemorySegment primitive;

    Matmul(Key key) {
        Dnnl.alone();
        Arena arena = Arena.ofAuto();
        Types types = key.types();
        input = Dnnl.matrix(arena, key.rows(), key.in(), types.input, Dnnl.ROW_MAJOR);
        sums = Dnnl.matrix(arena, key.rows(), key.out(), types.sums, Dnnl.ROW_MAJOR);
        plan = Dnnl.matmul(arena, input, weights(arena, key), sums);
        primitive = Dnnl.primitive(arena, plan);
    }

    /// The format of the weights.
    private static MemorySegment weights(Arena arena, Key key) {
        Types types = key.types();
        MemorySegment any = Dnnl.matrix(arena, key.in(), key.out(), types.weights, Dnnl.ANY);
        MemorySegment typical = Dnnl.matrix(arena, TYPICAL_ROWS, key.in(), types.input, Dnnl.ROW_MAJOR);
        MemorySegment result = Dnnl.matrix(arena, TYPICAL_ROWS, key.out(), types.sums, Dnnl.ROW_MAJOR);
        return Dnnl.descriptor(Dnnl.matmul(arena, typical, any, result), Dnnl.WEIGHTS_DESCRIPTOR);
    }

    MemorySegment input() {
        return input;
    }

    MemorySegment sums() {
        return sums;
    }

    MemorySegment weights() {
        return Dnnl.descriptor(plan, Dnnl.WEIGHTS_DESCRIPTOR);
    }

    MemorySegment scratchpad() {
        return Dnnl.descriptor(plan, Dnnl.SCRATCHPAD_DESCRIPTOR);
    }

    MemorySegment primitive() {
        return primitive;
    }
}

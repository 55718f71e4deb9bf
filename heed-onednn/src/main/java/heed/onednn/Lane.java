package heed.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/// What one thread needs while it multiplies: a stream, room for sums, and memory objects. Used by one thread
/// at a time.
final class Lane {
    private static final int ALIGNMENT = 64;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment stream = Dnnl.stream(arena);
    private final Map<Matmul, Bound> bound = new HashMap<>();
    private MemorySegment sums = MemorySegment.NULL;

    /// A kernel with memory objects of this lane.
    private record Bound(MemorySegment input, MemorySegment sums, MemorySegment scratchpad, MemorySegment arguments) {}

    /// `sums = input · weights`
    ///
    /// @param input the rows; whole, even those beyond the ones that matter
    /// @param weights a memory object
    /// @return the sums, valid until the next call
    MemorySegment multiply(Matmul matmul, MemorySegment input, MemorySegment weights) {
        long needed = Dnnl.size(matmul.sums());
        if (sums.byteSize() < needed) {
            sums = Arena.ofAuto().allocate(needed, ALIGNMENT);
        }
        Bound here = bound.computeIfAbsent(matmul, this::bind);
        Dnnl.point(here.input(), input);
        Dnnl.point(here.sums(), sums);
        Dnnl.argument(here.arguments(), 1, Dnnl.WEIGHTS, weights);
        Dnnl.execute(matmul.primitive(), stream, 4, here.arguments());
        return sums;
    }

    private Bound bind(Matmul matmul) {
        MemorySegment input = Dnnl.memory(arena, matmul.input(), MemorySegment.NULL);
        MemorySegment result = Dnnl.memory(arena, matmul.sums(), MemorySegment.NULL);
        MemorySegment room = arena.allocate(Math.max(1, Dnnl.size(matmul.scratchpad())), ALIGNMENT);
        MemorySegment scratchpad = Dnnl.memory(arena, matmul.scratchpad(), room);
        MemorySegment arguments = Dnnl.arguments(arena, 4);
        Dnnl.argument(arguments, 0, Dnnl.SRC, input);
        Dnnl.argument(arguments, 2, Dnnl.DST, result);
        Dnnl.argument(arguments, 3, Dnnl.SCRATCHPAD, scratchpad);
        return new Bound(input, result, scratchpad, arguments);
    }
}

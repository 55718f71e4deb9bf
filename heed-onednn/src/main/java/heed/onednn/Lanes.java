package heed.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The lanes of an engine and the buffers for its inputs, lent to whoever multiplies.
final class Lanes {
    private static final int ALIGNMENT = 64;

    private final ConcurrentLinkedQueue<Lane> lanes = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<MemorySegment> buffers = new ConcurrentLinkedQueue<>();

    Lane borrow() {
        Lane free = lanes.poll();
        return free != null ? free : new Lane();
    }

    void giveBack(Lane lane) {
        lanes.offer(lane);
    }

    /// At least so many bytes with unspecified content.
    MemorySegment borrowBuffer(long bytes) {
        MemorySegment free = buffers.poll();
        return free != null && free.byteSize() >= bytes
                ? free
                : Arena.ofAuto().allocate(Math.max(1, bytes + bytes / 4), ALIGNMENT);
    }

    void giveBackBuffer(MemorySegment buffer) {
        buffers.offer(buffer);
    }
}

package heed.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.CRC32C;

/// CRC-32C in the form that LevelDB and TensorFlow store: rotated and shifted, so that the checksum of data
/// that holds checksums stays useful.
final class Checksum {
    private static final int MASK = 0xa282ead8;

    /// Small enough to stay in the processor's first cache between the copy and the sum.
    private static final int PIECE = 1 << 14;

    private Checksum() {}

    /// The masked checksum of a span. The bytes pass through the heap, because a checksum over mapped memory
    /// would keep it from being closed meanwhile.
    static int of(MappedFile file, long offset, long length) {
        return of(file.bytes().asSlice(offset, length));
    }

    static int of(MemorySegment bytes) {
        var crc = new CRC32C();
        var piece = new byte[(int) Math.min(PIECE, bytes.byteSize())];
        for (long start = 0; start < bytes.byteSize(); start += PIECE) {
            int length = (int) Math.min(PIECE, bytes.byteSize() - start);
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, start, piece, 0, length);
            crc.update(piece, 0, length);
        }
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }
}

package heed.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// One file in mapped memory. Numbers are little-endian, as in all formats that are read here.
///
/// @param name the file's name without its folder, which begins every refusal
record MappedFile(String name, MemorySegment bytes) {
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final byte[] GIT_LFS = "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);

    static String nameOf(Path path) {
        Path name = path.getFileName();
        return (name == null ? path : name).toString();
    }

    long size() {
        return bytes.byteSize();
    }

    byte byteAt(long offset) {
        return bytes.get(ValueLayout.JAVA_BYTE, offset);
    }

    long longAt(long offset) {
        return bytes.get(LONG, offset);
    }

    int intAt(long offset) {
        return bytes.get(INT, offset);
    }

    /// Copies bytes that the caller has checked to lie in the file.
    byte[] copy(long offset, int length) {
        var copy = new byte[length];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset, copy, 0, length);
        return copy;
    }

    CheckpointException refusal(String reason) {
        return new CheckpointException(name + ": " + reason);
    }

    CheckpointException refusal(String reason, Throwable cause) {
        return new CheckpointException(name + ": " + reason, cause);
    }

    CheckpointException tensorRefusal(String tensor, String reason) {
        return refusal("tensor " + Quoted.of(tensor) + " " + reason);
    }

    /// A clone without LFS leaves a few lines of text where the weights should be: a common accident whose
    /// other symptoms (an absurd header length) explain nothing.
    void refuseGitLfsPointer() {
        if (size() >= GIT_LFS.length
                && bytes.asSlice(0, GIT_LFS.length).mismatch(MemorySegment.ofArray(GIT_LFS)) == -1) {
            throw refusal("this is a Git LFS pointer, not the weights (fetch them with 'git lfs pull')");
        }
    }
}

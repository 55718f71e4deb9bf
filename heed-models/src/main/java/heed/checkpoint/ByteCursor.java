package heed.checkpoint;

import java.nio.charset.StandardCharsets;

/// Reads forward through a span of a mapped file and never past its end: the ground that the protobuf and
/// SSTable readers stand on.
final class ByteCursor {
    /// Longer names than this are no names.
    private static final int LONGEST_TEXT = 1 << 16;

    private final MappedFile file;
    private final long end;
    private long position;

    /// @param begin where the span begins; the caller has checked that it lies in the file
    ByteCursor(MappedFile file, long begin, long end) {
        this.file = file;
        this.position = begin;
        this.end = end;
    }

    MappedFile file() {
        return file;
    }

    long position() {
        return position;
    }

    /// How many bytes are left.
    long remaining() {
        return end - position;
    }

    boolean atEnd() {
        return position == end;
    }

    /// Moves on by `length` bytes and gives where they began.
    long skip(long length) {
        if (length < 0 || length > end - position) {
            throw file.refusal("byte " + position + " announces " + Long.toUnsignedString(length) + " more bytes where "
                    + (end - position) + " are left (is the download complete?)");
        }
        long begin = position;
        position += length;
        return begin;
    }

    int int32() {
        return file.intAt(skip(Integer.BYTES));
    }

    long int64() {
        return file.longAt(skip(Long.BYTES));
    }

    /// A number in groups of seven bits, the lowest first; the high bit says that another group follows.
    long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte group = file.byteAt(skip(1));
            value |= (group & 0x7fL) << shift;
            if (group >= 0) {
                return value;
            }
        }
        throw file.refusal("byte " + position + " ends a number of more than 64 bits");
    }

    /// UTF-8 text of a length that has just been read.
    String text(long length) {
        return text(length, LONGEST_TEXT);
    }

    /// As [#text(long)], of at most so many bytes.
    String text(long length, int longest) {
        if (length < 0 || length > longest) {
            throw file.refusal("byte " + position + " begins a text of " + Long.toUnsignedString(length)
                    + " bytes, at most " + longest + " are allowed");
        }
        return new String(file.copy(skip(length), (int) length), StandardCharsets.UTF_8);
    }
}

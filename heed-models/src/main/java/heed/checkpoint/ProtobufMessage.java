package heed.checkpoint;

import java.util.function.LongConsumer;

/// Walks the fields of one protobuf message in a mapped file. [#next] moves to a field and past its value, so a
/// field that nobody asks for costs nothing, and nested messages are only entered where a reader knows them:
/// depth is what the reader's code has, never what the file claims.
///
/// Format: <https://protobuf.dev/programming-guides/encoding/>.
final class ProtobufMessage {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;

    private final long start;
    private final long end;
    private final ByteCursor cursor;
    private int field;
    private int wireType;
    private long number;
    private long begin;
    private long length;

    ProtobufMessage(MappedFile file, long begin, long end) {
        this.start = begin;
        this.end = end;
        this.cursor = new ByteCursor(file, begin, end);
    }

    /// The same message from its beginning.
    ProtobufMessage again() {
        return new ProtobufMessage(cursor.file(), start, end);
    }

    /// Moves to the next field.
    ///
    /// @return false when there is none
    boolean next() {
        if (cursor.atEnd()) {
            return false;
        }
        long at = cursor.position();
        long tag = cursor.varint();
        field = (int) (tag >>> 3);
        wireType = (int) (tag & 7);
        if (tag >>> 3 == 0 || tag >>> 3 > Integer.MAX_VALUE) {
            throw cursor.file().refusal("byte " + at + " is not the beginning of a protobuf field");
        }
        switch (wireType) {
            case VARINT -> number = cursor.varint();
            case FIXED64 -> number = cursor.int64();
            case FIXED32 -> number = cursor.int32();
            case LENGTH -> {
                length = cursor.varint();
                begin = cursor.skip(length);
            }
            default ->
                throw cursor.file()
                        .refusal("byte " + at + " has the protobuf wire type " + wireType + ", which is not in use");
        }
        return true;
    }

    int field() {
        return field;
    }

    MappedFile file() {
        return cursor.file();
    }

    /// The value of a number of variable length.
    long varint() {
        require(VARINT);
        return number;
    }

    /// The bits of a number of four bytes.
    int fixed32() {
        require(FIXED32);
        return (int) number;
    }

    float float32() {
        return Float.intBitsToFloat(fixed32());
    }

    String text() {
        require(LENGTH);
        return new ByteCursor(cursor.file(), begin, begin + length).text(length);
    }

    ProtobufMessage message() {
        require(LENGTH);
        return new ProtobufMessage(cursor.file(), begin, begin + length);
    }

    /// Where the bytes of a field of some length begin.
    long begin() {
        require(LENGTH);
        return begin;
    }

    long length() {
        require(LENGTH);
        return length;
    }

    /// The numbers of a repeated field, which writers may pack into one field or give one by one.
    void varints(LongConsumer consumer) {
        if (wireType == LENGTH) {
            var packed = new ByteCursor(cursor.file(), begin, begin + length);
            while (!packed.atEnd()) {
                consumer.accept(packed.varint());
            }
        } else {
            consumer.accept(varint());
        }
    }

    /// As [#varints], for numbers of four bytes.
    void fixed32s(LongConsumer consumer) {
        if (wireType == LENGTH) {
            var packed = new ByteCursor(cursor.file(), begin, begin + length);
            while (!packed.atEnd()) {
                consumer.accept(packed.int32());
            }
        } else {
            consumer.accept(fixed32());
        }
    }

    /// As [#varints], for numbers of eight bytes.
    void fixed64s(LongConsumer consumer) {
        if (wireType == LENGTH) {
            var packed = new ByteCursor(cursor.file(), begin, begin + length);
            while (!packed.atEnd()) {
                consumer.accept(packed.int64());
            }
        } else {
            require(FIXED64);
            consumer.accept(number);
        }
    }

    private void require(int expected) {
        if (wireType != expected) {
            throw cursor.file()
                    .refusal("protobuf field " + field + " before byte " + cursor.position() + " has wire type "
                            + wireType + ", " + expected + " was expected");
        }
    }
}

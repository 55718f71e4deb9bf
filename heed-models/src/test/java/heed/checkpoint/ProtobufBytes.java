package heed.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Protobuf messages made by hand.
final class ProtobufBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static ProtobufBytes message() {
        return new ProtobufBytes();
    }

    ProtobufBytes rawVarint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
        return this;
    }

    ProtobufBytes raw(byte[] raw) {
        bytes.writeBytes(raw);
        return this;
    }

    ProtobufBytes varint(int field, long value) {
        return rawVarint((long) field << 3).rawVarint(value);
    }

    ProtobufBytes fixed32(int field, int value) {
        return rawVarint(((long) field << 3) | 5)
                .raw(ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(value)
                        .array());
    }

    ProtobufBytes fixed64(int field, long value) {
        return rawVarint(((long) field << 3) | 1)
                .raw(ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(value)
                        .array());
    }

    ProtobufBytes bytes(int field, byte[] value) {
        return rawVarint(((long) field << 3) | 2).rawVarint(value.length).raw(value);
    }

    ProtobufBytes text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtobufBytes message(int field, ProtobufBytes value) {
        return bytes(field, value.toBytes());
    }

    ProtobufBytes packedVarints(int field, long... values) {
        ProtobufBytes packed = message();
        for (long value : values) {
            packed.rawVarint(value);
        }
        return message(field, packed);
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}

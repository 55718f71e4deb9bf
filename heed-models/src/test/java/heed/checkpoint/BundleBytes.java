package heed.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;

/// The index of a TensorFlow bundle made by hand. Blocks can be changed before they get their checksums, so
/// that what lies behind the checksums can be tested too.
final class BundleBytes {
    static final int FLOAT = 1;

    private final Map<String, byte[]> entries = new TreeMap<>();
    private int entriesPerBlock = 2;
    private byte compression;
    private UnaryOperator<byte[]> damage = UnaryOperator.identity();

    static BundleBytes bundle() {
        return new BundleBytes().entry("", ProtobufBytes.message().varint(1, 1));
    }

    static BundleBytes withoutHeader() {
        return new BundleBytes();
    }

    static ProtobufBytes shape(long... axes) {
        ProtobufBytes shape = ProtobufBytes.message();
        for (long axis : axes) {
            shape.message(2, ProtobufBytes.message().varint(1, axis));
        }
        return shape;
    }

    static ProtobufBytes tensor(int type, long offset, long size, long... axes) {
        return ProtobufBytes.message()
                .varint(1, type)
                .message(2, shape(axes))
                .varint(4, offset)
                .varint(5, size);
    }

    BundleBytes entry(String name, ProtobufBytes entry) {
        entries.put(name, entry.toBytes());
        return this;
    }

    BundleBytes entriesPerBlock(int count) {
        entriesPerBlock = count;
        return this;
    }

    BundleBytes compression(int kind) {
        compression = (byte) kind;
        return this;
    }

    BundleBytes damage(UnaryOperator<byte[]> operator) {
        damage = operator;
        return this;
    }

    /// The checksum that LevelDB and TensorFlow keep.
    static int checksum(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        int sum = (int) crc.getValue();
        return ((sum >>> 15) | (sum << 17)) + 0xa282ead8;
    }

    byte[] toBytes() {
        var file = new ByteArrayOutputStream();
        var index = new ArrayList<Map.Entry<String, byte[]>>();
        List<Map.Entry<String, byte[]>> all = List.copyOf(entries.entrySet());
        for (int start = 0; start < all.size(); start += entriesPerBlock) {
            var block = all.subList(start, Math.min(start + entriesPerBlock, all.size()));
            index.add(Map.entry(block.getLast().getKey(), append(file, block(block))));
        }
        byte[] metaHandle = append(file, block(List.of()));
        byte[] indexHandle = append(file, block(index));
        byte[] handles =
                ProtobufBytes.message().raw(metaHandle).raw(indexHandle).toBytes();
        file.writeBytes(Arrays.copyOf(handles, 40));
        file.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0xdb4775248b80fb57L)
                .array());
        return file.toByteArray();
    }

    private static byte[] block(List<Map.Entry<String, byte[]>> entries) {
        ProtobufBytes block = ProtobufBytes.message();
        byte[] before = {};
        for (Map.Entry<String, byte[]> entry : entries) {
            byte[] key = entry.getKey().getBytes(StandardCharsets.UTF_8);
            int shared = Arrays.mismatch(before, key);
            shared = shared < 0 ? key.length : shared;
            block.rawVarint(shared)
                    .rawVarint(key.length - shared)
                    .rawVarint(entry.getValue().length)
                    .raw(Arrays.copyOfRange(key, shared, key.length))
                    .raw(entry.getValue());
            before = key;
        }
        return block.raw(new byte[] {0, 0, 0, 0, 1, 0, 0, 0}).toBytes();
    }

    private byte[] append(ByteArrayOutputStream file, byte[] intact) {
        byte[] contents = damage.apply(intact);
        byte[] block = Arrays.copyOf(contents, contents.length + 1);
        block[contents.length] = compression;
        byte[] handle = ProtobufBytes.message()
                .rawVarint(file.size())
                .rawVarint(contents.length)
                .toBytes();
        file.writeBytes(block);
        file.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(checksum(block))
                .array());
        return handle;
    }
}

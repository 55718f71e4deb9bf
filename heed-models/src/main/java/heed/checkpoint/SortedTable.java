package heed.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The SSTable of LevelDB, in which TensorFlow keeps the index of a bundle: sorted keys with values, in blocks.
/// A footer of 48 bytes leads to the index block, that to the data blocks. In a block each key is stored as
/// what differs from the one before; one byte (the compression) and a checksum follow it.
///
/// Format: <https://github.com/google/leveldb/blob/main/doc/table_format.md>.
final class SortedTable {
    private static final int FOOTER = 48;
    private static final long MAGIC = 0xdb4775248b80fb57L;

    /// Compression and checksum.
    private static final int TRAILER = 5;

    /// Shared beginnings let a small block spell out many long keys; names of tensors stay far below this.
    private static final int LONGEST_KEY = 4096;

    /// Gets one key with the span of its value.
    interface Entry {
        void read(byte[] key, long begin, long end);
    }

    private final MappedFile file;

    private SortedTable(MappedFile file) {
        this.file = file;
    }

    /// Hands over all entries in the order of their keys.
    static void read(MappedFile file, Entry entry) {
        if (file.size() < FOOTER) {
            throw file.refusal("the file has " + file.size() + " bytes, too few for the index of a TensorFlow bundle");
        }
        long magic = file.longAt(file.size() - Long.BYTES);
        if (magic != MAGIC) {
            throw file.refusal(
                    "the file ends with " + Long.toHexString(magic) + ", the index of a TensorFlow bundle with "
                            + Long.toHexString(MAGIC) + " (is the download complete?)");
        }
        var table = new SortedTable(file);
        var footer = new ByteCursor(file, file.size() - FOOTER, file.size() - Long.BYTES);
        // The handle of the meta index comes first; bundles keep nothing there.
        footer.varint();
        footer.varint();
        var blocks = table.new Ascending();
        var entries = table.new Ascending();
        table.block(footer.varint(), footer.varint(), blocks, (separator, begin, end) -> {
            var handle = new ByteCursor(file, begin, end);
            table.block(handle.varint(), handle.varint(), entries, entry);
        });
    }

    /// The key that came last; keys ascend through the whole table.
    private final class Ascending {
        byte[] key = {};
        boolean any;

        void advance(byte[] next) {
            if (any && Arrays.compareUnsigned(key, next) >= 0) {
                throw file.refusal("the key " + Quoted.of(new String(next, StandardCharsets.UTF_8))
                        + " is not after the one before it: the index is damaged");
            }
            key = next;
            any = true;
        }
    }

    private void block(long offset, long size, Ascending keys, Entry entry) {
        long available = file.size() - FOOTER - TRAILER;
        if (offset < 0 || size < Integer.BYTES || offset > available || size > available - offset) {
            throw file.refusal("a block of " + Long.toUnsignedString(size) + " bytes is said to begin at byte "
                    + Long.toUnsignedString(offset) + ", the file has " + file.size() + " bytes");
        }
        requireIntact(offset, size);
        long restarts = Integer.toUnsignedLong(file.intAt(offset + size - Integer.BYTES));
        long end = offset + size - Integer.BYTES * (restarts + 1);
        if (end < offset) {
            throw file.refusal(
                    "the block at byte " + offset + " claims " + restarts + " restarts in " + size + " bytes");
        }
        var cursor = new ByteCursor(file, offset, end);
        var key = new byte[0];
        while (!cursor.atEnd()) {
            long shared = cursor.varint();
            long fresh = cursor.varint();
            long valueLength = cursor.varint();
            if (shared < 0 || shared > key.length || fresh < 0 || fresh > LONGEST_KEY - shared) {
                throw file.refusal("the key before byte " + cursor.position() + " shares " + shared + " of "
                        + key.length + " bytes and adds " + fresh + ", at most " + LONGEST_KEY + " are allowed");
            }
            byte[] added = file.copy(cursor.skip(fresh), (int) fresh);
            key = Arrays.copyOf(key, (int) (shared + fresh));
            System.arraycopy(added, 0, key, (int) shared, added.length);
            keys.advance(key);
            long value = cursor.skip(valueLength);
            entry.read(key, value, value + valueLength);
        }
    }

    /// Checks a block, its contents and its compression, against its checksum.
    private void requireIntact(long offset, long size) {
        int stored = file.intAt(offset + size + 1);
        int actual = Checksum.of(file, offset, size + 1);
        if (actual != stored) {
            throw file.refusal("the block at byte " + offset + " does not match its checksum: the file is damaged");
        }
        byte compression = file.byteAt(offset + size);
        if (compression != 0) {
            throw file.refusal("the block at byte " + offset + " is compressed ("
                    + (compression == 1 ? "Snappy" : "kind " + compression)
                    + "), which is not read here; TensorFlow writes bundles uncompressed");
        }
    }
}

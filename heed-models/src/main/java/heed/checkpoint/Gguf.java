package heed.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The file of llama.cpp: a whole model in one, with its sizes, its vocabulary and its weights, which may be
/// quantised. Versions 2 and 3, little-endian.
///
/// The header is read forward and nothing is allocated on its word alone: a count is believed only as far as
/// the file has bytes for it.
///
/// Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.
public final class Gguf {
    private static final int MAGIC = 0x46554747; // "GGUF"
    private static final int MOST_TENSORS = 1 << 20;
    private static final int MOST_KEYS = 1 << 16;
    private static final int LONGEST_TEXT = 16 << 20;
    private static final int MOST_ALIGNMENT = 1 << 20;

    /// The weights and what the file says about itself.
    ///
    /// @param weights under the names and in the layout that llama.cpp has for them
    record Contents(GgufMetadata metadata, Map<String, StoredTensor> weights) {}

    private record Header(String name, List<Integer> shape, GgmlType type, long offset, long bytes) {}

    private final MappedFile file;
    private final ByteCursor cursor;

    private Gguf(MappedFile file) {
        this.file = file;
        this.cursor = new ByteCursor(file, 0, file.size());
    }

    /// The GGUF file that a path means: itself, or the only one in a folder that has no `config.json`.
    ///
    /// @throws CheckpointException when there are several
    public static Optional<Path> at(Path path) {
        if (Files.isRegularFile(path)) {
            return isGguf(path) ? Optional.of(path) : Optional.empty();
        }
        if (!Files.isDirectory(path) || Files.exists(path.resolve("config.json"))) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(path)) {
            List<Path> found = files.filter(Gguf::isGguf).sorted().toList();
            if (found.size() > 1) {
                throw new CheckpointException(path + " has " + found.size() + " GGUF files; give one of them: "
                        + MappedFile.nameOf(found.getFirst()));
            }
            return found.stream().findFirst();
        } catch (IOException e) {
            throw new CheckpointException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean isGguf(Path file) {
        return MappedFile.nameOf(file).toLowerCase(Locale.ROOT).endsWith(".gguf");
    }

    /// Opens the weights of a file, under Hugging Face's names and in its layout where the architecture is
    /// known here.
    ///
    /// @throws CheckpointException when the file is missing, or is not what the format says
    public static Checkpoint open(Path path) {
        return MappedCheckpoint.open(path.toString(), files -> {
            Contents contents = read(files.map(path));
            return new MappedCheckpoint.Contents(GgufWeights.named(contents), Map.of("format", "gguf"));
        });
    }

    /// Reads what a file says about itself.
    ///
    /// @throws CheckpointException when the file is missing, or is not what the format says
    public static GgufMetadata metadata(Path path) {
        try (var files = new MappedFiles()) {
            return read(files.map(path)).metadata();
        }
    }

    /// Reads what the file says about itself, as the `config.json` that Hugging Face would have beside it.
    ///
    /// @throws CheckpointException when the file is missing or wrong, or its architecture is not known here
    public static String config(Path path) {
        try (var files = new MappedFiles()) {
            return GgufConfig.json(read(files.map(path)));
        }
    }

    static Contents read(MappedFile file) {
        return new Gguf(file).read();
    }

    private Contents read() {
        if (file.size() < 24) {
            throw file.refusal("the file has " + file.size() + " bytes, too few for a GGUF file");
        }
        if (cursor.int32() != MAGIC) {
            throw file.refusal("it does not begin with GGUF");
        }
        int version = cursor.int32();
        if (version != 2 && version != 3) {
            throw file.refusal("it is of GGUF version " + Integer.toUnsignedString(version)
                    + ", versions 2 and 3 (little-endian) are read here");
        }
        long tensors = count("tensors", MOST_TENSORS);
        long keys = count("keys", MOST_KEYS);
        var values = new LinkedHashMap<String, Object>();
        for (long i = 0; i < keys; i++) {
            String key = text();
            if (values.put(key, value(cursor.int32(), key)) != null) {
                throw file.refusal("the key " + Quoted.of(key) + " is there twice");
            }
        }
        var metadata = new GgufMetadata(file.name(), values);
        List<Header> headers = new ArrayList<>();
        for (long i = 0; i < tensors; i++) {
            headers.add(header());
        }
        return new Contents(metadata, weights(headers, dataStart(metadata)));
    }

    private long count(String what, int most) {
        long count = cursor.int64();
        if (count < 0 || count > most) {
            throw file.refusal(
                    "it claims " + Long.toUnsignedString(count) + " " + what + ", at most " + most + " are allowed");
        }
        return count;
    }

    private String text() {
        return cursor.text(cursor.int64(), LONGEST_TEXT);
    }

    /// A value of one of the thirteen types, whole numbers as Long, others as Double.
    private Object value(int type, String key) {
        return switch (type) {
            case 0 -> (long) (byteValue() & 0xff);
            case 1 -> (long) byteValue();
            case 2 -> (long) (shortValue() & 0xffff);
            case 3 -> (long) shortValue();
            case 4 -> Integer.toUnsignedLong(cursor.int32());
            case 5 -> (long) cursor.int32();
            case 6 -> (double) Float.intBitsToFloat(cursor.int32());
            case 7 -> byteValue() != 0;
            case 8 -> text();
            case 9 -> list(key);
            case 10, 11 -> cursor.int64();
            case 12 -> Double.longBitsToDouble(cursor.int64());
            default ->
                throw file.refusal(
                        "the key " + Quoted.of(key) + " has the unknown type " + Integer.toUnsignedString(type));
        };
    }

    private List<Object> list(String key) {
        int type = cursor.int32();
        if (type == 9) {
            throw file.refusal("the key " + Quoted.of(key) + " has a list of lists, which is not read here");
        }
        long count = cursor.int64();
        if (count < 0 || count > cursor.remaining()) { // an element has at least one byte
            throw file.refusal("the key " + Quoted.of(key) + " claims " + Long.toUnsignedString(count)
                    + " values where " + cursor.remaining() + " bytes are left");
        }
        var values = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            values.add(value(type, key));
        }
        return List.copyOf(values);
    }

    private byte byteValue() {
        return file.byteAt(cursor.skip(1));
    }

    private short shortValue() {
        return file.bytes().get(MappedFile.SHORT, cursor.skip(2));
    }

    private Header header() {
        String name = text();
        int dimensions = cursor.int32();
        if (dimensions < 0 || dimensions > 8) {
            throw file.tensorRefusal(name, "claims " + Integer.toUnsignedString(dimensions) + " axes");
        }
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < dimensions; i++) {
            sizes.add(cursor.int64());
        }
        int id = cursor.int32();
        GgmlType type = GgmlType.of(id);
        if (type == null) {
            throw file.tensorRefusal(
                    name,
                    "is stored as " + GgmlType.name(id) + ", which is not read here; read are " + GgmlType.known());
        }
        long offset = cursor.int64();
        var axes = new Axes(file, name);
        sizes.reversed().forEach(axes::add); // the file has the innermost axis first
        long row = sizes.isEmpty() ? 1 : sizes.getFirst();
        if (row % type.blockValues() != 0) {
            throw file.tensorRefusal(
                    name, "has rows of " + row + " values, " + type + " has blocks of " + type.blockValues());
        }
        long bytes = (long) axes.size() / type.blockValues() * type.blockBytes();
        return new Header(name, axes.shape(), type, offset, bytes);
    }

    private long dataStart(GgufMetadata metadata) {
        int alignment = metadata.whole("general.alignment").orElse(32);
        if (alignment < 1 || alignment > MOST_ALIGNMENT) {
            throw file.refusal("general.alignment is " + alignment);
        }
        return Math.ceilDiv(cursor.position(), alignment) * alignment;
    }

    private Map<String, StoredTensor> weights(List<Header> headers, long dataStart) {
        var weights = new LinkedHashMap<String, StoredTensor>();
        long available = file.size() - dataStart;
        for (Header header : headers) {
            if (header.offset() < 0 || header.offset() > available || header.bytes() > available - header.offset()) {
                throw file.tensorRefusal(
                        header.name(),
                        "has " + header.bytes() + " bytes from byte " + Long.toUnsignedString(header.offset())
                                + " on, the file has " + Math.max(0, available)
                                + " bytes of data (is the download complete?)");
            }
            var bytes = file.bytes().asSlice(dataStart + header.offset(), header.bytes());
            GgmlType type = header.type();
            StoredValues values =
                    type.blockValues() == 1 ? new StoredValues.Plain(bytes, type.dtype()) : new GgmlBlocks(bytes, type);
            var info = new TensorInfo(header.name(), type.dtype(), header.shape());
            if (weights.put(header.name(), new StoredTensor(info, values)) != null) {
                throw file.tensorRefusal(header.name(), "is there twice");
            }
        }
        return weights;
    }
}

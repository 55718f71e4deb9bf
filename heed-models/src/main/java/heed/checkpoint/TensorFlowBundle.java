package heed.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// TensorFlow's tensor bundle, in which saved models and checkpoints keep their variables: `variables.index`, a
/// [SortedTable] from names to entries, and `variables.data-00000-of-00001` and so on with the values. Names
/// are TensorFlow's (`bert/encoder/layer_0/attention/self/query/kernel`), kernels lie as `[in, out]`.
///
/// Blocks of the index are checked against their checksums when the bundle is opened, a tensor when it is read:
/// the sum runs at memory speed, and a bundle carries no other sign that a download was damaged.
///
/// Text and other things that are no numbers (the object graph of TensorFlow 2) are left out of [#open]'s
/// tensors.
///
/// Format: `BundleHeaderProto` and `BundleEntryProto` in
/// <https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/tensor_bundle.proto>.
public final class TensorFlowBundle {
    private static final String INDEX = ".index";

    private final Path path;
    private final MappedFile index;
    private final MappedFiles files;
    private final Map<Long, MappedFile> shards = new HashMap<>();
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> unreadable = new LinkedHashMap<>();
    private long shardCount = -1;

    private TensorFlowBundle(Path path, MappedFile index, MappedFiles files) {
        this.path = path;
        this.index = index;
        this.files = files;
    }

    /// Opens a bundle by its index; the files with the values lie beside it.
    ///
    /// @param path a file whose name ends with `.index`
    /// @throws CheckpointException when a file is missing or damaged, or is not what the format says
    public static Checkpoint open(Path path) {
        if (!MappedFile.nameOf(path).endsWith(INDEX)) {
            throw new CheckpointException(path + ": the index of a TensorFlow bundle is named *" + INDEX);
        }
        return MappedCheckpoint.open(path.toString(), files -> {
            var bundle = new TensorFlowBundle(path, files.map(path), files);
            SortedTable.read(bundle.index, bundle::entry);
            if (bundle.shardCount < 0) {
                throw bundle.index.refusal("the index has no entries, not even a header");
            }
            return new MappedCheckpoint.Contents(bundle.tensors, Map.of(), bundle.unreadable);
        });
    }

    private void entry(byte[] key, long begin, long end) {
        var message = new ProtobufMessage(index, begin, end);
        if (key.length == 0) {
            header(message);
        } else if (shardCount < 0) {
            throw index.refusal("the index does not begin with a header");
        } else {
            tensor(new String(key, StandardCharsets.UTF_8), message);
        }
    }

    private void header(ProtobufMessage message) {
        shardCount = 0;
        while (message.next()) {
            switch (message.field()) {
                case 1 -> shardCount = message.varint();
                case 2 -> {
                    if (message.varint() != 0) {
                        throw index.refusal("the bundle is big-endian, which is not read here");
                    }
                }
                default -> {}
            }
        }
        if (shardCount < 0 || shardCount > Integer.MAX_VALUE) {
            throw index.refusal("the bundle claims " + Long.toUnsignedString(shardCount) + " data files");
        }
    }

    private void tensor(String name, ProtobufMessage message) {
        long type = 0;
        long shard = 0;
        long offset = 0;
        long size = 0;
        Integer checksum = null;
        var axes = new Axes(index, name);
        while (message.next()) {
            switch (message.field()) {
                case 1 -> type = message.varint();
                case 2 -> shape(name, message.message(), axes);
                case 3 -> shard = message.varint();
                case 4 -> offset = message.varint();
                case 5 -> size = message.varint();
                case 6 -> checksum = message.fixed32();
                case 7 ->
                    throw index.tensorRefusal(
                            name, "is stored in slices (a partitioned variable), which are not read here");
                default -> {}
            }
        }
        DType dtype = dtype(type);
        if (dtype == null) {
            unreadable.put(name, typeName(type));
            return;
        }
        axes.requireBytes(dtype, size);
        MappedFile data = shard(name, shard);
        if (offset < 0 || offset > data.size() || size > data.size() - offset) {
            throw index.tensorRefusal(
                    name,
                    "has " + size + " bytes from byte " + Long.toUnsignedString(offset) + ", " + data.name() + " has "
                            + data.size() + " bytes (is the download complete?)");
        }
        var values = new StoredValues.Plain(data.bytes().asSlice(offset, size), dtype);
        tensors.put(
                name,
                new StoredTensor(
                        new TensorInfo(name, dtype, axes.shape()),
                        checksum == null ? values : new Summed(values, checksum, data, name)));
    }

    private void shape(String name, ProtobufMessage shape, Axes axes) {
        while (shape.next()) {
            switch (shape.field()) {
                case 2 -> {
                    long axis = 0;
                    ProtobufMessage dimension = shape.message();
                    while (dimension.next()) {
                        if (dimension.field() == 1) {
                            axis = dimension.varint();
                        }
                    }
                    axes.add(axis);
                }
                case 3 -> {
                    if (shape.varint() != 0) {
                        throw index.tensorRefusal(name, "has no shape");
                    }
                }
                default -> {}
            }
        }
    }

    private MappedFile shard(String tensor, long shard) {
        if (shard < 0 || shard >= shardCount) {
            throw index.tensorRefusal(tensor, "is in data file " + Long.toUnsignedString(shard) + " of " + shardCount);
        }
        return shards.computeIfAbsent(shard, number -> {
            String prefix = index.name().substring(0, index.name().length() - INDEX.length());
            String suffix = String.format(Locale.ROOT, ".data-%05d-of-%05d", number, shardCount);
            return files.map(path.resolveSibling(prefix + suffix));
        });
    }

    /// The number formats of `types.proto` that are read here.
    private static @Nullable DType dtype(long type) {
        return switch (Math.clamp(type, -1, Integer.MAX_VALUE)) {
            case 1 -> DType.F32;
            case 2 -> DType.F64;
            case 3 -> DType.I32;
            case 4 -> DType.U8;
            case 5 -> DType.I16;
            case 6 -> DType.I8;
            case 9 -> DType.I64;
            case 10 -> DType.BOOL;
            case 14 -> DType.BF16;
            case 19 -> DType.F16;
            default -> null;
        };
    }

    private static String typeName(long type) {
        return type == 7 ? "text (DT_STRING)" : "TensorFlow's type " + type;
    }

    /// Values that are checked against their checksum before they are handed out.
    private record Summed(StoredValues.Plain values, int checksum, MappedFile file, String name)
            implements StoredValues {
        @Override
        public float[] floats(int count) {
            requireIntact();
            return values.floats(count);
        }

        @Override
        public long[] integers(int count) {
            requireIntact();
            return values.integers(count);
        }

        private void requireIntact() {
            MemorySegment bytes = values.bytes();
            if (Checksum.of(bytes) != checksum) {
                throw file.tensorRefusal(name, "does not match its checksum: the file is damaged");
            }
        }
    }
}

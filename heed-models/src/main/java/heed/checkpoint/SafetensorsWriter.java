package heed.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Writes tensors in the format of [Safetensors]. Whoever looks at the target sees the old file or the complete
/// new one, also after a power failure: the bytes go to a file beside it, are forced to the disk, and then take
/// its name.
public final class SafetensorsWriter {
    /// What Hugging Face's loaders ask for: the layout conventions of PyTorch.
    private static final Map<String, String> FORMAT = Map.of("format", "pt");

    private static final JsonFactory JSON = new JsonFactory();
    private static final int PIECE = 1 << 18;

    private SafetensorsWriter() {}

    /// Writes the tensors with the metadata `{"format": "pt"}`, which Hugging Face's loaders ask for.
    ///
    /// @throws IllegalArgumentException when two tensors have the same name
    /// @throws IOException when the file cannot be written; what was there before is then untouched
    public static void write(Path target, Collection<? extends NamedTensor> tensors) throws IOException {
        write(target, tensors, FORMAT);
    }

    /// Writes the tensors with the metadata given.
    ///
    /// @throws IllegalArgumentException when two tensors have the same name
    /// @throws IOException when the file cannot be written; what was there before is then untouched
    public static void write(Path target, Collection<? extends NamedTensor> tensors, Map<String, String> metadata)
            throws IOException {
        // The widest numbers first, as the reference implementation has it: every tensor is then aligned.
        List<NamedTensor> ordered = new ArrayList<>(tensors);
        ordered.sort(
                Comparator.comparingInt((NamedTensor tensor) -> -tensor.dtype().bytes()));
        byte[] header = header(ordered, metadata);
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(target + " is not the name of a file");
        }
        Path part = target.resolveSibling(MappedFile.nameOf(target) + "." + UUID.randomUUID() + ".part");
        try {
            try (FileChannel channel =
                    FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                writeAll(channel, header, ordered);
                channel.force(true);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
        DurableFiles.forceFolder(folder);
    }

    private static byte[] header(List<NamedTensor> tensors, Map<String, String> metadata) {
        var names = new HashSet<String>();
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectPropertyStart("__metadata__");
                metadata.forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            long offset = 0;
            for (NamedTensor tensor : tensors) {
                if (!names.add(tensor.name()) || tensor.name().equals("__metadata__")) {
                    throw new IllegalArgumentException(
                            "tensor " + Quoted.of(tensor.name()) + " cannot be written: the name is taken");
                }
                json.writeObjectPropertyStart(tensor.name());
                json.writeStringProperty("dtype", tensor.dtype().name());
                json.writeArrayPropertyStart("shape");
                tensor.shape().forEach(json::writeNumber);
                json.writeEndArray();
                json.writeArrayPropertyStart("data_offsets");
                json.writeNumber(offset);
                offset += size(tensor) * tensor.dtype().bytes();
                json.writeNumber(offset);
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        // Spaces are the padding that the format asks for.
        while (bytes.size() % 8 != 0) {
            bytes.write(' ');
        }
        return bytes.toByteArray();
    }

    private static long size(NamedTensor tensor) {
        return switch (tensor) {
            case NamedTensor.Floats floats -> floats.values().length;
            case NamedTensor.Rounded rounded -> rounded.values().length;
            case NamedTensor.Integers integers -> integers.values().length;
        };
    }

    private static void writeAll(FileChannel channel, byte[] header, List<NamedTensor> tensors) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(8 * PIECE).order(ByteOrder.LITTLE_ENDIAN);
        drain(channel, buffer.putLong(header.length));
        writeFully(channel, ByteBuffer.wrap(header));
        for (NamedTensor tensor : tensors) {
            long size = size(tensor);
            for (long start = 0; start < size; start += PIECE) {
                int length = (int) Math.min(PIECE, size - start);
                switch (tensor) {
                    case NamedTensor.Floats floats -> {
                        buffer.asFloatBuffer().put(floats.values(), (int) start, length);
                        buffer.position(length * Float.BYTES);
                    }
                    case NamedTensor.Rounded rounded -> {
                        for (int i = 0; i < length; i++) {
                            buffer.putShort(nearest(rounded.values()[(int) start + i]));
                        }
                    }
                    case NamedTensor.Integers integers -> {
                        buffer.asLongBuffer().put(integers.values(), (int) start, length);
                        buffer.position(length * Long.BYTES);
                    }
                }
                drain(channel, buffer);
            }
        }
    }

    /// The upper half of a float's bits, rounded to the nearest, ties to even; NaN stays NaN.
    private static short nearest(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }

    private static void drain(FileChannel channel, ByteBuffer buffer) throws IOException {
        writeFully(channel, buffer.flip());
        buffer.clear();
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}

package heed.checkpoint;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The files beside an ONNX model in which it keeps values that are too large for one protobuf message (2 GB).
///
/// Format: <https://github.com/onnx/onnx/blob/main/docs/ExternalData.md>.
final class OnnxExternalData {
    private final Path model;
    private final MappedFile file;
    private final MappedFiles files;
    private final Map<String, MappedFile> mapped = new HashMap<>();

    OnnxExternalData(Path model, MappedFile file, MappedFiles files) {
        this.model = model;
        this.file = file;
        this.files = files;
    }

    /// Where a tensor says its values are: pairs of text.
    static final class Location {
        private String name = "";
        private String offset = "0";
        private @Nullable String length;

        /// Takes one `StringStringEntryProto`.
        void add(ProtobufMessage entry) {
            String key = "";
            String value = "";
            while (entry.next()) {
                switch (entry.field()) {
                    case 1 -> key = entry.text();
                    case 2 -> value = entry.text();
                    default -> {}
                }
            }
            switch (key) {
                case "location" -> name = value;
                case "offset" -> offset = value;
                case "length" -> length = value;
                default -> {}
            }
        }
    }

    /// Finds and checks the values of a tensor.
    StoredValues values(String tensor, Location location, DType dtype, Axes axes) {
        long needed = (long) axes.size() * dtype.bytes();
        long offset = number(tensor, location.offset);
        long length = location.length == null ? needed : number(tensor, location.length);
        axes.requireBytes(dtype, length);
        MappedFile data = mapped.computeIfAbsent(
                location.name, name -> files.map(Neighbour.of(model, file, "data file of its weights", name)));
        if (offset > data.size() || length > data.size() - offset) {
            throw file.tensorRefusal(
                    tensor,
                    "has " + length + " bytes from byte " + offset + ", " + data.name() + " has " + data.size()
                            + " bytes (is the download complete?)");
        }
        return new StoredValues.Plain(data.bytes().asSlice(offset, length), dtype);
    }

    private long number(String tensor, String text) {
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused below, as a negative number is.
        }
        throw file.tensorRefusal(
                tensor, "has external data at " + Quoted.of(text) + ", which is no position in a file");
    }
}

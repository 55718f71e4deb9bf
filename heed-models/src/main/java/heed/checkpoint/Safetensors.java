package heed.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Hugging Face's file of tensors: eight bytes with the header's length (little-endian), the header in JSON,
/// then the values. The header maps each name to `{"dtype": "F32", "shape": [2, 3], "data_offsets": [begin,
/// end]}`, offsets counted from the end of the header; `__metadata__` maps strings to strings.
///
/// What the reference implementation refuses is refused here: the values must fill the file without holes,
/// overlaps or anything behind them, which keeps other content from hiding in a file of weights. A file with a
/// number format that [DType] does not have (`F8_E4M3`, `U32`, …) is refused when it is opened.
///
/// Format: <https://github.com/huggingface/safetensors#format>.
public final class Safetensors {
    private static final String METADATA = "__metadata__";

    private record Entry(String name, DType dtype, Axes axes, long begin, long end) {}

    private final MappedFile file;
    private final long dataStart;
    private final HeaderJson json;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private Safetensors(MappedFile file, long dataStart, HeaderJson json) {
        this.file = file;
        this.dataStart = dataStart;
        this.json = json;
    }

    /// Opens a file.
    ///
    /// @throws CheckpointException when the file is missing, or is not what the format says
    public static Checkpoint open(Path path) {
        return MappedCheckpoint.open(path.toString(), files -> read(files.map(path)));
    }

    /// Reads and checks the header of a file.
    static MappedCheckpoint.Contents read(MappedFile file) {
        if (file.size() < 8) {
            throw file.refusal("the file has " + file.size()
                    + " bytes, too few for a safetensors file (is the download complete?)");
        }
        long length = file.longAt(0);
        if (length < 0 || length > HeaderJson.LARGEST) {
            throw file.refusal("the header claims " + Long.toUnsignedString(length) + " bytes, at most "
                    + HeaderJson.LARGEST + " are allowed (is this a safetensors file?)");
        }
        if (length > file.size() - 8) {
            throw file.refusal("the header claims " + length + " bytes, the file has " + (file.size() - 8)
                    + " after its length (is the download complete?)");
        }
        try (var json = HeaderJson.open(file, "header", 8, (int) length)) {
            var header = new Safetensors(file, 8 + length, json);
            json.readAll(header::property);
            header.requireFilledWithoutHoles();
            return header.contents();
        }
    }

    private void property(String name) {
        if (name.equals(METADATA)) {
            json.readObject(METADATA, key -> metadata.put(key, json.readString(METADATA + " " + Quoted.of(key))));
        } else {
            entries.add(entry(name));
        }
    }

    /// What the header says of one tensor, gathered in whatever order it says it.
    private final class Claims {
        final String name;
        final String role;
        final Axes axes;
        final List<Long> offsets = new ArrayList<>();

        @Nullable
        String dtype;

        boolean shaped;

        Claims(String name) {
            this.name = name;
            this.role = "tensor " + Quoted.of(name);
            this.axes = new Axes(file, name);
        }

        void read(String key) {
            switch (key) {
                case "dtype" -> dtype = json.readString(role + ": dtype");
                case "shape" -> {
                    shaped = true;
                    json.readNumbers(role + ": shape", axes::add);
                }
                case "data_offsets" -> json.readNumbers(role + ": data_offsets", this::addOffset);
                default -> json.skip();
            }
        }

        private void addOffset(long offset) {
            if (offsets.size() == 2) {
                throw file.tensorRefusal(name, "has more than two data_offsets");
            }
            offsets.add(offset);
        }
    }

    private Entry entry(String name) {
        var claims = new Claims(name);
        json.readObject(claims.role, claims::read);
        if (claims.dtype == null || !claims.shaped || claims.offsets.size() != 2) {
            throw file.tensorRefusal(name, "lacks a dtype, a shape or two data_offsets");
        }
        DType dtype = DType.named(claims.dtype);
        if (dtype == null) {
            throw file.tensorRefusal(
                    name,
                    "has the type " + Quoted.of(claims.dtype) + ", which is not read here (those are: "
                            + List.of(DType.values()) + ")");
        }
        long begin = claims.offsets.getFirst();
        long end = claims.offsets.getLast();
        long available = file.size() - dataStart;
        if (begin < 0 || begin > end) {
            throw file.tensorRefusal(name, "begins at byte " + begin + " and ends at byte " + end);
        }
        if (end > available) {
            throw file.tensorRefusal(
                    name,
                    "ends at byte " + end + ", the file has " + available
                            + " bytes of data (is the download complete?)");
        }
        claims.axes.requireBytes(dtype, end - begin);
        return new Entry(name, dtype, claims.axes, begin, end);
    }

    private void requireFilledWithoutHoles() {
        var byOffset = new ArrayList<>(entries);
        byOffset.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long end = 0;
        String before = "the header";
        for (Entry entry : byOffset) {
            if (entry.begin() != end) {
                String found = entry.begin() < end ? "overlaps" : "leaves a hole after";
                throw file.tensorRefusal(
                        entry.name(),
                        String.format(
                                Locale.ROOT,
                                "%s %s: it begins at byte %d, byte %d was expected",
                                found,
                                before,
                                entry.begin(),
                                end));
            }
            end = entry.end();
            before = Quoted.of(entry.name());
        }
        long available = file.size() - dataStart;
        if (end != available) {
            throw file.refusal("the tensors end at byte " + end + ", the file has " + available
                    + " bytes of data: more than it says");
        }
    }

    private MappedCheckpoint.Contents contents() {
        var tensors = new LinkedHashMap<String, StoredTensor>();
        for (Entry entry : entries) {
            var bytes = file.bytes().asSlice(dataStart + entry.begin(), entry.end() - entry.begin());
            tensors.put(
                    entry.name(),
                    new StoredTensor(
                            new TensorInfo(
                                    entry.name(), entry.dtype(), entry.axes().shape()),
                            new StoredValues.Plain(bytes, entry.dtype())));
        }
        return new MappedCheckpoint.Contents(tensors, metadata);
    }
}

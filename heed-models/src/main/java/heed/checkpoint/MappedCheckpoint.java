package heed.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/// Tensors in mapped files: the part of [Checkpoint] that is the same for every format.
final class MappedCheckpoint implements Checkpoint {
    /// What a format finds in its files.
    ///
    /// @param unreadable what is no tensor of numbers that can be read, by name, with what it is instead; it is
    ///     not listed, but explained to whoever asks for it
    record Contents(Map<String, StoredTensor> tensors, Map<String, String> metadata, Map<String, String> unreadable) {
        Contents(Map<String, StoredTensor> tensors, Map<String, String> metadata) {
            this(tensors, metadata, Map.of());
        }
    }

    private final String description;
    private final MappedFiles files;
    private final Map<String, StoredTensor> stored;
    private final Map<String, TensorInfo> tensors;
    private final Map<String, String> metadata;
    private final Map<String, String> unreadable;

    private MappedCheckpoint(String description, MappedFiles files, Contents contents) {
        this.description = description;
        this.files = files;
        this.stored = contents.tensors();
        this.metadata = Collections.unmodifiableMap(contents.metadata());
        this.unreadable = contents.unreadable();
        var infos = new LinkedHashMap<String, TensorInfo>();
        stored.forEach((name, tensor) -> infos.put(name, tensor.info()));
        this.tensors = Collections.unmodifiableMap(infos);
    }

    /// Opens what `format` finds; nothing stays mapped when it refuses.
    static MappedCheckpoint open(String description, Function<MappedFiles, Contents> format) {
        var files = new MappedFiles();
        try {
            return new MappedCheckpoint(description, files, format.apply(files));
        } catch (Throwable e) {
            files.close();
            throw e;
        }
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return tensors;
    }

    @Override
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public TensorInfo tensor(String name) {
        String reason = unreadable.get(name);
        if (reason != null) {
            throw new CheckpointException(
                    description + ": tensor " + Quoted.of(name) + " is " + reason + ", which is not read here");
        }
        return Checkpoint.super.tensor(name);
    }

    @Override
    public float[] read(String name) {
        int size = tensor(name).size();
        return reading(() -> values(name).floats(size));
    }

    @Override
    public long[] readIntegers(String name) {
        TensorInfo tensor = tensor(name);
        if (tensor.dtype().floating()) {
            throw new CheckpointException(description + ": tensor " + Quoted.of(name) + " is " + tensor.dtype()
                    + ", integers were asked for");
        }
        return reading(() -> values(name).integers(tensor.size()));
    }

    private StoredValues values(String name) {
        return Objects.requireNonNull(stored.get(name)).values();
    }

    private <T> T reading(Supplier<T> read) {
        try {
            return read.get();
        } catch (IllegalStateException e) {
            if (files.isClosed()) {
                throw new IllegalStateException(description + " is closed, its tensors can no longer be read", e);
            }
            throw e;
        } catch (InternalError e) {
            // What the runtime makes of a page that is gone: the mapped file became shorter.
            throw new CheckpointException(description + ": the file changed while it was open", e);
        }
    }

    @Override
    public synchronized void close() {
        if (!files.isClosed()) {
            files.close();
        }
    }
}

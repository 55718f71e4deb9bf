package heed.server;

import heed.checkpoint.Checkpoint;
import heed.checkpoint.CheckpointException;
import heed.checkpoint.Checkpoints;
import heed.checkpoint.TensorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// What a model takes on the disk.
///
/// @param files by name
record ModelFiles(List<Entry> files) {
    /// Folders in folders, as TensorFlow's bundles have them.
    private static final int DEPTH = 2;

    /// One file.
    record Entry(String name, long bytes) {}

    /// @param path the folder of a model, or the only file that it is; of what is gone, no files are known
    static ModelFiles of(Path path) {
        if (Files.isRegularFile(path)) {
            return new ModelFiles(List.of(entry(path, String.valueOf(path.getFileName()))));
        }
        try (Stream<Path> all = Files.walk(path, DEPTH)) {
            return new ModelFiles(all.filter(Files::isRegularFile)
                    .sorted()
                    .map(file -> entry(file, path.relativize(file).toString()))
                    .toList());
        } catch (IOException | UncheckedIOException e) {
            return new ModelFiles(List.of());
        }
    }

    private static Entry entry(Path file, String name) {
        try {
            return new Entry(name, Files.size(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long bytes() {
        return files.stream().mapToLong(Entry::bytes).sum();
    }

    /// How many learned numbers a checkpoint holds, as its headers say; nothing where it has none of its own.
    static OptionalLong parameters(Path path) {
        try (Checkpoint checkpoint = Checkpoints.open(path)) {
            return OptionalLong.of(checkpoint.tensors().values().stream()
                    .filter(tensor -> tensor.dtype().floating())
                    .mapToLong(TensorInfo::size)
                    .sum());
        } catch (CheckpointException e) {
            return OptionalLong.empty();
        }
    }
}

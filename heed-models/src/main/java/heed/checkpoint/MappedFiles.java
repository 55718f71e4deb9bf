package heed.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The files that one checkpoint keeps mapped, unmapped together. Mapping costs address space, not memory: the
/// operating system brings in what is read and may drop it again, and processes share the pages.
final class MappedFiles implements AutoCloseable {
    private final Arena arena = Arena.ofShared();

    /// Maps a file for reading.
    ///
    /// @throws CheckpointException when it cannot be read, or is a stand-in that Git LFS left for the real one
    MappedFile map(Path path) {
        String name = MappedFile.nameOf(path);
        if (Files.isDirectory(path)) {
            throw new CheckpointException(path + " is a folder, a file was expected");
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            var file = new MappedFile(name, bytes);
            file.refuseGitLfsPointer();
            return file;
        } catch (NoSuchFileException e) {
            throw new CheckpointException(
                    name + ": there is no such file in " + path.toAbsolutePath().getParent(), e);
        } catch (AccessDeniedException e) {
            throw new CheckpointException(path + ": the file may not be read (permission denied)", e);
        } catch (IOException e) {
            throw new CheckpointException(path + ": the file cannot be read: " + e.getMessage(), e);
        }
    }

    boolean isClosed() {
        return !arena.scope().isAlive();
    }

    /// Unmaps all files. A reader that is just copying gets an [IllegalStateException]; nothing crashes.
    @Override
    public void close() {
        arena.close();
    }
}

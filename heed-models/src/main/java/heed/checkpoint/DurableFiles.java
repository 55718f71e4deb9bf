package heed.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Files and folders that are there as a whole or not at all, also after a power failure.
public final class DurableFiles {
    private DurableFiles() {}

    /// Writes beside the target, forces the bytes to the disk, and gives them the target's name.
    public static void write(Path target, String text) throws IOException {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            Files.writeString(part, text, StandardCharsets.UTF_8);
            force(part);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Gives a complete folder its name.
    public static void publish(Path part, Path target) throws IOException {
        deleteFolder(target);
        forceFolder(part);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        Path folder = target.toAbsolutePath().getParent();
        if (folder != null) {
            forceFolder(folder);
        }
    }

    /// Makes the names in a folder last: a file that was given its name is only safe once its folder is. Some
    /// systems cannot open folders; then nothing more can be done.
    public static void forceFolder(Path folder) {
        try {
            force(folder);
        } catch (IOException e) {
            System.getLogger(DurableFiles.class.getName())
                    .log(System.Logger.Level.DEBUG, "{0} could not be forced to the disk: {1}", folder, e);
        }
    }

    /// Deletes a folder with all that is in it, if it is there.
    public static void deleteFolder(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException e) {
            return;
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}

package heed.hub;

import heed.cache.CacheFolder;
import heed.checkpoint.DurableFiles;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folder in which fetched models lie unpacked, one folder each: `models/<group>_<artifact>_<version>`.
///
/// A model appears there by one rename of a folder that was filled under another name, so whatever has the
/// right name and a manifest is whole, and a process that dies half-way leaves only a folder that nobody looks
/// at.
record ModelCache(Path root) {
    private static final System.Logger LOG = System.getLogger(ModelCache.class.getName());

    /// Names of folders that are still being filled start like this.
    private static final String PARTIAL = ".partial-";

    /// No disk takes this long over one buffer: a folder that was not touched for so long is nobody's.
    private static final Duration ABANDONED = Duration.ofHours(1);

    /// What is done while a model is locked.
    @FunctionalInterface
    interface Filling {
        Path fill() throws IOException;
    }

    /// The user's cache.
    static ModelCache standard() {
        return new ModelCache(CacheFolder.standard());
    }

    Path models() {
        return root.resolve("models");
    }

    Path folder(MavenCoordinates coordinates) {
        return models().resolve(coordinates.folderName());
    }

    /// The folder of a model that is cached and, as far as a quick look tells, whole.
    Optional<Path> whole(MavenCoordinates coordinates) {
        return has(coordinates) && damage(coordinates).isEmpty() ? Optional.of(folder(coordinates)) : Optional.empty();
    }

    /// What a quick look finds wrong with what lies under the model's name, empty when nothing is.
    Optional<String> damage(MavenCoordinates coordinates) {
        Path folder = folder(coordinates);
        try {
            Manifest manifest = Manifest.read(folder);
            if (!manifest.reference().equals(coordinates.toString())) {
                return Optional.of("it holds " + manifest.reference());
            }
            List<String> misfits = manifest.misfits(folder);
            return misfits.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", misfits));
        } catch (IOException e) {
            return Optional.of(
                    Files.exists(folder.resolve(Manifest.FILE))
                            ? HubException.reason(e)
                            : Manifest.FILE + " is missing");
        }
    }

    /// Whether something lies under the model's name, whole or not.
    boolean has(MavenCoordinates coordinates) {
        return Files.exists(folder(coordinates));
    }

    /// Runs the filling while no other thread and no other process fills the same model. Where the file system
    /// knows no locks, two may fill it at once; then the rename decides, and the later one takes what the first
    /// has made.
    Path locked(MavenCoordinates coordinates, Progress progress, Filling filling) {
        Path lockFile = models().resolve(".locks").resolve(coordinates.folderName());
        try {
            return FileLocks.locked(lockFile, coordinates.toString(), progress, alone -> {
                sweep(coordinates, alone);
                return filling.fill();
            });
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /// A new empty folder beside the models, under a name that is no model's.
    Path partial(MavenCoordinates coordinates) throws IOException {
        // Not createTempDirectory, whose folders are private: a cache may be shared.
        return Files.createDirectory(models().resolve(PARTIAL + coordinates.folderName() + "-" + UUID.randomUUID()));
    }

    /// Gives a filled folder its name. What has the name already stays if it is whole, and makes room if it is
    /// damaged.
    Path publish(Path partial, MavenCoordinates coordinates) throws IOException {
        Path folder = folder(coordinates);
        DurableFiles.forceFolder(partial);
        if (!Files.exists(folder)) {
            try {
                rename(partial, folder);
                DurableFiles.forceFolder(models());
                return folder;
            } catch (FileSystemException e) {
                if (!Files.exists(folder)) {
                    throw e;
                }
            }
        }
        if (damage(coordinates).isEmpty()) {
            delete(partial);
            return folder;
        }
        Path aside = partial(coordinates);
        rename(folder, aside.resolve("damaged"));
        rename(partial, folder);
        delete(aside);
        return folder;
    }

    private static void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to);
        }
    }

    /// @throws HubException when the disk cannot take so much
    void requireSpace(long bytes) throws IOException {
        requireSpace(models(), bytes);
    }

    /// @throws HubException when the disk that holds the folder, or will hold it, cannot take so much
    static void requireSpace(Path folder, long bytes) throws IOException {
        Path there = folder.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        long free = Files.getFileStore(there).getUsableSpace();
        if (free < bytes) {
            throw new HubException("no space: the model needs %s in %s, %s are free"
                    .formatted(megabytes(bytes), folder, megabytes(free)));
        }
    }

    private static String megabytes(long bytes) {
        return bytes < 10_000_000
                ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                : Math.ceilDiv(bytes, 1_000_000) + " MB";
    }

    /// Deletes what killed pulls have left: of this model at once if its lock is held, for then nobody fills
    /// it; of others when nobody can be filling them any more.
    private void sweep(MavenCoordinates coordinates, boolean locked) throws IOException {
        Pattern own = Pattern.compile(Pattern.quote(PARTIAL + coordinates.folderName()) + "-[0-9a-f-]{36}");
        Instant limit = Instant.now().minus(ABANDONED);
        List<Path> partials;
        try (Stream<Path> folders = Files.list(models())) {
            partials = folders.filter(folder -> folder.getFileName().toString().startsWith(PARTIAL))
                    .toList();
        }
        for (Path partial : partials) {
            boolean ours =
                    locked && own.matcher(partial.getFileName().toString()).matches();
            if (ours || lastTouched(partial).isBefore(limit)) {
                LOG.log(System.Logger.Level.DEBUG, "deleting {0}, left by a pull that was killed", partial);
                delete(partial);
            }
        }
    }

    private static Instant lastTouched(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(path -> path.toFile().lastModified())
                    .max(Long::compare)
                    .map(Instant::ofEpochMilli)
                    .orElse(Instant.MIN);
        }
    }

    static void delete(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                        throws IOException {
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            // It has no model's name: the next pull tries again.
            LOG.log(System.Logger.Level.DEBUG, "{0} cannot be deleted: {1}", folder, e.getMessage());
        }
    }

    private HubException failure(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("No space left")) {
            return new HubException("no space left in the cache folder " + root, e);
        }
        return new HubException(
                "the cache folder %s cannot be used (%s); name another one with HEED_CACHE"
                        .formatted(root, HubException.reason(e)),
                e);
    }
}

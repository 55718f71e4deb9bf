package heed.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Keeps two pulls from filling the same folder at once, be they threads or processes.
final class FileLocks {
    private static final System.Logger LOG = System.getLogger(FileLocks.class.getName());

    /// File locks hold between processes; between the threads of one they are refused, hence these.
    private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private FileLocks() {}

    /// What is done under a lock.
    @FunctionalInterface
    interface Work<T> {
        /// @param alone false where the file system knows no locks: then others may be at the same work
        T run(boolean alone) throws IOException;
    }

    /// @param what what is waited for when another process has the lock, for people
    static <T> T locked(Path lockFile, String what, Progress progress, Work<T> work) throws IOException {
        ReentrantLock threads = LOCKS.computeIfAbsent(lockFile.toAbsolutePath(), _ -> new ReentrantLock());
        threads.lock();
        try {
            Files.createDirectories(lockFile.getParent());
            try (FileChannel channel =
                    FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                @Nullable FileLock lock = lock(channel, what, progress);
                try {
                    return work.run(lock != null);
                } finally {
                    if (lock != null) {
                        lock.release();
                    }
                }
            }
        } finally {
            threads.unlock();
        }
    }

    private static @Nullable FileLock lock(FileChannel channel, String what, Progress progress) {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
            progress.start("waiting for another process that fetches " + what, -1);
            try {
                return channel.lock();
            } finally {
                progress.done();
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "no file lock in the cache: {0}", e.getMessage());
            return null;
        }
    }
}

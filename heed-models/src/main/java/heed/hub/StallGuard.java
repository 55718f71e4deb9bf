package heed.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Gives up on a connection that stays open and silent, which Java's HTTP client would wait on forever.
final class StallGuard implements AutoCloseable {
    private final InputStream stream;
    private final Duration patience;
    private final Thread watcher;
    private volatile long lastHeard = System.nanoTime();
    private volatile boolean stalled;

    StallGuard(InputStream stream, Duration patience) {
        this.stream = stream;
        this.patience = patience;
        this.watcher = Thread.ofVirtual().start(this::watch);
    }

    private void watch() {
        try {
            long silent = 0;
            while (silent < patience.toNanos()) {
                Thread.sleep(Duration.ofNanos(patience.toNanos() - silent));
                silent = System.nanoTime() - lastHeard;
            }
            stalled = true;
            stream.close();
        } catch (InterruptedException | IOException over) {
            // nobody reads any more
        }
    }

    /// As [InputStream#read(byte\[\])].
    ///
    /// @throws IOException also when nothing came for too long
    int read(byte[] buffer) throws IOException {
        int n;
        try {
            n = stream.read(buffer);
        } catch (IOException e) {
            throw stalled ? silence(e) : e;
        }
        if (n < 0 && stalled) {
            throw silence(null);
        }
        lastHeard = System.nanoTime();
        return n;
    }

    private IOException silence(@Nullable IOException cause) {
        return new IOException("nothing came for " + patience.toSeconds() + " s", cause);
    }

    @Override
    public void close() {
        watcher.interrupt();
    }
}

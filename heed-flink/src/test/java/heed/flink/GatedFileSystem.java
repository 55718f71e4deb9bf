package heed.flink;

import java.io.IOException;
import java.net.URI;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileSystem;

/// The local files under another scheme, `gated:///…`, read as slowly as a test wants: it is asked before every
/// few bytes, and may wait for something to happen or fail.
public final class GatedFileSystem extends LocalFileSystem {
    private static final int STEP = 4096;

    private static volatile Gate gate = _ -> {};

    /// Lets reading go on.
    @FunctionalInterface
    interface Gate {
        /// @param position of the file, in bytes
        void pass(long position) throws IOException;
    }

    static void set(Gate other) {
        gate = other;
    }

    public static final class Factory implements FileSystemFactory {
        @Override
        public String getScheme() {
            return "gated";
        }

        @Override
        public FileSystem create(URI uri) {
            return new GatedFileSystem();
        }
    }

    @Override
    public URI getUri() {
        return URI.create("gated:///");
    }

    @Override
    public FSDataInputStream open(Path path) throws IOException {
        return new Gated(super.open(path));
    }

    private static final class Gated extends FSDataInputStream {
        private final FSDataInputStream in;

        Gated(FSDataInputStream in) {
            this.in = in;
        }

        @Override
        public void seek(long position) throws IOException {
            in.seek(position);
        }

        @Override
        public long getPos() throws IOException {
            return in.getPos();
        }

        @Override
        public int read() throws IOException {
            gate.pass(getPos());
            return in.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            gate.pass(getPos());
            return in.read(bytes, offset, Math.min(length, STEP));
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}

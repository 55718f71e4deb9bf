package heed.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A remote Maven repository made by a test: a folder, and on request a server on the loopback address before
/// it.
final class FakeRepository implements AutoCloseable {
    private final Path folder;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private Optional<ServerSocket> server = Optional.empty();

    /// What every request is answered with, unless it is 200.
    volatile int status = 200;

    /// What the `Authorization` header must say.
    volatile Optional<String> authorization = Optional.empty();

    FakeRepository(Path folder) {
        this.folder = folder;
    }

    Path publish(String reference, byte[] jar) throws IOException {
        MavenCoordinates coordinates = MavenCoordinates.parse(reference);
        Path file = folder.resolve(coordinates.group().replace('.', '/'))
                .resolve(coordinates.artifact())
                .resolve(coordinates.version())
                .resolve(coordinates.artifact() + "-" + coordinates.version() + ".jar");
        Files.createDirectories(file.getParent());
        Files.write(file, jar);
        Files.writeString(file.resolveSibling(file.getFileName() + ".sha1"), hex("SHA-1", jar));
        return file;
    }

    String fileUrl() {
        return folder.toUri().toString();
    }

    /// Starts the server.
    String httpUrl() throws IOException {
        var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server = Optional.of(socket);
        Thread.ofVirtual().start(() -> {
            while (!socket.isClosed()) {
                try {
                    Socket client = socket.accept();
                    Thread.ofVirtual().start(() -> answer(client));
                } catch (IOException e) {
                    return; // closed
                }
            }
        });
        return "http://%s:%d/".formatted(socket.getInetAddress().getHostAddress(), socket.getLocalPort());
    }

    /// The paths that were asked for.
    List<String> requests() {
        return requests;
    }

    private void answer(Socket client) {
        try (client) {
            var in = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
            String path = in.readLine().split(" ")[1];
            boolean allowed = authorization.isEmpty();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                allowed |= authorization
                        .map(value -> "authorization: " + value)
                        .filter(line.replaceFirst("^[Aa]uthorization", "authorization")::equals)
                        .isPresent();
            }
            requests.add(path);
            Path file = folder.resolve(path.substring(1));
            OutputStream out = client.getOutputStream();
            if (!allowed) {
                head(out, 401, 0, "WWW-Authenticate: Basic realm=\"models\"\r\n");
            } else if (status != 200) {
                head(out, status, 0, "");
            } else if (Files.isRegularFile(file)) {
                head(out, 200, Files.size(file), "");
                Files.copy(file, out);
            } else {
                head(out, 404, 0, "");
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void head(OutputStream out, int status, long length, String more) throws IOException {
        out.write("HTTP/1.1 %d Status\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n"
                .formatted(status, length, more)
                .getBytes(UTF_8));
    }

    @Override
    public void close() throws IOException {
        if (server.isPresent()) {
            server.get().close();
        }
    }

    static String hex(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A compressed archive with these files.
    static byte[] jar(Map<String, byte[]> files) throws IOException {
        return zip(files, ZipEntry.DEFLATED);
    }

    /// An archive whose files are stored as they are.
    static byte[] stored(Map<String, byte[]> files) throws IOException {
        return zip(files, ZipEntry.STORED);
    }

    private static byte[] zip(Map<String, byte[]> files, int method) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                var entry = new ZipEntry(file.getKey());
                entry.setMethod(method);
                if (method == ZipEntry.STORED) {
                    var crc = new CRC32();
                    crc.update(file.getValue());
                    entry.setSize(file.getValue().length);
                    entry.setCrc(crc.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(file.getValue());
            }
        }
        return bytes.toByteArray();
    }
}

package heed.hub;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A folder that is being filled with the files of a model. Each file is forced to the disk and noted with its
/// digest, so that the manifest, which ends the filling, speaks of what really lies there.
final class ModelFolder {
    private final Path path;
    private final List<Manifest.Entry> files = new ArrayList<>();

    ModelFolder(Path path) {
        this.path = path;
    }

    boolean has(String name) {
        return files.stream().anyMatch(file -> file.name().equals(name));
    }

    /// @throws HubException when the name leads out of the folder, or the same name was there before
    void add(String name, InputStream content) throws IOException {
        Path file = inside(name);
        if (has(name) || name.equals(Manifest.FILE)) {
            throw new HubException("an archive that must not be unpacked: two files are named '%s'".formatted(name));
        }
        Files.createDirectories(file.getParent());
        MessageDigest digest = Manifest.sha256();
        long size = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            OutputStream out = new DigestOutputStream(Channels.newOutputStream(channel), digest);
            byte[] buffer = new byte[1 << 18];
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                out.write(buffer, 0, n);
                size += n;
            }
            channel.force(true);
        }
        files.add(new Manifest.Entry(name, size, HexFormat.of().formatHex(digest.digest())));
    }

    void add(String name, JsonNode content) throws IOException {
        byte[] bytes = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsBytes(content);
        add(name, new ByteArrayInputStream(bytes));
    }

    /// An archive may name a file `../../.bashrc`; such a one is refused as a whole.
    private Path inside(String name) {
        try {
            Path file = path.resolve(name).normalize();
            if (!name.contains("\\") && !name.isEmpty() && file.startsWith(path) && !file.equals(path)) {
                return file;
            }
        } catch (InvalidPathException e) {
            throw new HubException("an archive that must not be unpacked: '%s' is no file name".formatted(name), e);
        }
        throw new HubException(
                "an archive that must not be unpacked: its file '%s' would lie outside of the model's folder"
                        .formatted(name));
    }

    /// Writes the manifest: from here on the folder is a model.
    void finish(String reference) throws IOException {
        var manifest = new Manifest(reference, version(), List.copyOf(files));
        try (FileChannel channel = FileChannel.open(
                path.resolve(Manifest.FILE), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            OutputStream out = Channels.newOutputStream(channel);
            var bytes = new ByteArrayOutputStream();
            manifest.write(bytes);
            bytes.writeTo(out);
            channel.force(true);
        }
    }

    /// Heed's version, which its jar carries; classes outside of a jar have none.
    private static String version() {
        try (InputStream in =
                ModelFolder.class.getResourceAsStream("/META-INF/maven/dev.heed/heed-models/pom.properties")) {
            var properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return Optional.ofNullable(properties.getProperty("version")).orElse("development");
        } catch (IOException e) {
            return "development";
        }
    }
}

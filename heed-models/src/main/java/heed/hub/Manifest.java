package heed.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The list of files in an unpacked model, written last: `heed-model.json`. A folder without one is not a
/// model.
///
/// @param reference the model that was asked for
/// @param heed the version of Heed that unpacked it
record Manifest(String reference, String heed, List<Entry> files) {
    static final String FILE = "heed-model.json";

    /// One file: its name with `/` between folders, its size, and the hexadecimal SHA-256 of its bytes.
    record Entry(String name, long size, String sha256) {}

    /// @throws IOException also when the file is not a manifest
    static Manifest read(Path folder) throws IOException {
        try (InputStream in = Files.newInputStream(folder.resolve(FILE))) {
            JsonNode json = JsonMapper.shared().readTree(in);
            List<Entry> files = new ArrayList<>();
            json.required("files")
                    .forEach(file -> files.add(new Entry(
                            file.required("name").asString(),
                            file.required("size").asLong(),
                            file.required("sha256").asString())));
            return new Manifest(
                    json.required("reference").asString(), json.required("heed").asString(), List.copyOf(files));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException(folder.resolve(FILE) + " is not a manifest", e);
        }
    }

    void write(OutputStream out) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("reference", reference);
        json.put("heed", heed);
        ArrayNode list = json.putArray("files");
        for (Entry file : files) {
            list.addObject().put("name", file.name()).put("size", file.size()).put("sha256", file.sha256());
        }
        JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValue(out, json);
    }

    long size() {
        return files.stream().mapToLong(Entry::size).sum();
    }

    /// What a look at the sizes finds wrong, file by file.
    List<String> misfits(Path folder) {
        List<String> misfits = new ArrayList<>();
        for (Entry file : files) {
            misfit(folder, file).ifPresent(misfits::add);
        }
        return misfits;
    }

    private static Optional<String> misfit(Path folder, Entry file) {
        try {
            var attributes = Files.readAttributes(folder.resolve(file.name()), BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                return Optional.of(file.name() + " is not a file");
            }
            return attributes.size() == file.size()
                    ? Optional.empty()
                    : Optional.of("%s has %d bytes, not %d".formatted(file.name(), attributes.size(), file.size()));
        } catch (IOException e) {
            return Optional.of(
                    Files.exists(folder.resolve(file.name()), LinkOption.NOFOLLOW_LINKS)
                            ? HubException.reason(e)
                            : file.name() + " is missing");
        }
    }

    /// What reading every byte finds wrong, file by file.
    List<String> misfitsOfContent(Path folder, Progress progress) {
        List<String> misfits = new ArrayList<>();
        progress.start("verifying " + reference, size());
        try {
            for (Entry file : files) {
                Optional<String> misfit = misfit(folder, file);
                if (misfit.isEmpty()
                        && !sha256(folder.resolve(file.name()), progress).equals(file.sha256())) {
                    misfit = Optional.of(file.name() + " has changed since it was unpacked");
                }
                misfit.ifPresent(misfits::add);
            }
        } catch (IOException e) {
            misfits.add(HubException.reason(e));
        } finally {
            progress.done();
        }
        return misfits;
    }

    static String sha256(Path file, Progress progress) throws IOException {
        MessageDigest digest = sha256();
        try (var in = new DigestInputStream(Files.newInputStream(file), digest)) {
            byte[] buffer = new byte[1 << 18];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                progress.advance(n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

package heed.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// How the hub's name for the content of a file, its ETag, is checked: of a large file it is the SHA-256, of a
/// small one the name that Git gives it, a SHA-1 over its length and its bytes. A server may also have names of
/// another kind, which say nothing.
enum BlobDigest {
    SHA256("[0-9a-f]{64}"),
    GIT("[0-9a-f]{40}"),
    NONE(".*");

    private final Pattern names;

    BlobDigest(String names) {
        this.names = Pattern.compile(names);
    }

    static BlobDigest of(String etag) {
        for (BlobDigest digest : values()) {
            if (digest.names.matcher(etag).matches()) {
                return digest;
            }
        }
        return NONE;
    }

    /// Whether the bytes of the file are those that the ETag names.
    static boolean matches(Path file, String etag) throws IOException {
        BlobDigest kind = of(etag);
        return kind == NONE || kind.digest(file).equals(etag);
    }

    private String digest(Path file) throws IOException {
        MessageDigest digest = algorithm();
        if (this == GIT) {
            digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 18];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private MessageDigest algorithm() {
        try {
            return MessageDigest.getInstance(this == GIT ? "SHA-1" : "SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1 and SHA-256", e);
        }
    }
}

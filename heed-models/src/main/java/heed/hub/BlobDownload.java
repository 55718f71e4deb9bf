package heed.hub;

import heed.hub.HuggingFaceClient.RefusedException;
import heed.hub.HuggingFaceClient.RemoteFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.LongConsumer;

/// Brings one content into the cache: into `<etag>.incomplete` first, which a later attempt goes on with, and
/// under its name in one step when its size and digest are right.
final class BlobDownload {
    private final HuggingFaceClient client;
    private final HuggingFaceReference reference;
    private final RemoteFile file;
    private final Path blob;
    private final Path partial;
    private final Duration patience;

    /// Told how many bytes are here for the first time.
    private final LongConsumer arrived;

    private long counted;

    BlobDownload(
            HuggingFaceClient client,
            HuggingFaceReference reference,
            RemoteFile file,
            Path blob,
            Duration patience,
            LongConsumer arrived) {
        this.client = client;
        this.reference = reference;
        this.file = file;
        this.blob = blob;
        this.partial = blob.resolveSibling(blob.getFileName() + ".incomplete");
        this.patience = patience;
        this.arrived = arrived;
    }

    /// @throws HubException when the disk is full, or what came is not what the hub announced
    void run(Retries retries) throws IOException {
        disk(() -> Files.createDirectories(blob.getParent()));
        boolean resumed = present() > 0;
        retries.run(this::fill, this::present);
        if (!BlobDigest.matches(partial, file.etag()) && resumed) {
            // What an earlier attempt, or another program, left may have been something else: once more, whole.
            Files.delete(partial);
            retries.run(this::fill, this::present);
        }
        if (!BlobDigest.matches(partial, file.etag())) {
            Files.delete(partial);
            throw new HubException(
                    "a corrupt download: the checksum of %s of %s is not %s; nothing was kept, pull again"
                            .formatted(file.name(), reference, file.etag()));
        }
        disk(() -> SnapshotCache.move(partial, blob));
    }

    private long present() {
        return partial.toFile().length();
    }

    private void fill() throws IOException {
        long expected = file.size().orElse(-1);
        if (expected >= 0 && present() > expected) {
            Files.delete(partial);
        }
        count(present());
        if (expected >= 0 && present() == expected && Files.exists(partial)) {
            return;
        }
        HttpResponse<InputStream> answer;
        try {
            answer = client.open(reference, file, present());
        } catch (RefusedException e) {
            if (present() > 0 && !e.passing()) { // 416: it does not go on from here
                Files.delete(partial);
            }
            throw e;
        }
        try (InputStream body = answer.body();
                FileChannel out = openPartial(answer)) {
            long end = expected >= 0 ? expected : announced(answer, out.position());
            copy(body, out, end);
            disk(() -> out.force(true));
            if (end >= 0 && out.position() != end) {
                throw new IOException("%s broke off after %d of %d bytes; they are kept, pull again to go on"
                        .formatted(file.name(), out.position(), end));
            }
        }
    }

    /// The partial file, at the place where the answer's bytes belong.
    private FileChannel openPartial(HttpResponse<?> answer) throws IOException {
        String range = answer.headers().firstValue("content-range").orElse("");
        boolean goesOn = answer.statusCode() == 206 && range.startsWith("bytes " + present() + "-");
        if (answer.statusCode() == 206 && !goesOn) {
            throw new IOException("it sends another part of " + file.name() + " than was asked for: '" + range + "'");
        }
        FileChannel out = FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (goesOn) {
            out.position(out.size());
        } else {
            out.truncate(0);
        }
        return out;
    }

    private static long announced(HttpResponse<?> answer, long from) {
        long rest = answer.headers().firstValueAsLong("content-length").orElse(-1);
        return rest < 0 ? -1 : from + rest;
    }

    private void copy(InputStream body, FileChannel out, long end) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (var guard = new StallGuard(body, patience)) {
            for (int n = guard.read(buffer); n >= 0; n = guard.read(buffer)) {
                int length = n;
                if (end >= 0 && out.position() + length > end) {
                    throw new HubException("a corrupt download: %s of %s is longer than the %d bytes announced"
                            .formatted(file.name(), reference, end));
                }
                disk(() -> {
                    ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, length);
                    while (bytes.hasRemaining()) {
                        out.write(bytes);
                    }
                });
                count(out.position());
            }
        }
    }

    private void count(long here) {
        if (here > counted) {
            arrived.accept(here - counted);
            counted = here;
        }
    }

    /// Something done to the disk.
    @FunctionalInterface
    private interface DiskWork {
        void run() throws IOException;
    }

    /// Failures of the disk are final, those of the network are not.
    private void disk(DiskWork work) {
        try {
            work.run();
        } catch (IOException e) {
            String reason =
                    String.valueOf(e.getMessage()).contains("No space left") ? "no space left" : HubException.reason(e);
            throw new HubException(
                    "%s cannot be kept in %s: %s; HF_HUB_CACHE names another folder"
                            .formatted(file.name(), blob.getParent(), reason),
                    e);
        }
    }
}

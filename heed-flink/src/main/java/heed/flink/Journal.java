package heed.flink;

import heed.moderation.Action;
import heed.moderation.ModerationException;
import heed.moderation.stream.StreamSettings;
import heed.moderation.stream.StreamTally;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The folder of a stream's checkpoints, and what stands beside them: which stream it is, and how it ended. One
/// process works in it at a time.
final class Journal implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern CHECKPOINT = Pattern.compile("chk-(\\d+)");
    private static final int MARK = 16;

    /// The folder of the mark that the last checkpoint commits.
    static final String ENDED = "ended";

    private final Path folder;
    private final FileChannel channel;
    private final FileLock lock;

    private Journal(Path folder, FileChannel channel, FileLock lock) {
        this.folder = folder;
        this.channel = channel;
        this.lock = lock;
    }

    /// Opens the folder for a stream that begins, or goes on.
    ///
    /// @throws ModerationException when another process works in it, when there is a stream to go on with and
    /// nobody said to, or when it belongs to another stream
    static Journal open(Path folder, StreamSettings settings) {
        Path stream = folder.resolve("stream.json");
        boolean resume = settings.keeping().resume();
        try {
            if (resume && !Files.exists(stream)) {
                throw new ModerationException("there is no stream to go on with in " + folder);
            }
            Files.createDirectories(folder);
            Journal journal = locked(folder);
            try {
                journal.begin(stream, settings, resume);
                return journal;
            } catch (RuntimeException | IOException e) {
                journal.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ModerationException("cannot use " + folder + ": " + e.getMessage(), e);
        }
    }

    private static Journal locked(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new Journal(folder, channel, lock);
            }
        } catch (OverlappingFileLockException e) { // this very process
            channel.close();
            throw new ModerationException("a stream is at work in " + folder + " already", e);
        }
        channel.close();
        throw new ModerationException("another process is at work in " + folder);
    }

    private void begin(Path stream, StreamSettings settings, boolean resume) throws IOException {
        StreamSettings.Route route = settings.route();
        Map<String, Object> now = new LinkedHashMap<>();
        now.put("in", route.in());
        now.put("out", route.out());
        now.put("dead_letters", route.deadLetters());
        if (!Files.exists(stream)) {
            write(stream, now);
            return;
        }
        if (!resume) {
            throw new ModerationException(
                    finished().isPresent()
                            ? folder + " belongs to a stream that has ended; name another folder, or delete it"
                            : folder + " has checkpoints of a stream that did not end: go on with --resume, or delete"
                                    + " it to begin anew");
        }
        JsonNode before = JSON.readTree(Files.readString(stream));
        now.forEach((key, value) -> {
            String old = before.path(key).asString("");
            if (!old.equals(value)) {
                throw new ModerationException("the stream in " + folder + " has " + key.replace('_', ' ') + " " + old
                        + ", it cannot go on with " + value);
            }
        });
    }

    private static void write(Path file, Map<String, Object> values) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, JSON.writeValueAsString(values));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// The newest checkpoint. They are numbered on from one process to the next.
    Optional<Path> newest() {
        try (Stream<Path> jobs = Files.list(folder)) {
            List<Path> folders = jobs.filter(Files::isDirectory).toList();
            Path newest = null;
            for (Path job : folders) {
                newest = newer(newest, newest(job));
            }
            return Optional.ofNullable(newest);
        } catch (IOException e) {
            throw new ModerationException("cannot read " + folder + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable Path newest(Path job) throws IOException {
        try (Stream<Path> checkpoints = Files.list(job)) {
            return checkpoints
                    .filter(checkpoint -> number(checkpoint) >= 0 && Files.exists(checkpoint.resolve("_metadata")))
                    .max(Comparator.comparingLong(Journal::number))
                    .orElse(null);
        }
    }

    private static @Nullable Path newer(@Nullable Path a, @Nullable Path b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return number(a) > number(b) ? a : b;
    }

    private static long number(Path checkpoint) {
        Matcher matcher = CHECKPOINT.matcher(String.valueOf(checkpoint.getFileName()));
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }

    /// Whether the stream came to its end, even if nobody lived to write down what came of it.
    boolean ended() {
        Path mark = folder.resolve(ENDED);
        if (!Files.isDirectory(mark)) {
            return false;
        }
        try (Stream<Path> files = Files.list(mark)) {
            return files.anyMatch(file -> !String.valueOf(file.getFileName()).startsWith("."));
        } catch (IOException e) {
            throw new ModerationException("cannot read " + mark + ": " + e.getMessage(), e);
        }
    }

    /// Writes down that the stream has ended, and what came of it.
    void finish(StreamTally tally) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Action action : Action.values()) {
            values.put(action.word(), tally.of(action));
        }
        values.put("dead_letters", tally.deadLetters());
        values.put("repeated", tally.repeated());
        try {
            write(folder.resolve("finished.json"), values);
        } catch (IOException e) {
            throw new ModerationException("cannot write to " + folder + ": " + e.getMessage(), e);
        }
    }

    /// What came of the stream, if it has ended.
    Optional<StreamTally> finished() {
        Path file = folder.resolve("finished.json");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode values = JSON.readTree(Files.readString(file));
            Map<Action, Long> decisions = new EnumMap<>(Action.class);
            for (Action action : Action.values()) {
                decisions.put(action, values.path(action.word()).asLong(0));
            }
            return Optional.of(new StreamTally(
                    decisions,
                    values.path("dead_letters").asLong(0),
                    values.path("repeated").asLong(0),
                    0,
                    0,
                    Duration.ZERO));
        } catch (IOException e) {
            throw new ModerationException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /// A name for the stream: the same whenever it goes on, another for other streams.
    static String mark(StreamSettings settings) {
        StreamSettings.Route route = settings.route();
        String all = String.join(
                "\n", route.in(), route.out(), String.valueOf(settings.keeping().checkpoints()));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, MARK);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new ModerationException("cannot close " + folder + ": " + e.getMessage(), e);
        }
    }
}

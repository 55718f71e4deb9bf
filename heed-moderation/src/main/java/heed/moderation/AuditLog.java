package heed.moderation;

import heed.moderation.LabelScorer.Score;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What was decided, when and why: lines of JSON at the end of a file, on the disk before anybody acts on them.
/// A decision that cannot be written down is not made.
///
/// A record has the digest of its text and never the text, the scores, the policy and the model by version, so
/// that it can be decided again. It also has the digest of the line before: a line that was changed or taken
/// out later is found. One process writes to a log.
public final class AuditLog implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    static final String BEGINNING = "0".repeat(64);
    private static final Set<String> USED_WITH = Set.of("policy.yaml", "calibration.json", "reference.json");
    private static final byte NEW_LINE = '\n';

    private final FileChannel channel;
    private final InstantSource time;
    private @Nullable String last; // null once a line may stand there half written

    /// @param channel at its end
    /// @param last the digest of the last line
    AuditLog(FileChannel channel, InstantSource time, String last) {
        this.channel = channel;
        this.time = time;
        this.last = last;
    }

    /// A record that was read again.
    ///
    /// @param id of the comment
    /// @param action what happened to it
    /// @param advised what the policy said
    /// @param reviewer who overruled the policy; null for a decision of the policy itself
    public record Entry(
            String time,
            String id,
            String textDigest,
            @Nullable String language,
            String model,
            String policy,
            Action action,
            Action advised,
            SequencedMap<String, Score> scores,
            @Nullable String reviewer,
            @Nullable String reason) {}

    /// Opens a log to write at its end. A last line that a crash left half written is cut off: it was never
    /// answered.
    ///
    /// @throws ModerationException when the file is no log, somebody changed it, or another process writes to
    /// it
    public static AuditLog open(Path file, InstantSource time) {
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() == null) { // closing the channel gives it back
                    throw new ModerationException(file + " is being written by another process");
                }
                long whole = wholeLines(channel);
                if (whole < channel.size()) {
                    channel.truncate(whole);
                }
                channel.position(whole);
                return new AuditLog(channel, time, verified(file, _ -> {}));
            } catch (OverlappingFileLockException e) {
                channel.close();
                throw new ModerationException(file + " is being written already", e);
            } catch (RuntimeException | IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ModerationException("cannot open the log " + file + ": " + e.getMessage(), e);
        }
    }

    /// Where the last line ends that is whole.
    private static long wholeLines(FileChannel channel) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        for (long end = channel.size(); end > 0; end--) {
            one.clear();
            channel.read(one, end - 1);
            if (one.get(0) == NEW_LINE) {
                return end;
            }
        }
        return 0;
    }

    /// Writes down what a policy decided.
    ///
    /// @param model its version, such as a digest of its files
    /// @throws ModerationException when it cannot be written: then the decision must not be acted on
    public void decided(Moderator.Comment comment, Decision decision, String model) {
        append(List.of(record(time.instant(), comment, decision, model)));
    }

    /// Writes down what a policy decided about several comments: all of it or nothing.
    ///
    /// @param decisions in the order of the comments
    /// @throws ModerationException when it cannot be written: then none of it must be acted on
    public void decided(List<Moderator.Comment> comments, List<Decision> decisions, String model) {
        Instant now = time.instant();
        append(IntStream.range(0, comments.size())
                .mapToObj(i -> record(now, comments.get(i), decisions.get(i), model))
                .toList());
    }

    /// What is written down of a decision, for those who keep records of their own.
    public static SequencedMap<String, Object> record(
            Instant time, Moderator.Comment comment, Decision decision, String model) {
        SequencedMap<String, Object> record = begun(time, comment.id());
        record.put("text_sha256", digest(comment.text().getBytes(StandardCharsets.UTF_8)));
        record.put("language", comment.language());
        record.put("model", model);
        record.put("policy", decision.policy());
        record.put("action", decision.action().word());
        record.put("advised", decision.advised().word());
        record.put(
                "categories",
                decision.reasons().stream().map(Decision.Reason::category).toList());
        SequencedMap<String, Object> scores = new LinkedHashMap<>();
        decision.scores().forEach((label, score) -> scores.put(label, view(score)));
        record.put("scores", scores);
        return record;
    }

    private static Map<String, Object> view(Score score) {
        SequencedMap<String, Object> view = new LinkedHashMap<>();
        view.put("probability", score.probability());
        view.put("logit", score.logit());
        view.put("normalized", score.normalized());
        view.put("start", score.start());
        view.put("end", score.end());
        return view;
    }

    /// Writes down that a person decided otherwise, or the same after a complaint.
    ///
    /// @throws ModerationException when it cannot be written
    public void reviewed(String id, Action action, String reviewer, String reason) {
        SequencedMap<String, Object> record = begun(time.instant(), id);
        record.put("action", action.word());
        record.put("reviewer", reviewer);
        record.put("reason", reason);
        append(List.of(record));
    }

    private static SequencedMap<String, Object> begun(Instant time, String id) {
        SequencedMap<String, Object> record = new LinkedHashMap<>();
        record.put("time", time.toString());
        record.put("id", id);
        return record;
    }

    private synchronized void append(List<SequencedMap<String, Object>> records) {
        String previous = last;
        if (previous == null) {
            throw new ModerationException(
                    "the log ends in a line that is half written: nothing more is decided until it is opened again");
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (SequencedMap<String, Object> record : records) {
            record.put("previous", previous);
            byte[] line = JSON.writeValueAsBytes(record);
            lines.writeBytes(line);
            lines.write(NEW_LINE);
            previous = digest(line);
        }
        write(ByteBuffer.wrap(lines.toByteArray()));
        last = previous;
    }

    private void write(ByteBuffer bytes) {
        long before = -1;
        try {
            before = channel.position();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        } catch (IOException e) {
            undo(before);
            throw new ModerationException(
                    "a decision could not be written down, and is not made: " + e.getMessage(), e);
        }
    }

    private void undo(long before) {
        try {
            if (before >= 0) {
                channel.truncate(before);
                channel.position(before);
            }
        } catch (IOException e) {
            last = null;
        }
    }

    /// Reads a log from its beginning, or the folder that a stream of comments was judged into.
    ///
    /// Many tasks write a stream's files, so their lines know of no line before: what was changed there later
    /// is not found.
    ///
    /// @param file the log; or a folder, of which all files are read in the order of their names, those in
    /// `decisions/` if it has such, and none whose name begins with a dot: they are being written
    /// @throws ModerationException when a line is no record, or, in a log, was changed, taken out or put in
    /// later, with its number
    public static void read(Path file, Consumer<Entry> entries) {
        try {
            if (Files.isDirectory(file)) {
                readStream(file, entries);
            } else {
                verified(file, entries);
            }
        } catch (IOException e) {
            throw new ModerationException("cannot read the log " + file + ": " + e.getMessage(), e);
        }
    }

    private static void readStream(Path folder, Consumer<Entry> entries) throws IOException {
        Path decisions = folder.resolve("decisions");
        Path all = Files.isDirectory(decisions) ? decisions : folder;
        List<Path> files;
        try (Stream<Path> below = Files.walk(all)) {
            files = below.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
        if (files.isEmpty()) {
            throw new ModerationException("there are no decisions in " + folder);
        }
        for (Path file : files) {
            lines(file, (line, number) -> entries.accept(entry(parsed(line, file, number))));
        }
    }

    private static void lines(Path file, ObjIntConsumer<String> consumer) throws IOException {
        int[] number = {0};
        try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
            lines.forEachOrdered(line -> consumer.accept(line, ++number[0]));
        } catch (UncheckedIOException e) {
            throw new ModerationException(file + " is no log: " + e.getMessage(), e);
        }
    }

    /// @return the digest of the last line
    private static String verified(Path file, Consumer<Entry> entries) throws IOException {
        String[] state = {BEGINNING};
        lines(file, (line, number) -> {
            JsonNode record = parsed(line, file, number);
            if (!record.path("previous").asString("").equals(state[0])) {
                throw new ModerationException(
                        file + ", line " + number + " does not follow the line before: the log was changed");
            }
            entries.accept(entry(record));
            state[0] = digest(line.getBytes(StandardCharsets.UTF_8));
        });
        return state[0];
    }

    private static JsonNode parsed(String line, Path file, int number) {
        try {
            JsonNode record = JSON.readTree(line);
            if (record == null || !record.isObject() || !record.has("id") || !record.has("action")) {
                throw new ModerationException(file + ", line " + number + " is no record of a decision");
            }
            return record;
        } catch (JacksonException e) {
            throw new ModerationException(file + ", line " + number + " is no record of a decision", e);
        }
    }

    private static Entry entry(JsonNode record) {
        SequencedMap<String, Score> scores = new LinkedHashMap<>();
        record.path("scores").properties().forEach(one -> {
            JsonNode score = one.getValue();
            scores.put(
                    one.getKey(),
                    new Score(
                            score.path("probability").asDouble(0),
                            score.path("logit").asDouble(0),
                            score.path("normalized").asBoolean(false),
                            score.path("start").asInt(0),
                            score.path("end").asInt(0)));
        });
        Action action = Action.of(record.path("action").asString(""));
        return new Entry(
                record.path("time").asString(""),
                record.path("id").asString(""),
                record.path("text_sha256").asString(""),
                textOrNull(record, "language"),
                record.path("model").asString(""),
                record.path("policy").asString(""),
                action,
                record.has("advised") ? Action.of(record.path("advised").asString("")) : action,
                scores,
                textOrNull(record, "reviewer"),
                textOrNull(record, "reason"));
    }

    private static @Nullable String textOrNull(JsonNode record, String key) {
        JsonNode value = record.get(key);
        return value == null || value.isNull() ? null : value.asString();
    }

    /// SHA-256, in hexadecimal.
    static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// A version of what lies in a model's folder: a digest of its files but those that stand for how it is
    /// used, a policy and what `tune` wrote beside it, and those for people.
    public static String version(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(AuditLog::belongsToTheModel)
                    .sorted()
                    .toList()) {
                long size = Files.size(file);
                all.append(file.getFileName()).append(' ').append(size).append(' ');
                all.append(digest(Files.readAllBytes(file))).append('\n');
            }
            return digest(all.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 16);
        } catch (IOException e) {
            throw new ModerationException("cannot read " + folder + ": " + e.getMessage(), e);
        }
    }

    private static boolean belongsToTheModel(Path file) {
        String name = String.valueOf(file.getFileName());
        return !USED_WITH.contains(name) && !name.endsWith(".md");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What is known of many comments at the end: the last record of each.
    public static SequencedMap<String, Entry> latest(List<Entry> entries) {
        SequencedMap<String, Entry> latest = new LinkedHashMap<>();
        entries.forEach(entry -> latest.put(entry.id(), entry));
        return latest;
    }
}

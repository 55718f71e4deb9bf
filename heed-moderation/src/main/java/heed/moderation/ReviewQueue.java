package heed.moderation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Comments that somebody should look at, with their texts, which the [AuditLog] never has. They are in a file
/// that its owner alone may read, until somebody decided; of too many, and of too much text, the oldest fall
/// out (their decisions stay in the log).
///
/// The file is a journal: a line for each comment that came, one for each that went, written anew without those
/// that went when it has grown to twice what is left. One process writes to it. Safe for any number of threads.
public final class ReviewQueue implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MOST_CHARACTERS = 1 << 24;
    private static final int LEAST_LINES = 64;

    private final Path file;
    private final int most;
    private final InstantSource time;
    private final SequencedMap<Long, Item> waiting = new LinkedHashMap<>();
    private final FileChannel lock;
    private FileChannel journal;
    private long characters;
    private long next = 1;
    private long dropped;
    private int lines;

    /// A comment that waits.
    ///
    /// @param key by which it is asked for; rising
    /// @param time when it came
    /// @param model the version that the log has
    /// @param decision as [DecisionView] has it
    public record Item(long key, String time, Moderator.Comment comment, String model, Map<String, Object> decision) {}

    private ReviewQueue(Path file, int most, InstantSource time, FileChannel lock) throws IOException {
        this.file = file;
        this.most = most;
        this.time = time;
        this.lock = lock;
        if (Files.exists(file)) {
            replay();
        }
        this.journal = rewritten();
    }

    /// @param most comments that wait at once
    /// @throws ModerationException when the file is something else, or another process writes to it
    public static ReviewQueue open(Path file, int most, InstantSource time) {
        if (most < 1) {
            throw new ModerationException("a queue of at most " + most + " comments holds none");
        }
        try {
            FileChannel lock = opened(file.resolveSibling(file.getFileName() + ".lock"));
            try {
                if (lock.tryLock() == null) {
                    throw new ModerationException(file + " is being written by another process");
                }
                return new ReviewQueue(file, most, time, lock);
            } catch (OverlappingFileLockException e) {
                lock.close();
                throw new ModerationException(file + " is being written already", e);
            } catch (RuntimeException | IOException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ModerationException("cannot open the reviews " + file + ": " + e.getMessage(), e);
        }
    }

    /// A file that its owner alone may read, where the system has such.
    private static FileChannel opened(Path file) throws IOException {
        if (!Files.exists(file)
                && FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /// A comment waits from now on. It is in the log already: if it cannot be written here, it waits as long as
    /// this process lives.
    ///
    /// @return whether it could be written
    public synchronized boolean add(Moderator.Comment comment, Decision decision, String model) {
        Item item =
                new Item(next++, time.instant().toString(), comment, model, DecisionView.of(comment.id(), decision));
        put(item);
        boolean written = append(view(item));
        while (waiting.size() > most || (characters > MOST_CHARACTERS && waiting.size() > 1)) {
            Item oldest = waiting.firstEntry().getValue();
            take(oldest.key);
            dropped++;
            written &= append(Map.of("gone", oldest.key));
        }
        return written;
    }

    private void put(Item item) {
        waiting.put(item.key, item);
        characters += item.comment.text().length();
    }

    private @Nullable Item take(long key) {
        Item item = waiting.remove(key);
        if (item != null) {
            characters -= item.comment.text().length();
        }
        return item;
    }

    /// Those that wait, the oldest first.
    public synchronized List<Item> items(int limit) {
        return waiting.values().stream().limit(limit).toList();
    }

    public synchronized Optional<Item> item(long key) {
        return Optional.ofNullable(waiting.get(key));
    }

    /// Somebody decided about a comment, and that is written down: it waits no longer.
    ///
    /// @return whether it waited
    public synchronized boolean remove(long key) {
        boolean waited = take(key) != null;
        if (waited) {
            append(Map.of("gone", key));
        }
        return waited;
    }

    public synchronized int size() {
        return waiting.size();
    }

    /// The most that wait at once.
    public int most() {
        return most;
    }

    /// How many have fallen out since this was opened.
    public synchronized long dropped() {
        return dropped;
    }

    private boolean append(Map<String, Object> line) {
        try {
            if (lines > LEAST_LINES && lines > 2 * waiting.size()) {
                journal.close();
                journal = rewritten();
            } else {
                write(journal, line);
                lines++;
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// A half line that a full disk left behind ends here, so that the next is one of its own.
    private static void write(FileChannel to, Map<String, Object> line) throws IOException {
        byte[] json = JSON.writeValueAsBytes(line);
        ByteBuffer bytes =
                ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
        long before = to.position();
        try {
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
        } catch (IOException e) {
            to.truncate(before);
            throw e;
        }
    }

    /// The file with the lines of those that wait and no other, put in place in one step.
    private FileChannel rewritten() throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(part);
        FileChannel fresh = opened(part);
        try {
            for (Item item : waiting.values()) {
                write(fresh, view(item));
            }
            fresh.force(true);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
        lines = waiting.size();
        return fresh;
    }

    private static Map<String, Object> view(Item item) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("key", item.key);
        view.put("time", item.time);
        view.put("id", item.comment.id());
        view.put("text", item.comment.text());
        view.put("language", item.comment.language());
        view.put("model", item.model);
        view.put("decision", item.decision);
        return view;
    }

    private void replay() throws IOException {
        List<String> all = new ArrayList<>(Files.readAllLines(file, StandardCharsets.UTF_8));
        for (int i = 0; i < all.size(); i++) {
            try {
                replay(JSON.readTree(all.get(i)));
            } catch (JacksonException | ClassCastException e) {
                if (i < all.size() - 1) { // the last may be half written
                    throw new ModerationException(file + ", line " + (i + 1) + " is no comment that waits", e);
                }
            }
        }
    }

    private void replay(JsonNode line) {
        if (line.has("gone")) {
            take(line.path("gone").asLong(0));
            return;
        }
        JsonNode language = line.path("language");
        @SuppressWarnings("unchecked") // an object of JSON
        Map<String, Object> decision = JSON.treeToValue(line.path("decision"), LinkedHashMap.class);
        long key = line.path("key").longValue();
        put(new Item(
                key,
                line.path("time").stringValue(),
                new Moderator.Comment(
                        line.path("id").stringValue(),
                        line.path("text").stringValue(),
                        language.isString() ? language.stringValue() : null),
                line.path("model").stringValue(),
                decision));
        next = Math.max(next, key + 1);
    }

    @Override
    public synchronized void close() {
        try {
            journal.close();
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

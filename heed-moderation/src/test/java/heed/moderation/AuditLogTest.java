package heed.moderation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.moderation.AuditLog.Entry;
import heed.moderation.Moderator.Comment;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-11-22T12:00:00Z"));
    private static final Policy POLICY = Policy.parse(
            "{version: first, categories: {toxic: {review: 0.5, block: 0.9}, threat: {review: 0.5}}}", "p");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static Decision decision(double toxic) {
        return Moderator.decide(POLICY, PolicyTest.scores(toxic, 0.1), null);
    }

    private static List<Entry> entries(Path log) {
        List<Entry> entries = new ArrayList<>();
        AuditLog.read(log, entries::add);
        return entries;
    }

    private Path written(int count) {
        Path file = folder.resolve("audit.jsonl");
        try (AuditLog log = AuditLog.open(file, NOON)) {
            for (int i = 0; i < count; i++) {
                log.decided(new Comment("c" + i, "text " + i, "de"), decision(i / 10.0), "m1");
            }
        }
        return file;
    }

    @Test
    void whatAStreamWroteIsReadFileByFile() throws IOException {
        List<String> lines = Files.readAllLines(written(5));
        Path bucket = Files.createDirectories(folder.resolve("judged/decisions/2026-11-22--12"));
        Files.createDirectories(folder.resolve("judged/dead-letters"));
        Files.write(folder.resolve("judged/dead-letters/part-0"), List.of("{\"reason\": \"no JSON\"}"));
        Files.write(bucket.resolve("part-1"), lines.subList(3, 5));
        Files.write(bucket.resolve("part-0"), lines.subList(0, 2));
        Files.write(bucket.resolve(".part-2.inprogress"), List.of("{half"));
        assertThat(entries(folder.resolve("judged"))).extracting(Entry::id).containsExactly("c0", "c1", "c3", "c4");
        Files.write(bucket.resolve("part-3"), List.of("{half"));
        assertThatThrownBy(() -> entries(folder.resolve("judged")))
                .isInstanceOf(ModerationException.class)
                .hasMessageContaining("part-3, line 1 is no record of a decision");
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThatThrownBy(() -> entries(empty)).hasMessageContaining("there are no decisions in");
    }

    @Test
    void recordsComeBackWithoutTheText() throws IOException {
        Path file = written(7);
        try (AuditLog log = AuditLog.open(file, NOON)) {
            log.reviewed("c6", Action.ALLOW, "Ada", "irony");
        }
        List<Entry> entries = entries(file);
        assertThat(entries).hasSize(8);
        assertThat(entries.get(6).action()).isEqualTo(Action.REVIEW);
        assertThat(entries.get(6).policy()).isEqualTo("first");
        assertThat(entries.get(6).language()).isEqualTo("de");
        assertThat(entries.get(6).textDigest()).isEqualTo(AuditLog.digest("text 6".getBytes(StandardCharsets.UTF_8)));
        assertThat(entries.get(7).reviewer()).isEqualTo("Ada");
        assertThat(Files.readString(file)).doesNotContain("text 6");
        assertThat(AuditLog.latest(entries).get("c6")).isEqualTo(entries.get(7));
    }

    @Test
    void aLineThatWasChangedOrTakenOutIsFound() throws IOException {
        Path file = written(4);
        List<String> lines = Files.readAllLines(file);
        Files.write(file, List.of(lines.get(0), lines.get(2), lines.get(3)));
        assertThatThrownBy(() -> entries(file)).hasMessageContaining("line 2 does not follow");
        Files.write(file, List.of(lines.get(0), lines.get(1).replace("allow", "block"), lines.get(2), lines.get(3)));
        assertThatThrownBy(() -> AuditLog.open(file, NOON)).hasMessageContaining("line 3 does not follow");
    }

    @Test
    void aLineThatACrashCutShortWasNeverAnswered() throws IOException {
        Path file = written(3);
        Files.writeString(file, "{\"time\": \"2026-", StandardOpenOption.APPEND);
        try (AuditLog log = AuditLog.open(file, NOON)) {
            log.decided(new Comment("c3", "text 3", null), decision(1), "m1");
        }
        assertThat(entries(file)).extracting(Entry::id).containsExactly("c0", "c1", "c2", "c3");
    }

    @Test
    void whatCannotBeWrittenDownIsNotDecided() throws IOException {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "there is no /dev/full here");
        try (AuditLog log = new AuditLog(FileChannel.open(full, StandardOpenOption.WRITE), NOON, AuditLog.BEGINNING)) {
            Comment comment = new Comment("c", "text", null);
            assertThatThrownBy(() -> log.decided(comment, decision(1), "m1"))
                    .isInstanceOf(ModerationException.class)
                    .hasMessageContaining("is not made");
            assertThatThrownBy(() -> log.reviewed("c", Action.ALLOW, "Ada", ""))
                    .isInstanceOf(ModerationException.class);
        }
    }

    @Test
    void oneWriterAtATime() {
        Path file = written(1);
        try (AuditLog _ = AuditLog.open(file, NOON)) {
            assertThatThrownBy(() -> AuditLog.open(file, NOON)).hasMessageContaining("being written already");
        }
    }

    @Test
    void anotherPolicyIsTriedOnWhatWasDecided() {
        Path file = written(10); // 0.0 to 0.9: five allowed, four reviewed, one blocked
        try (AuditLog log = AuditLog.open(file, NOON)) {
            log.reviewed("c5", Action.ALLOW, "Ada", "irony");
            log.reviewed("c9", Action.BLOCK, "Ada", "clear");
        }
        Policy milder = Policy.parse("{version: second, categories: {toxic: {review: 0.7, block: 0.85}}}", "p");
        Replay replay = Replay.of(file, milder);
        assertThat(replay.decided()).isEqualTo(10);
        assertThat(replay.counts())
                .containsEntry("allow → allow", 5)
                .containsEntry("review → allow", 2)
                .containsEntry("review → review", 2)
                .containsEntry("block → block", 1);
        assertThat(replay.changed()).extracting(Replay.Change::id).containsExactly("c5", "c6");
        assertThat(replay.overruled()).isEqualTo(2);
        assertThat(replay.agreeing()).isEqualTo(2);
        Policy unknown = Policy.parse("{version: x, categories: {rude: {review: 0.5}}}", "p");
        assertThatThrownBy(() -> Replay.of(file, unknown)).hasMessageContaining("no score of 'rude'");
    }
}

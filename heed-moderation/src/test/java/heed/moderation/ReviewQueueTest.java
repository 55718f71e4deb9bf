package heed.moderation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.moderation.LabelScorer.Score;
import heed.moderation.Moderator.Comment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ReviewQueueTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-11-22T12:00:00Z"));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private ReviewQueue open(int most) {
        return ReviewQueue.open(folder.resolve("reviews.jsonl"), most, NOON);
    }

    private static Decision decision() {
        Score score = new Score(0.7, 0.85, false, 0, 3);
        SequencedMap<String, Score> scores = new LinkedHashMap<>();
        scores.put("toxic", score);
        return new Decision(
                Action.REVIEW,
                Action.REVIEW,
                List.of(new Decision.Reason("unkind", "toxic", Action.REVIEW, 0.6, score)),
                scores,
                "v1");
    }

    private static Comment comment(String id) {
        return new Comment(id, "text of " + id, "en");
    }

    private static List<String> ids(ReviewQueue queue) {
        return queue.items(100).stream().map(item -> item.comment().id()).toList();
    }

    @Test
    void whatWaitsIsThereAfterARestart() {
        try (ReviewQueue queue = open(10)) {
            queue.add(comment("a"), decision(), "m");
            queue.add(new Comment("b", "line\nbreak \ud83d\ude00", null), decision(), "m");
            queue.add(comment("c"), decision(), "m");
            assertThat(queue.remove(queue.items(1).getFirst().key())).isTrue();
        }
        try (ReviewQueue queue = open(10)) {
            assertThat(ids(queue)).containsExactly("b", "c");
            ReviewQueue.Item item = queue.items(1).getFirst();
            assertThat(item.comment()).isEqualTo(new Comment("b", "line\nbreak \ud83d\ude00", null));
            assertThat(item.time()).isEqualTo("2026-11-22T12:00:00Z");
            assertThat(item.decision()).containsEntry("action", "review").containsKey("reasons");
            queue.add(comment("d"), decision(), "m");
            assertThat(queue.items(3).getLast().key()).isGreaterThan(item.key());
            assertThat(queue.item(item.key())).contains(item);
            assertThat(queue.remove(item.key())).isTrue();
            assertThat(queue.remove(item.key())).isFalse();
        }
    }

    @Test
    void ofTooManyTheOldestFallOut() {
        try (ReviewQueue queue = open(3)) {
            for (int i = 0; i < 8; i++) {
                assertThat(queue.add(comment("c" + i), decision(), "m")).isTrue();
            }
            assertThat(ids(queue)).containsExactly("c5", "c6", "c7");
            assertThat(queue.dropped()).isEqualTo(5);
        }
        try (ReviewQueue queue = open(2)) {
            assertThat(queue.size()).isEqualTo(3); // until the next comes
            queue.add(comment("c8"), decision(), "m");
            assertThat(ids(queue)).containsExactly("c7", "c8");
        }
    }

    @Test
    void ofTooMuchTextTheOldestFallOut() {
        try (ReviewQueue queue = open(100)) {
            for (int i = 0; i < 4; i++) {
                queue.add(new Comment("c" + i, "x".repeat(1 << 23), null), decision(), "m");
            }
            assertThat(ids(queue)).containsExactly("c2", "c3");
        }
    }

    @Test
    void theFileStaysAsSmallAsWhatWaits() throws IOException {
        try (ReviewQueue queue = open(5)) {
            for (int i = 0; i < 1000; i++) {
                queue.add(comment("c" + i), decision(), "m");
            }
        }
        assertThat(Files.readAllLines(folder.resolve("reviews.jsonl"))).hasSizeLessThan(100);
    }

    @Test
    void aLastLineThatACrashCutShortIsLeftOut() throws IOException {
        Path file = folder.resolve("reviews.jsonl");
        try (ReviewQueue queue = open(10)) {
            queue.add(comment("a"), decision(), "m");
        }
        Files.writeString(file, "{\"key\": 2, \"te", StandardOpenOption.APPEND);
        try (ReviewQueue queue = open(10)) {
            assertThat(ids(queue)).containsExactly("a");
            queue.add(comment("b"), decision(), "m");
        }
        try (ReviewQueue queue = open(10)) {
            assertThat(ids(queue)).containsExactly("a", "b");
        }
        Files.writeString(file, "something else\nentirely\n");
        assertThatThrownBy(() -> open(10)).hasMessageContaining("line 1 is no comment");
    }

    @Test
    void oneProcessWritesAtATime() {
        try (ReviewQueue _ = open(1)) {
            assertThatThrownBy(() -> open(1)).hasMessageContaining("is being written already");
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has other permissions")
    void theOwnerAloneMayReadTheTexts() throws IOException {
        try (ReviewQueue queue = open(1)) {
            queue.add(comment("a"), decision(), "m");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("reviews.jsonl"))))
                    .isEqualTo("rw-------");
        }
    }
}

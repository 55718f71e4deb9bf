package heed.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.model.Model;
import heed.model.Models;
import heed.moderation.Action;
import heed.moderation.AuditLog;
import heed.moderation.Decision;
import heed.moderation.LabelScorer;
import heed.moderation.ModerationException;
import heed.moderation.Moderator;
import heed.moderation.Policy;
import heed.moderation.Replay;
import heed.moderation.stream.StreamSettings;
import heed.moderation.stream.StreamTally;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whole streams in this process.
class LocalStreamTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @SuppressWarnings("NullAway.Init")
    private static Model model;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeAll
    static void open() {
        model = Models.open(TestStreams.MODEL);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @AfterEach
    void openTheGate() {
        GatedFileSystem.set(_ -> {});
    }

    private static LabelScorer scorer() {
        return new LabelScorer(model, Map.of());
    }

    /// The scorer for which a batch with a text of 15 or more "river"s fails, as one does that meets a defect.
    private static LabelScorer poisoned() {
        int river = model.tokenizer().encode("river").ids()[1];
        LabelScorer scorer = scorer();
        heed.task.Classifier classifier = new heed.task.Classifier(model);
        return scorer.computedBy(encodings -> {
            if (encodings.stream()
                    .anyMatch(one ->
                            IntStream.of(one.ids()).filter(id -> id == river).count() >= 15)) {
                throw new IllegalStateException("a defect");
            }
            return classifier.logits(encodings);
        });
    }

    @Test
    void everyLineOfAFolderEndsOnceAsADecisionOrADeadLetterAndDecisionsAreThoseOfARun() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        Path in = Files.createDirectories(folder.resolve("in/deeper"));
        List<String> lines = new ArrayList<>();
        SequencedMap<String, String> texts = new LinkedHashMap<>();
        for (int i = 0; i < 211; i++) {
            String text = i == 100 ? "the b\u200bank c4n lend " + "money ".repeat(60) : TestStreams.text(random);
            texts.put("c" + i, text);
            lines.add(TestStreams.json("c" + i, text));
        }
        lines.add(TestStreams.json("c7", "another text under an id that was there"));
        lines.add(TestStreams.json("c8", "and once more"));
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put("{\"id\": \"x\", \"text\": \"cut o", "no JSON");
        bad.put("[1, 2]", "no JSON object");
        bad.put("{\"text\": \"the bank\"}", "there is no id");
        bad.put("{\"id\": \"x\"}", "there is no text");
        bad.put("{\"id\": \"x\", \"text\": 3}", "the text is a number");
        bad.put("{\"id\": {}, \"text\": \"the bank\"}", "neither a text nor a whole number but an object");
        bad.put("{\"id\": \"" + "i".repeat(257) + "\", \"text\": \"the bank\"}", "the id has 257 characters");
        bad.put("{\"id\": \"\\ud800\", \"text\": \"the bank\"}", "half a character");
        bad.put("{\"id\": \"x\", \"text\": \" \"}", "the text is empty");
        bad.put("{\"id\": \"x\", \"text\": \"the bank\", \"language\": 1}", "the language is a number");
        bad.put(TestStreams.json("poison", "river ".repeat(20)), "a defect");
        int every = 0;
        for (String line : bad.keySet()) {
            lines.add(17 * every++, line);
        }
        Files.write(in.resolve("a.jsonl"), lines.subList(0, 100));
        Files.write(folder.resolve("in/b.ndjson"), lines.subList(100, lines.size()));
        Files.writeString(folder.resolve("in/c.txt"), "the river\n\nthe money");
        texts.put("c.txt:1", "the river");
        texts.put("c.txt:3", "the money");
        bad.put("", "the text is empty");
        Files.writeString(folder.resolve("in/_hidden.jsonl"), "{}");

        StreamTally tally = LocalStream.run(
                TestStreams.settings(folder.resolve("in").toString(), folder, false, 2),
                poisoned(),
                new TestStreams.Silent());

        List<JsonNode> decisions = TestStreams.decisions(folder);
        assertThat(TestStreams.ids(decisions)).containsExactlyInAnyOrderElementsOf(texts.keySet());
        assertThat(tally.comments()).isEqualTo(213);
        assertThat(tally.repeated()).isEqualTo(2);
        assertThat(tally.deadLetters()).isEqualTo(bad.size());
        assertThat(tally.judged()).isEqualTo(213);
        assertThat(tally.of(Action.BLOCK)).isPositive();
        for (Action action : Action.values()) {
            assertThat(decisions.stream()
                            .filter(one -> one.get("action").stringValue().equals(action.word())))
                    .hasSize((int) tally.of(action));
        }
        List<JsonNode> dead = TestStreams.deadLetters(folder);
        assertThat(dead).hasSize(bad.size());
        bad.forEach((record, reason) -> assertThat(dead)
                .as(reason)
                .anyMatch(letter -> letter.get("reason").stringValue().contains(reason)
                        && (letter.get("record").stringValue().equals(record)
                                || letter.path("id").asString("").equals("poison"))));
        assertThat(dead)
                .allMatch(letter -> letter.get("place").stringValue().matches("(deeper/a.jsonl|b.ndjson|c.txt):\\d+"));

        for (JsonNode one : decisions) {
            String id = one.get("id").stringValue();
            String text = texts.get(id);
            if (id.equals("c7") || id.equals("c8")) { // either of the two that have the id may have come first
                continue;
            }
            assertThat(fields(one))
                    .isEqualTo(fields(expected(new Moderator.Comment(id, text == null ? "" : text, null))));
            assertThat(one.get("reasons").isArray()).isTrue();
        }
        assertThat(Files.exists(folder.resolve("checkpoints/finished.json"))).isTrue();

        Replay replay = Replay.of(folder.resolve("out"), Policy.parse(TestStreams.POLICY, "the same policy"));
        assertThat(replay.decided()).isEqualTo(213);
        assertThat(replay.changed()).isEmpty();
    }

    /// What `heed moderate run` would have written down.
    private static JsonNode expected(Moderator.Comment comment) {
        Policy policy = Policy.parse(TestStreams.POLICY, "policy");
        Decision decision =
                new Moderator(scorer(), () -> policy).decide(List.of(comment)).getFirst();
        return JSON.valueToTree(AuditLog.record(Instant.EPOCH, comment, decision, AuditLog.version(TestStreams.MODEL)));
    }

    private static Map<String, String> fields(JsonNode record) {
        Map<String, String> fields = new LinkedHashMap<>();
        record.properties()
                .forEach(entry -> fields.put(entry.getKey(), entry.getValue().toString()));
        fields.remove("time");
        fields.remove("reasons");
        return fields;
    }

    @Test
    void aFailureGoesOnFromTheLastCheckpointAndNoIdIsMissingOrThereTwice() throws IOException {
        Path in = TestStreams.comments(folder.resolve("comments.jsonl"), 1009);
        AtomicBoolean failed = new AtomicBoolean();
        long middle = Files.size(in) / 2;
        GatedFileSystem.set(position -> {
            if (position >= middle && !failed.get()) {
                TestStreams.awaitDecisions(folder);
                if (failed.compareAndSet(false, true)) {
                    throw new IOException("injected");
                }
            }
        });
        StreamTally tally = LocalStream.run(
                TestStreams.settings("gated://" + in, folder, false, 1), scorer(), new TestStreams.Silent());
        assertThat(failed).isTrue();
        List<String> ids = TestStreams.ids(TestStreams.decisions(folder));
        assertThat(ids).doesNotHaveDuplicates().hasSize(1009);
        assertThat(tally.comments()).isEqualTo(1009);
        assertThat(tally.repeated()).isZero();
        try (Stream<Path> left = Files.list(folder.resolve("out/decisions"))) {
            assertThat(left.map(Path::getFileName))
                    .noneMatch(name -> name.toString().startsWith("."));
        }
    }

    @Test
    void whatCannotBeReadForGoodIsToldInOneLineAndCanBeGoneOnWith() throws IOException {
        Path in = TestStreams.comments(folder.resolve("comments.jsonl"), 307);
        GatedFileSystem.set(position -> {
            throw new IOException("the disk is broken");
        });
        StreamSettings settings = TestStreams.settings("gated://" + in, folder, false, 1);
        assertThatThrownBy(() -> LocalStream.run(settings, scorer(), new TestStreams.Silent()))
                .isInstanceOf(ModerationException.class)
                .hasMessageContaining("the stream failed: the disk is broken");
        assertThatThrownBy(() -> LocalStream.run(settings, scorer(), new TestStreams.Silent()))
                .hasMessageContaining("did not end: go on with --resume");
        GatedFileSystem.set(_ -> {});
        StreamSettings again = TestStreams.settings("gated://" + in, folder, true, 1);
        assertThat(LocalStream.run(again, scorer(), new TestStreams.Silent()).comments())
                .isEqualTo(307);
        TestStreams.Silent watcher = new TestStreams.Silent();
        assertThat(LocalStream.run(again, scorer(), watcher).comments()).isEqualTo(307);
        assertThat(watcher.notes).anyMatch(note -> note.contains("has ended already"));
        Files.delete(folder.resolve("checkpoints/finished.json")); // as if it had been killed right before that
        assertThatThrownBy(() -> LocalStream.run(again, scorer(), new TestStreams.Silent()))
                .hasMessageContaining("there is nothing to go on with");
        assertThat(TestStreams.decisions(folder)).hasSize(307);
    }

    @Test
    void whatCannotBeBegunIsRefusedBeforeAnythingIsDone() {
        assertThatThrownBy(() -> LocalStream.run(
                        TestStreams.settings(folder.toString(), folder, false, 1), scorer(), new TestStreams.Silent()))
                .hasMessageContaining("must not lie in");
        assertThatThrownBy(() -> LocalStream.run(
                        TestStreams.settings("/nowhere", folder, true, 1), scorer(), new TestStreams.Silent()))
                .hasMessageContaining("no stream to go on with");
        assertThatThrownBy(() -> KafkaPlace.parse("kafka://localhost/comments"))
                .hasMessage("'kafka://localhost/comments' is no topic, expected kafka://host:port/topic");
        assertThat(KafkaPlace.parse("kafka://a:1,b:2/comments")).isEqualTo(new KafkaPlace("a:1,b:2", "comments"));
    }
}

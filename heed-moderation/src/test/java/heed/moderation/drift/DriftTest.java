package heed.moderation.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.moderation.Action;
import heed.moderation.AuditLog;
import heed.moderation.Decision;
import heed.moderation.LabelScorer.Score;
import heed.moderation.ModerationException;
import heed.moderation.Moderator.Comment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriftTest {
    /// Shares with ½ added: 50.5/101 each, then 80.5/101 = 0.797030 and 20.5/101 = 0.202970; the differences
    /// ±0.297030 times ln 1.594059 = 0.466284 and ln 0.405941 = −0.901549.
    @Test
    void theIndexIsTheDifferenceOfSharesTimesTheLogarithmOfTheirRatio() {
        assertThat(Histogram.stability(new long[] {50, 50}, new long[] {80, 20}))
                .isCloseTo(0.297030 * (0.466284 + 0.901549), within(1e-5));
        assertThat(Histogram.stability(new long[] {3, 5, 7}, new long[] {3, 5, 7}))
                .isZero();
        assertThat(Histogram.stability(new long[] {0, 9}, new long[] {9, 0})).isFinite();
    }

    @Test
    void tenthsHoldAsManyEach() {
        double[] values =
                IntStream.range(0, 100).mapToDouble(i -> (i * 37 % 100) / 100.0).toArray();
        Histogram histogram = Histogram.ofTenths(values);
        assertThat(histogram.edges()).containsExactly(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9);
        assertThat(histogram.counts()).containsOnly(10).hasSize(10);
        assertThat(histogram.place(0.1)).isEqualTo(1);
        assertThat(histogram.place(-5)).isZero();
    }

    @Test
    void manyValuesThatAreTheSameAreOneStretch() {
        Histogram histogram = Histogram.ofTenths(new double[] {0, 0, 0, 0, 0, 0, 0, 0, 0.5, 1});
        assertThat(histogram.edges()).containsExactly(0.5, 1);
        assertThat(histogram.counts()).containsExactly(8, 1, 1);
        assertThat(Histogram.ofTenths(new double[] {2, 2}).counts()).containsExactly(2);
    }

    @ParameterizedTest
    @CsvSource({"a b!, latin", "ಕನ್ನಡ and, kannada", "123 ?, none", "дa да, cyrillic"})
    void aTextIsInTheScriptOfMostOfItsLetters(String text, String script) {
        assertThat(Scripts.of(text)).isEqualTo(script);
    }

    private static Reference reference() {
        SequencedMap<String, Histogram> scores = new LinkedHashMap<>();
        scores.put("toxic", new Histogram(new double[] {0.5}, new long[] {50, 50}));
        SequencedMap<String, Long> scripts = new LinkedHashMap<>();
        scripts.put("latin", 99L);
        return new Reference(scores, 0.01, scripts);
    }

    private static Decision decision(double probability, Action advised) {
        SequencedMap<String, Score> scores = new LinkedHashMap<>();
        scores.put("toxic", new Score(probability, 0, false, 0, 1));
        return new Decision(advised, advised, List.of(), scores, "v1");
    }

    @Test
    void theLatestCommentsAreCompared() {
        DriftMonitor monitor = new DriftMonitor(reference(), 200, OptionalInt.of(1));
        for (int i = 0; i < 199; i++) {
            monitor.decided("text", decision(0.9, Action.ALLOW));
        }
        assertThat(monitor.scores("toxic")).isNaN(); // too few
        for (int i = 0; i < 200; i++) { // which are the latest 200
            monitor.decided(i < 20 ? "текст" : "text", decision(i < 160 ? 0.5 : 0.1, Action.ALLOW));
        }
        assertThat(monitor.scores("toxic"))
                .isEqualTo(Histogram.stability(new long[] {50, 50}, new long[] {40, 160}))
                .isGreaterThan(0.25);
        assertThat(monitor.scripts()).isEqualTo(Histogram.stability(new long[] {99, 0}, new long[] {180, 20}));
        assertThat(monitor.scores("rude")).isNaN();
        assertThat(monitor.unknown()).isNaN();
    }

    @Test
    void aReferenceIsReadAsItWasWritten(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("reference.json");
        reference().write(file);
        Reference read = Reference.read(file);
        assertThat(read.scores().get("toxic"))
                .usingRecursiveComparison()
                .isEqualTo(reference().scores().get("toxic"));
        assertThat(read.unknown()).isEqualTo(0.01);
        assertThat(read.scripts()).containsEntry("latin", 99L);
        Files.writeString(file, "{\"scores\": {\"toxic\": {\"edges\": [1], \"counts\": [1]}}}");
        assertThatThrownBy(() -> Reference.read(file))
                .isInstanceOf(ModerationException.class)
                .hasMessageContaining("1 edges and 1 counts");
        Files.writeString(file, "{}");
        assertThatThrownBy(() -> Reference.read(file)).hasMessageContaining("is no reference");
    }

    @Test
    void aLogTellsHowOftenPeopleDecidedOtherwise(@TempDir Path folder) {
        Path log = folder.resolve("audit.jsonl");
        try (AuditLog audit = AuditLog.open(log, InstantSource.system())) {
            audit.decided(new Comment("a", "x", "de"), decision(0.9, Action.BLOCK), "m");
            audit.decided(new Comment("b", "x", null), decision(0.6, Action.REVIEW), "m");
            audit.decided(new Comment("c", "x", null), decision(0.6, Action.REVIEW), "m");
            audit.decided(new Comment("d", "x", null), decision(0.2, Action.ALLOW), "m");
            audit.decided(new Comment("e", "x", null), decision(0.1, Action.ALLOW), "m");
            audit.reviewed("a", Action.ALLOW, "Ada", "irony"); // overturned
            audit.reviewed("b", Action.BLOCK, "Ada", ""); // as it was thought
            audit.reviewed("c", Action.ALLOW, "Ada", ""); // for nothing
            audit.reviewed("d", Action.BLOCK, "Ada", ""); // overturned
            audit.reviewed("z", Action.BLOCK, "Ada", ""); // of another time
        }
        LogDrift drift = LogDrift.of(log, reference(), 100);
        assertThat(drift.decided()).isEqualTo(5);
        assertThat(drift.blocked()).isEqualTo(0.2);
        assertThat(drift.reviewed()).isEqualTo(0.4);
        assertThat(drift.judged()).isEqualTo(4);
        assertThat(drift.overturned()).isEqualTo(3);
        assertThat(drift.languages()).containsEntry("de", 1).containsEntry("unsaid", 4);
        assertThat(drift.stability().get("toxic"))
                .isEqualTo(Histogram.stability(new long[] {50, 50}, new long[] {2, 3}));
        assertThat(LogDrift.of(log, reference(), 2).decided()).isEqualTo(2);
    }
}

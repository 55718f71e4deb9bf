package heed.moderation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.moderation.LabelScorer.Score;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
    private static final String YAML = """
            version: 2026-11-22
            categories:
              toxicity:
                label: toxic
                review: 0.6
                block: 0.9
                languages:
                  de: {review: 0.5}
              threat:
                review: 0.3
            """;

    static SequencedMap<String, Score> scores(double toxic, double threat) {
        SequencedMap<String, Score> scores = new LinkedHashMap<>();
        scores.put("toxic", new Score(toxic, 0, false, 0, 1));
        scores.put("threat", new Score(threat, 0, false, 0, 1));
        return scores;
    }

    @Test
    void aScoreIsAllowedReviewedOrBlocked() {
        Policy policy = Policy.parse(YAML, "p");
        assertThat(policy.version()).isEqualTo("2026-11-22");
        assertThat(Moderator.decide(policy, scores(0.59, 0.29), null).action()).isEqualTo(Action.ALLOW);
        assertThat(Moderator.decide(policy, scores(0.6, 0), null).action()).isEqualTo(Action.REVIEW);
        assertThat(Moderator.decide(policy, scores(0.55, 0), "de").action()).isEqualTo(Action.REVIEW);
        assertThat(Moderator.decide(policy, scores(0.95, 0), "de").action()).isEqualTo(Action.BLOCK);
        assertThat(Moderator.decide(policy, scores(0, 1), null).action()).isEqualTo(Action.REVIEW);
    }

    @Test
    void theGravestReasonIsToldFirst() {
        Decision decision = Moderator.decide(Policy.parse(YAML, "p"), scores(0.92, 0.99), null);
        assertThat(decision.action()).isEqualTo(Action.BLOCK);
        assertThat(decision.reasons()).extracting(Decision.Reason::category).containsExactly("toxicity", "threat");
        assertThat(decision.reasons()).extracting(Decision.Reason::threshold).containsExactly(0.9, 0.3);
    }

    @Test
    void inShadowEverythingIsAllowedAndToldAllTheSame() {
        Decision decision = Moderator.decide(Policy.parse(YAML + "mode: shadow\n", "p"), scores(0.92, 0), null);
        assertThat(decision.action()).isEqualTo(Action.ALLOW);
        assertThat(decision.advised()).isEqualTo(Action.BLOCK);
        assertThat(decision.reasons()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "categories: {a: {review: 0.5}} | version is missing",
                "version: 1 | categories is missing",
                "{version: 1, categories: {}} | categories is missing or empty",
                "{version: 1, categories: {a: {review: 1.5}}} | categories.a.review is a score, 0 to 1, not '1.5'",
                "{version: 1, categories: {a: {review: .nan}}} | is a score",
                "{version: 1, categories: {a: {review: high}}} | is a score",
                "{version: 1, categories: {a: {review: 0.9, block: 0.5}}} | blocks from 0.5 on and reviews from 0.9 on",
                "{version: 1, categories: {a: {}}} | neither a threshold for review nor one for block",
                "{version: 1, categories: {a: {reviews: 0.5}}} | has 'reviews', which means nothing here",
                "{version: 1, mode: off, categories: {a: {review: 1}}} | mode is enforce or shadow",
                "{version: 1, categories: {a: {review: 0.9, block: 0.95, languages: {de: {block: 0.1}}}}} | languages.de blocks from 0.1",
                "'{version: 1, categories: ' | is no YAML",
                "text | must be a mapping"
            })
    void aPolicyThatContradictsItselfIsRefusedWithThePlace(String yaml, String reason) {
        assertThatThrownBy(() -> Policy.parse(yaml, "policy.yaml"))
                .isInstanceOf(ModerationException.class)
                .hasMessageContaining("policy.yaml")
                .hasMessageContaining(reason);
    }

    @Test
    void aChangedFileTakesEffectAndABrokenOneDoesNot(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("policy.yaml");
        Files.writeString(file, YAML);
        List<String> refusals = new ArrayList<>();
        PolicyFile policy = new PolicyFile(file, List.of("toxic", "threat"), refusals::add);
        assertThat(policy.refresh()).isFalse();
        Files.writeString(file, YAML.replace("2026-11-22", "second"));
        assertThat(policy.refresh()).isTrue();
        assertThat(policy.policy().version()).isEqualTo("second");
        Files.writeString(file, YAML.replace("0.9", "7"));
        assertThat(policy.refresh()).isFalse();
        assertThat(policy.refresh()).isFalse();
        assertThat(policy.policy().version()).isEqualTo("second");
        Files.writeString(file, YAML.replace("label: toxic", "label: rude"));
        assertThat(policy.refresh()).isFalse();
        Files.delete(file);
        policy.refresh();
        policy.refresh();
        assertThat(refusals).hasSize(3);
        assertThat(refusals.get(0)).contains("block is a score").contains("policy second stays in force");
        assertThat(refusals.get(1)).contains("'rude', the model has toxic, threat");
        assertThat(refusals.get(2)).contains("cannot read");
        assertThatThrownBy(() -> new PolicyFile(file, List.of(), refusals::add))
                .isInstanceOf(ModerationException.class);
    }
}

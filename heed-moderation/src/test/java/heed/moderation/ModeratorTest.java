package heed.moderation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.model.Model;
import heed.model.Models;
import heed.moderation.LabelScorer.Score;
import heed.score.Bootstrap;
import heed.task.Classifier;
import heed.task.IntegratedGradients;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// On a small seeded checkpoint with four labels that takes 23 tokens.
class ModeratorTest {
    private static final Path MODELS = Path.of("..", "heed-models", "src", "test", "resources", "golden", "bert");
    private static final List<String> WORDS =
            List.of("the", "bank", "river", "money", "can", "lend", "person", "by", "refuse", "to");

    @SuppressWarnings("NullAway.Init")
    private static Model model;

    @SuppressWarnings("NullAway.Init")
    private static LabelScorer scorer;

    @BeforeAll
    static void open() {
        model = Models.open(MODELS.resolve("sequence-classification-multi"));
        scorer = new LabelScorer(model, Map.of());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static Score of(SequencedMap<String, Score> scores, String label) {
        return Objects.requireNonNull(scores.get(label));
    }

    private static String text(SplittableRandom random, int words) {
        return IntStream.range(0, words)
                .mapToObj(_ -> WORDS.get(random.nextInt(WORDS.size())))
                .collect(Collectors.joining(" "));
    }

    @Test
    void aPlainTextHasTheProbabilitiesOfTheModel() {
        SequencedMap<String, Score> scores = scorer.score("the bank can lend money");
        new Classifier(model)
                .classify("the bank can lend money")
                .forEach((label, probability) ->
                        assertThat(of(scores, label).probability()).isCloseTo(probability, within(1e-6)));
        assertThat(of(scores, "toxic").normalized()).isFalse();
        assertThat(of(scores, "toxic").end()).isEqualTo(23);
    }

    @Test
    void labelsThatExcludeEachOtherHaveTheirSharesToo() {
        try (Model sorter = Models.open(MODELS.resolve("sequence-classification"))) {
            SequencedMap<String, Score> scores = new LabelScorer(sorter, Map.of()).score("the bank can lend money");
            new Classifier(sorter)
                    .classify("the bank can lend money")
                    .forEach((label, probability) ->
                            assertThat(of(scores, label).probability()).isCloseTo(probability, within(1e-6)));
        }
    }

    @Test
    void theHigherOfTheTextAsWrittenAndMadePlainCounts() {
        String written = "the b\u200bank c4n lend money";
        SequencedMap<String, Score> raw = scorer.withoutNormalizer().score(written);
        SequencedMap<String, Score> plain = scorer.withoutNormalizer().score("the bank can lend money");
        scorer.score(written).forEach((label, score) -> {
            double higher =
                    Math.max(of(raw, label).probability(), of(plain, label).probability());
            assertThat(score.probability()).isEqualTo(higher);
            assertThat(score.normalized())
                    .isEqualTo(of(plain, label).probability() > of(raw, label).probability());
            assertThat(score.end()).isEqualTo(written.length());
        });
    }

    @Test
    void aLongTextIsScoredInWindowsAndTheHighestTellsItsPlace() {
        String text = text(new SplittableRandom(2), 61);
        SequencedMap<String, Score> scores = scorer.score(text);
        Score toxic = of(scores, "toxic");
        assertThat(toxic.end() - toxic.start()).isLessThan(text.length());
        String window = text.substring(toxic.start(), toxic.end());
        assertThat(of(scorer.score(window), "toxic").probability()).isEqualTo(toxic.probability());
        for (int start = 0; start + 60 < text.length(); start += 40) {
            int from = text.indexOf(' ', start) + 1;
            assertThat(model.tokenizer().encode(text.substring(from, from + 60)).length())
                    .isLessThanOrEqualTo(23); // windows are at least as long as these
        }
    }

    @Test
    void manyTogetherAreAsEachAlone() {
        SplittableRandom random = new SplittableRandom(9);
        List<String> texts = IntStream.range(0, 23)
                .mapToObj(_ -> text(random, 1 + random.nextInt(40)))
                .toList();
        List<SequencedMap<String, Score>> together = scorer.score(texts);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(together.get(i)).isEqualTo(scorer.score(texts.get(i)));
        }
        assertThatThrownBy(() -> scorer.score(List.of("a", " "))).hasMessage("text 2 is empty");
    }

    @Test
    void strangeTextsAreScoredLikeOthers() {
        for (String text : List.of("\uD83D", "\u200b".repeat(20_000), "\u0000", "🙃".repeat(500), "a".repeat(5000))) {
            assertThat(scorer.score(text)).hasSize(4);
        }
    }

    @Test
    void aCalibrationChangesTheScoreOfItsLabelAlone() {
        LabelScorer calibrated = new LabelScorer(model, Map.of("toxic", new Calibration.Temperature(3)));
        Score before = of(scorer.score("the bank"), "toxic");
        Score after = of(calibrated.score("the bank"), "toxic");
        assertThat(after.logit()).isEqualTo(before.logit());
        assertThat(after.probability()).isEqualTo(1 / (1 + Math.exp(-before.logit() / 3)));
        assertThat(of(calibrated.score("the bank"), "threat")).isEqualTo(of(scorer.score("the bank"), "threat"));
        assertThatThrownBy(() -> new LabelScorer(model, Map.of("rude", new Calibration.None())))
                .hasMessageContaining("'rude'");
    }

    @Test
    void theWordsOfAnExplanationAreThoseOfTheTextAndTheirPartsAreWhatIsLost() {
        String text = "the bank, by the river";
        List<Part> parts = Occlusion.of(scorer, text, "insult");
        assertThat(parts).hasSize(5);
        double whole = of(scorer.score(text), "insult").probability();
        for (Part part : parts) {
            assertThat(text.substring(part.start(), part.end())).isEqualTo(part.text());
            String without = text.substring(0, part.start()) + text.substring(part.end());
            assertThat(part.part())
                    .isEqualTo(whole - of(scorer.score(without), "insult").probability());
        }
        assertThat(parts).isSortedAccordingTo((a, b) -> Double.compare(b.part(), a.part()));
        assertThat(Occlusion.of(scorer, "bank", "insult")).hasSize(1);
        assertThatThrownBy(() -> Occlusion.of(scorer, text, "rude")).hasMessageContaining("no label 'rude'");
    }

    /// Comments whose label is drawn from what the model thinks of them, sharpened.
    private static LabelledComments drawn(int count) {
        SplittableRandom random = new SplittableRandom(21);
        List<LabelledComments.Example> examples = new ArrayList<>();
        List<String> texts = IntStream.range(0, count)
                .mapToObj(i -> text(random, 2 + random.nextInt(12)) + " " + i)
                .toList();
        List<SequencedMap<String, Score>> scores = scorer.score(texts);
        double[] logits = LabelledComments.logits(scores, "toxic");
        double middle = Arrays.stream(logits).sorted().toArray()[count / 2];
        for (int i = 0; i < count; i++) {
            boolean toxic = random.nextDouble() < 1 / (1 + Math.exp(-20 * (logits[i] - middle)));
            examples.add(new LabelledComments.Example(texts.get(i), toxic ? Set.of("toxic") : Set.of()));
        }
        return new LabelledComments(examples);
    }

    @Test
    void tuningFindsThresholdsThatKeepWhatWasWantedAndAPolicyThatCanBeRead() {
        LabelledComments comments = drawn(160);
        Tuning tuning = new Tuning(Tuning.Kind.ISOTONIC, 0.6, 0.9, new Bootstrap(50, 1));
        List<Tuning.Tuned> tuned = tuning.of(comments, scorer);
        assertThat(tuned).hasSize(1);
        Tuning.Tuned toxic = tuned.getFirst();
        assertThat(toxic.review().recall()).isGreaterThanOrEqualTo(0.9);
        assertThat(Objects.requireNonNull(toxic.block()).precision()).isGreaterThanOrEqualTo(0.6);
        assertThat(toxic.block().threshold())
                .isGreaterThanOrEqualTo(toxic.review().threshold());
        assertThat(toxic.errorAfter()).isLessThan(toxic.errorBefore() + 0.1);
        Policy policy =
                Policy.parse(Tuning.policy("v1", 0, tuned), "policy.yaml").requireLabels(scorer.labels());
        assertThat(policy.shadow()).isTrue();
        assertThat(Objects.requireNonNull(policy.categories().get("toxic"))
                        .usual()
                        .review())
                .isCloseTo(toxic.review().threshold(), within(1e-6));
        assertThatThrownBy(() -> new Tuning(Tuning.Kind.NONE, 0.99, 0.9, new Bootstrap(5, 1))
                        .of(comments.where(i -> i < 2), scorer))
                .isInstanceOf(ModerationException.class);
    }

    @Test
    void curvesAreCountedByHand() {
        Curve curve = new Curve(new double[] {0.9, 0.8, 0.8, 0.3}, new boolean[] {true, false, true, false});
        assertThat(curve.points())
                .containsExactly(
                        new Curve.Point(0.9, 1, 0.5, 0, 0.25),
                        new Curve.Point(0.8, 2 / 3.0, 1, 0.5, 0.75),
                        new Curve.Point(0.3, 0.5, 1, 1, 1));
        assertThat(curve.withPrecision(0.7).orElseThrow().threshold()).isEqualTo(0.9);
        assertThat(curve.withRecall(0.6).threshold()).isEqualTo(0.8);
        assertThat(curve.withPrecision(1.01)).isEmpty();
    }

    @Test
    void anEvaluationTellsCurvesTermsAndWhatGetsPast() {
        LabelledComments comments = drawn(80);
        double middle = LabelledComments.probabilities(comments.scored(scorer), "toxic")[0];
        Policy policy = Policy.parse(
                "{version: v1, categories: {toxic: {review: " + middle + "}, threat: {review: 0.5}}}", "p");
        Evaluation evaluation = new Evaluation(List.of("river", "nobody"), 200, new Bootstrap(20, 1));
        Evaluation.Report report = evaluation.report(comments, scorer, policy);
        assertThat(report.lines()).hasSize(1); // no comment is a threat
        Map<String, Object> line = report.lines().getFirst();
        assertThat((double) Objects.requireNonNull(line.get("roc_auc"))).isBetween(0.4, 1.0);
        assertThat((Map<?, ?>) line.get("terms")).hasSize(1);
        assertThat((List<?>) line.get("evasion")).hasSize(2 * Perturbation.values().length);
        assertThat(report.html())
                .startsWith("<!doctype html>")
                .contains("<h2>toxic</h2>")
                .endsWith("</html>\n");
        assertThat(Evaluation.contains("By the River.", "river")).isTrue();
        assertThat(Evaluation.contains("rivers", "river")).isFalse();
    }

    @Test
    void theNormaliserUndoesWhatItIsMadeFor() {
        String text = "the person can refuse to lend money";
        for (Perturbation perturbation : List.of(
                Perturbation.ZERO_WIDTH,
                Perturbation.SOFT_HYPHEN,
                Perturbation.LOOK_ALIKE,
                Perturbation.WIDE,
                Perturbation.SPACED,
                Perturbation.DOTTED)) {
            String changed = perturbation.applyTo(text, 1, 4);
            assertThat(changed).isNotEqualTo(text);
            assertThat(Normalizer.normalize(changed).text().replace(" ", ""))
                    .as(perturbation.description())
                    .isEqualTo(text.replace(" ", ""));
        }
        assertThat(Perturbation.CAPITALS.applyTo("money", 1, 1)).isEqualTo("mOnEy");
        assertThat(Perturbation.LEET.applyTo(text, 0, 1)).isEqualTo(text);
    }

    @Test
    void gradientsAreToldOfTheTextAsItWasWritten() {
        GradientExplainer explainer = new GradientExplainer(model);
        String written = "the b\u200bank, can lend!";
        Score score = of(scorer.score(written), "threat");
        List<Part> parts = explainer.parts(scorer, written, "threat");
        assertThat(parts)
                .isSortedAccordingTo(Comparator.comparingDouble(Part::part).reversed());
        assertThat(parts)
                .allSatisfy(part ->
                        assertThat(written.substring(part.start(), part.end())).isEqualTo(part.text()));
        assertThat(parts).extracting(Part::text).contains("the", "b\u200bank", "can", "lend", "!");
        double nothing = new IntegratedGradients(model)
                .of(scorer.origin(written, "threat").encoding(), scorer.labels().indexOf("threat"))
                .baseline();
        assertThat(parts.stream().mapToDouble(Part::part).sum()).isCloseTo(score.logit() - nothing, within(1e-4));
        assertThatThrownBy(() -> explainer.parts(scorer, written, "rude")).hasMessageContaining("no label 'rude'");
    }

    @Test
    void gradientsOfALongTextAreThoseOfItsHighestWindow() {
        String text = text(new SplittableRandom(2), 61);
        Score toxic = of(scorer.score(text), "toxic");
        assertThat(new GradientExplainer(model).parts(scorer, text, "toxic"))
                .isNotEmpty()
                .allSatisfy(part -> {
                    assertThat(part.start()).isGreaterThanOrEqualTo(toxic.start());
                    assertThat(part.end()).isLessThanOrEqualTo(toxic.end());
                });
    }

    @Test
    void windowsAreAsShortAsThePolicyWants() {
        String text = text(new SplittableRandom(4), 40);
        Score narrow = of(scorer.withWindow(11).score(text), "toxic");
        assertThat(model.tokenizer()
                        .encode(text.substring(narrow.start(), narrow.end()))
                        .length())
                .isLessThanOrEqualTo(11);
        Policy policy = Policy.parse("{version: 1, window: 11, categories: {toxic: {review: 0.5}}}", "p");
        Decision decision = new Moderator(scorer, () -> policy)
                .decide(List.of(new Moderator.Comment("1", text, null)))
                .getFirst();
        assertThat(decision.score("toxic")).isEqualTo(narrow);
        assertThatThrownBy(() -> scorer.withWindow(24)).hasMessageContaining("takes 8 to 23");
        assertThatThrownBy(() -> Policy.parse("{version: 1, window: 0, categories: {toxic: {review: 0.5}}}", "p"))
                .hasMessageContaining("window is a number of tokens, not '0'");
    }
}

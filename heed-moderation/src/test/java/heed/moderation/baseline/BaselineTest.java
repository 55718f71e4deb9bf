package heed.moderation.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.moderation.Calibration;
import heed.moderation.LabelScorer.Score;
import heed.moderation.LabelledComments;
import heed.moderation.LabelledComments.Example;
import heed.moderation.ModerationException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BaselineTest {
    private static SparseRow row(float... values) {
        int[] columns = new int[values.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = i;
        }
        return new SparseRow(columns, values);
    }

    /// With `x = ±1` and labels that go with it the bias is 0 and w solves `w = 2 C σ(−w)`: 1 for `C = (1 + e)
    /// / 2`.
    @Test
    void theWeightsAreWhereTheSlopeIsZero() {
        double c = (1 + Math.E) / 2;
        LogisticRegression fitted = LogisticRegression.fit(List.of(row(1), row(-1)), new boolean[] {true, false}, 1, c);
        assertThat(fitted.weights()[0]).isCloseTo(1, within(1e-4));
        assertThat(fitted.bias()).isCloseTo(0, within(1e-4));
    }

    /// Without anything to tell apart by, three of four have the label: `σ(b) = 3/4`.
    @Test
    void theBiasAloneIsTheShare() {
        LogisticRegression fitted = LogisticRegression.fit(
                List.of(row(0), row(0), row(0), row(0)), new boolean[] {true, true, false, true}, 1, 7);
        assertThat(fitted.logit(row(0))).isCloseTo(Math.log(3), within(1e-4));
        assertThat(fitted.surprise(List.of(row(0)), new boolean[] {true})).isCloseTo(Math.log(4 / 3.0), within(1e-4));
    }

    /// `3 (x − 1)² + 11 (y + 2)² / 2 + xy`, whose slope is zero where `6x + y = 6` and `x + 11y = −22`.
    @Test
    void aBowlHasItsLowestPoint() {
        double[] found = new Minimum(100, 1e-10)
                .of(
                        (p, gradient) -> {
                            gradient[0] = 6 * (p[0] - 1) + p[1];
                            gradient[1] = 11 * (p[1] + 2) + p[0];
                            return 3 * (p[0] - 1) * (p[0] - 1) + 5.5 * (p[1] + 2) * (p[1] + 2) + p[0] * p[1];
                        },
                        2);
        assertThat(found[0]).isCloseTo(88 / 65.0, within(1e-8));
        assertThat(found[1]).isCloseTo(-138 / 65.0, within(1e-8));
    }

    /// Of three texts, two have "bank" (rarity log 1.5) and two have "river"; "money" is in one alone and left
    /// out.
    @Test
    void aTextIsTheWordsItHasByTheirRarity() {
        Vocabulary vocabulary =
                new Vocabulary(Features.WORDS, List.of("Bank, bank river", "the bank's money bank", "the river"));
        assertThat(vocabulary.size()).isEqualTo(3); // bank, river, the
        SparseRow row = vocabulary.row("bank BANK money river");
        double twice = 1 + Math.log(2);
        double length = Math.sqrt(twice * twice + 1);
        assertThat(row.columns()).containsExactly(0, 1);
        assertThat(row.values()[0]).isCloseTo((float) (twice / length), within(1e-6f));
        assertThat(row.values()[1]).isCloseTo((float) (1 / length), within(1e-6f));
        assertThat(vocabulary.row("nobody").columns()).isEmpty();
    }

    @Test
    void charactersAreCountedInPiecesOfThreeToFive() {
        assertThat(Features.CHARACTERS.of("Ab \n c"))
                .containsExactly(" ab", "ab ", "b c", " c ", " ab ", "ab c", "b c ", " ab c", "ab c ");
    }

    private static LabelledComments comments(int count) {
        SplittableRandom random = new SplittableRandom(3);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean spam = random.nextBoolean();
            String said = spam ? "win money" : "see you";
            examples.add(new Example(said + " number " + random.nextInt(9), spam ? Set.of("spam") : Set.of()));
        }
        return new LabelledComments(examples);
    }

    @Test
    void whatGoesWithALabelIsLearned() {
        for (Features kind : Features.values()) {
            Baseline baseline = Baseline.learn(comments(41), kind);
            assertThat(baseline.labels()).containsExactly("spam");
            assertThat(probability(baseline.score(List.of("win money 3")).getFirst()))
                    .isGreaterThan(0.8);
            assertThat(probability(baseline.score(List.of("see you 3")).getFirst()))
                    .isLessThan(0.2);
        }
    }

    @Test
    void whatIsHiddenIsFoundInTheTextMadePlain() {
        Baseline baseline = Baseline.learn(comments(41), Features.WORDS);
        String hidden = "w\u200bin mon\u200bey";
        Score score = Objects.requireNonNull(
                baseline.score(List.of(hidden)).getFirst().get("spam"));
        assertThat(score.normalized()).isTrue();
        assertThat(score.end()).isEqualTo(hidden.length());
        assertThat(score.probability())
                .isGreaterThan(probability(
                        baseline.withoutNormalizer().score(List.of(hidden)).getFirst()));
        Baseline unsure = baseline.calibrated(Map.of("spam", new Calibration.Temperature(2)));
        assertThat(probability(unsure.score(List.of(hidden)).getFirst()))
                .isCloseTo(1 / (1 + Math.exp(-score.logit() / 2)), within(1e-12));
    }

    private static double probability(Map<String, Score> scores) {
        return Objects.requireNonNull(scores.get("spam")).probability();
    }

    @Test
    void whatCannotBeLearnedIsTold() {
        assertThatThrownBy(() -> Baseline.learn(comments(5), Features.WORDS))
                .isInstanceOf(ModerationException.class)
                .hasMessageContaining("5 comments are too few");
        Example spam = new Example("win", Set.of("spam"));
        assertThatThrownBy(() -> Baseline.learn(new LabelledComments(Collections.nCopies(9, spam)), Features.WORDS))
                .hasMessage("all comments have the label 'spam'");
    }
}

package heed.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Each rule on numbers that can be followed by hand; [GoldenDecodingTest] holds all together to Hugging Face.
class ProcessorsTest {
    private static final float OUT = Float.NEGATIVE_INFINITY;

    private static float[] after(LogitsProcessor processor, Prefix prefix, float... scores) {
        processor.process(prefix, scores);
        return scores;
    }

    @Test
    void aRepetitionPenaltyDividesWhatIsAboveZeroAndMultipliesWhatIsBelow() {
        Prefix prefix = Prefix.of(0, 2, 0, 3);
        assertThat(after(new RepetitionPenalty(2), prefix, 4, 4, -4, 0)).containsExactly(2, 4, -8, 0);
    }

    @Test
    void aRepetitionPenaltyPassesOverTokensThatTheModelDoesNotScore() {
        assertThat(after(new RepetitionPenalty(2), Prefix.of(7), 4, 4)).containsExactly(4, 4);
    }

    @Test
    void noBigramComesTwice() {
        assertThat(after(new NoRepeatNGram(2), Prefix.of(1, 2, 1, 3, 1), 0, 0, 0, 0))
                .containsExactly(0, 0, OUT, OUT);
        assertThat(after(new NoRepeatNGram(2), Prefix.of(1), 0, 0)).containsExactly(0, 0);
    }

    @Test
    void noTokenComesTwiceWhenNGramsHaveOneToken() {
        assertThat(after(new NoRepeatNGram(1), Prefix.of(1, 3), 0, 0, 0, 0)).containsExactly(0, OUT, 0, OUT);
    }

    @Test
    void aBigramMayOverlapItself() {
        assertThat(after(new NoRepeatNGram(2), Prefix.of(1, 1), 0, 0)).containsExactly(0, OUT);
        assertThat(after(new NoRepeatNGram(3), Prefix.of(1, 1), 0, 0)).containsExactly(0, 0);
    }

    @Test
    void noBigramOfTheSourceIsSaidAgain() {
        Prefix prefix = Prefix.of(new int[] {3, 1, 2, 1}, 0, 1);
        assertThat(after(new EncoderNoRepeatNGram(2), prefix, 0, 0, 0, 0)).containsExactly(0, 0, OUT, 0);
        assertThat(after(new EncoderNoRepeatNGram(3), Prefix.of(new int[] {3, 1, 2}, 1), 0, 0, 0, 0))
                .containsExactly(0, 0, 0, 0);
    }

    @Test
    void aBadWordIsNotCompleted() {
        BadWords words = new BadWords(List.of(new int[] {3}, new int[] {0, 1, 2}));
        assertThat(after(words, Prefix.of(0, 1), 0, 0, 0, 0)).containsExactly(0, 0, OUT, OUT);
        assertThat(after(words, Prefix.of(1), 0, 0, 0, 0)).containsExactly(0, 0, 0, OUT);
    }

    @Test
    void aForcedTokenIsTheOnlyOneLeftAtItsPlace() {
        assertThat(after(new Forced(2, new int[] {1}), Prefix.of(0, 0), 5, 5, 5))
                .containsExactly(OUT, 0, OUT);
        assertThat(after(new Forced(2, new int[] {1}), Prefix.of(0), 5, 5, 5)).containsExactly(5, 5, 5);
        assertThatThrownBy(() -> after(new Forced(1, new int[] {58100}), Prefix.of(0), 1, 2))
                .hasMessage("the forced token 58100 is outside the vocabulary of 2 tokens");
    }

    @Test
    void topKKeepsThoseThatEqualTheLast() {
        assertThat(after(new TopK(2), Prefix.of(0), 1, 3, 2, 2)).containsExactly(OUT, 3, 2, 2);
        assertThat(after(new TopK(7), Prefix.of(0), 1, 3)).containsExactly(1, 3);
    }

    @Test
    void topPKeepsTheFewestThatReachTheProbability() {
        float[] scores = {log(0.1), log(0.5), log(0.15), log(0.25)};
        assertThat(after(new TopP(0.6), Prefix.of(0), scores.clone())).containsExactly(OUT, scores[1], OUT, scores[3]);
        assertThat(after(new TopP(0.4), Prefix.of(0), scores.clone())).containsExactly(OUT, scores[1], OUT, OUT);
        assertThat(after(new TopP(0), Prefix.of(0), scores.clone())).containsExactly(OUT, scores[1], OUT, OUT);
        assertThat(after(new TopP(1), Prefix.of(0), scores.clone())).containsExactly(scores);
    }

    @Test
    void minPMeasuresAgainstTheMostProbable() {
        float[] scores = {log(0.1), log(0.5), log(0.15), log(0.25)};
        assertThat(after(new MinP(0.29), Prefix.of(0), scores.clone()))
                .containsExactly(OUT, scores[1], scores[2], scores[3]);
        assertThat(after(new MinP(0.4), Prefix.of(0), scores.clone())).containsExactly(OUT, scores[1], OUT, scores[3]);
    }

    private static float log(double probability) {
        return (float) Math.log(probability);
    }

    @Test
    void scoresThatAreNoNumbersAndRulesThatLeaveNothingAreSaid() {
        assertThatThrownBy(() -> Softmax.argMax(new float[] {1, Float.NaN, 3})).hasMessageContaining("token 1 is NaN");
        assertThatThrownBy(() -> Softmax.argMax(new float[] {OUT, OUT}))
                .hasMessage("no token is left to choose: every one of 2 is ruled out");
    }

    @Test
    void theFirstOfEqualsIsTheBest() {
        assertThat(Softmax.argMax(new float[] {1, 3, 3, OUT})).isEqualTo(1);
        Best best = new Best(3).offerAll(new float[] {1, 3, 2, 3, 2});
        assertThat(List.of(best.index(0), best.index(1), best.index(2))).containsExactly(1, 3, 2);
        assertThat(best.least()).isEqualTo(2);
    }

    @Test
    void indicesComeInDescendingOrderOfTheirScores() {
        Descending order = new Descending(new float[] {1, OUT, 3, 2, 3, -1});
        assertThat(List.of(order.next(), order.next(), order.next(), order.next(), order.next()))
                .containsExactly(2, 4, 3, 0, 5);
        assertThat(order.hasNext()).isFalse();
    }
}

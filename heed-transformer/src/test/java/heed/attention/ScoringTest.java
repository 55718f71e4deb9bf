package heed.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import heed.tensor.Sequences;
import org.junit.jupiter.api.Test;

class ScoringTest {
    private static final Heads HEADS = new Heads(2, 2, 64);

    @Test
    void theScaleIsOneOverTheRootOfTheHeadWidth() {
        assertThat(Scoring.scaleOf(HEADS)).isEqualTo(0.125f);
        assertThat(Scoring.self(Sequences.single(3), HEADS).scale()).isEqualTo(0.125f);
    }

    @Test
    void eachPartCanBeReplacedByItself() {
        Scoring plain = Scoring.cross(Sequences.single(3), Sequences.single(5), HEADS);
        ScoreBias bias = Biases.alibi(2);

        Scoring changed = plain.scaled(1).masked(Mask.causal()).biased(bias);

        assertThat(changed).isEqualTo(new Scoring(Sequences.single(3), Sequences.single(5), 1, Mask.causal(), bias));
        assertThat(plain)
                .isEqualTo(
                        new Scoring(Sequences.single(3), Sequences.single(5), 0.125f, Mask.none(), ScoreBias.none()));
    }

    @Test
    void queriesAndKeysHaveTheSameSequences() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scoring.cross(Sequences.ofLengths(3, 4), Sequences.single(7), HEADS))
                .withMessage("query has 2 sequences, key has 1");
    }
}

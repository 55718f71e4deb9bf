package heed.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import heed.position.RelativeBuckets;
import heed.tensor.Sequences;
import heed.tensor.Shape;
import heed.tensor.Tensor;
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
    void aBiasByDistanceCountsFromTheLastKeyAndKeepsItsEnds() {
        ScoreBias bias =
                ScoreBias.byDistance(Tensor.of(Shape.of(2, 5), 1, 2, 3, 4, 5, 10, 20, 30, 40, 50)); // distances -2 … 2
        assertThat(bias.at(0, 0, 1, 1, 3, 3)).isEqualTo(3);
        assertThat(bias.at(0, 1, 1, 2, 3, 3)).isEqualTo(40);
        assertThat(bias.at(0, 0, 0, 3, 4, 4)).isEqualTo(5); // 3 away, as far as 2
        assertThat(bias.at(0, 0, 3, 0, 4, 4)).isEqualTo(1);
        assertThat(bias.at(0, 0, 0, 4, 1, 6)).isEqualTo(2); // a new query stands at the last of 6 keys
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScoreBias.byDistance(Tensor.zeros(2, 4)))
                .withMessageContaining("odd number of columns");
    }

    @Test
    void aBiasByBucketIsThatOfTheDistancesBucket() {
        RelativeBuckets buckets = new RelativeBuckets(4, 3, false); // distances -3 … 3 have 3, 2, 1, 0, 0, 0, 0
        ScoreBias bias = ScoreBias.byBucket(Tensor.of(Shape.of(4, 2), 10, 20, 11, 21, 12, 22, 13, 23), buckets);
        assertThat(bias.at(0, 0, 2, 1, 3, 3)).isEqualTo(11);
        assertThat(bias.at(0, 1, 0, 2, 3, 3)).isEqualTo(20);
        assertThat(bias.at(0, 1, 9, 0, 10, 10)).isEqualTo(23); // 9 away, as far as 3
        assertThat(bias.at(0, 0, 0, 3, 1, 6)).isEqualTo(12); // a new query stands at the last of 6 keys
    }

    @Test
    void queriesAndKeysHaveTheSameSequences() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scoring.cross(Sequences.ofLengths(3, 4), Sequences.single(7), HEADS))
                .withMessage("query has 2 sequences, key has 1");
    }
}

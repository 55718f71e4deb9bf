package heed.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import heed.model.AttentionMaps;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeadRankingTest {
    private static final int N = 11;
    private static final float[][] TO_PREVIOUS = Maps.looking(N, 0.9f, i -> i - 1);
    private static final float[][] TO_ITSELF = Maps.looking(N, 0.9f, i -> i);
    private static final float[][] TO_SEPARATOR = Maps.looking(N, 0.9f, _ -> N - 1);
    private static final float[][] TO_ONE_WORD = Maps.looking(N, 0.9f, _ -> 5);
    private static final float[][] EVEN = Maps.looking(N, 0, i -> i);
    private static final float[][] BETWEEN_WORDS = Maps.looking(N, 0.6f, i -> i < 5 ? i + 4 : i - 4);

    private static final AttentionMaps MAPS = new AttentionMaps("toy", Maps.RIVER, new float[][][][] {
        {TO_PREVIOUS, TO_ITSELF, TO_SEPARATOR}, {EVEN, TO_ONE_WORD, BETWEEN_WORDS}
    });

    @Test
    void putsAHeadThatLinksWordsAboveOnesThatLookAtNeighboursThemselvesOrSpecialTokens() {
        HeadRanking ranking = HeadRanking.of(MAPS);

        assertThat(ranking.best().layer()).isEqualTo(1);
        assertThat(ranking.best().head()).isEqualTo(2);
        assertThat(ranking.best().linking()).isGreaterThan(0.4);
        assertThat(ranking.heads().subList(1, 6)).allMatch(head -> head.linking() < 0.01);
    }

    @Test
    void doesNotTakeAnAveragingHeadOrACommonTargetForALink() {
        assertThat(HeadRanking.of(MAPS).profile(1, 0).linking()).isZero();
        assertThat(HeadRanking.of(MAPS).profile(1, 1).linking()).isCloseTo(0, within(1e-6));
    }

    @Test
    void followsItsFormulaOnAMapSmallEnoughToCheckByHand() {
        List<String> tokens = List.of("a", "b", "c");
        float[][] weights = {{0.1f, 0.1f, 0.8f}, {0.2f, 0.6f, 0.2f}, {0.5f, 0.3f, 0.2f}};

        // a → c counts 0.8 − max(1/3, (0.2 + 0.2)/2), c → a counts 0.5 − max(1/3, (0.1 + 0.2)/2), over 3 words.
        double expected = (0.8 - 1 / 3.0 + 0.5 - 1 / 3.0) / 3;
        assertThat(HeadProfile.of(Maps.head(tokens, weights)).linking()).isCloseTo(expected, within(1e-6));
    }

    @Test
    void measuresSharesThatAddUpToOne() {
        for (HeadProfile head : HeadRanking.of(MAPS).heads()) {
            double sum = 0;
            for (HeadProfile.Target target : HeadProfile.Target.values()) {
                sum += head.share(target);
            }
            assertThat(sum).isCloseTo(1, within(1e-5));
        }
        assertThat(HeadRanking.of(MAPS).profile(0, 2).special()).isCloseTo(0.9 + 0.2 / N, within(1e-5));
        assertThat(HeadRanking.of(MAPS).profile(0, 0).mostly()).isEqualTo(HeadProfile.Target.PREVIOUS);
        assertThat(HeadRanking.of(MAPS).profile(0, 1).mostly()).isEqualTo(HeadProfile.Target.ITSELF);
    }

    @Test
    void findsThePlantedHeadAmongRandomOnes() {
        AttentionMaps maps =
                Maps.random(IntStream.range(0, 30).mapToObj(i -> "w" + i).toList(), 3, 5);
        maps.weights()[2][3] = Maps.looking(30, 0.8f, i -> (i * 7 + 3) % 30);

        assertThat(HeadRanking.of(maps).best().layer()).isEqualTo(2);
        assertThat(HeadRanking.of(maps).best().head()).isEqualTo(3);
        assertThat(HeadRanking.of(maps).best(2).head()).isEqualTo(3);
    }

    @Test
    void copesWithRowsThatSeeNothingAndWeightsThatAreNotNumbers() {
        float[][] weights = new float[N][N];
        assertThat(HeadProfile.of(Maps.head(Maps.RIVER, weights)).linking()).isZero();
        weights[2][5] = Float.NaN;
        weights[3][5] = Float.NaN;
        assertThat(HeadProfile.of(Maps.head(Maps.RIVER, weights)).linking()).isZero();
    }
}

package heed.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import heed.pass.Point;
import heed.pass.Site;
import heed.tensor.Sequences;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.testing.Edit;
import heed.testing.ObservedKernels;
import heed.testing.Recorder;
import heed.testing.Setting;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScaledDotProductTest implements AttentionContract {
    @Override
    public Attention attention() {
        return new ScaledDotProduct();
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void hiddenKeysAndValuesLeaveNoTraceEvenIfTheyAreNoNumbers(float replacement) {
        for (Mask mask : Masks.all(1, Sequences.ofLengths(11))) {
            AttentionContract.assertHiddenLeaveNoTrace(attention(), Setting.scalar(), mask, replacement);
        }
    }

    @Test
    void itDoesWithoutTheFusedLoop() {
        ObservedKernels observed = new ObservedKernels(Setting.scalar());

        AttentionCase.random(2, new int[] {5}, new int[] {7}, THREE_HEADS).attend(attention(), observed.setting());

        assertThat(observed.attentionBlocks()).isZero();
    }

    @Test
    void aWatchSeesScoresAndWeightsOfEverySequence() {
        AttentionCase batch = AttentionCase.random(3, new int[] {2, 0, 5}, new int[] {3, 7, 11}, THREE_HEADS);
        Recorder recorder = new Recorder(Point.SCORES, Point.WEIGHTS);

        batch.attend(attention(), Setting.scalar().watchedBy(recorder).at(Site.encoder(4)));

        assertThat(recorder.sightings())
                .extracting(
                        Recorder.Sighting::site,
                        Recorder.Sighting::point,
                        Recorder.Sighting::sequence,
                        seen -> seen.value().shape())
                .containsExactly(
                        tuple(Site.encoder(4), Point.SCORES, 0, Shape.of(3, 2, 3)),
                        tuple(Site.encoder(4), Point.WEIGHTS, 0, Shape.of(3, 2, 3)),
                        tuple(Site.encoder(4), Point.SCORES, 1, Shape.of(3, 0, 7)),
                        tuple(Site.encoder(4), Point.WEIGHTS, 1, Shape.of(3, 0, 7)),
                        tuple(Site.encoder(4), Point.SCORES, 2, Shape.of(3, 5, 11)),
                        tuple(Site.encoder(4), Point.WEIGHTS, 2, Shape.of(3, 5, 11)));
    }

    @Test
    void scoresAreThoseOfTheFormula() {
        Tensor query = Tensor.matrix(new float[] {1, 2}, new float[] {3, 4});
        Tensor key = Tensor.matrix(new float[] {5, 6}, new float[] {7, 8});
        Recorder recorder = new Recorder(Point.SCORES);

        AttentionCase.of(query, key, key)
                .scaled(0.5f)
                .masked(Mask.causal())
                .biased((sequence, head, i, j, queries, keys) -> 100 * i + 10 * j)
                .attend(attention(), Setting.scalar().watchedBy(recorder));

        assertThat(recorder.only(Point.SCORES).toArray())
                .containsExactly(
                        (5 + 12) * 0.5f, Float.NEGATIVE_INFINITY, (15 + 24) * 0.5f + 100, (21 + 32) * 0.5f + 110);
    }

    @Test
    void aRowOfWeightsSumsToOneAndIsZeroWhereKeysAreHidden() {
        AttentionCase batch = AttentionCase.random(4, new int[] {13, 5}, new int[] {13, 17}, new Heads(6, 2, 7));
        for (Mask mask : Masks.all(5, batch.scoring().keys())) {
            for (int magnitude : new int[] {1, 100}) { // at 100, scores reach ±1e4
                AttentionCase masked = batch.masked(mask)
                        .with(batch.query().times(magnitude), batch.key().times(magnitude), batch.value());
                Recorder recorder = new Recorder(Point.WEIGHTS);
                masked.attend(attention(), Setting.scalar().watchedBy(recorder));

                for (Recorder.Sighting seen : recorder.sightings()) {
                    assertRowsAreShares(masked, seen.sequence(), seen.value());
                }
            }
        }
    }

    private static void assertRowsAreShares(AttentionCase masked, int sequence, Tensor weights) {
        for (int h = 0; h < weights.size(0); h++) {
            for (int i = 0; i < weights.size(1); i++) {
                double sum = 0;
                boolean seesAny = false;
                for (int j = 0; j < weights.size(2); j++) {
                    float weight = weights.at(h, i, j);
                    assertThat(weight).isBetween(0f, 1f);
                    if (masked.visible(sequence, i, j)) {
                        seesAny = true;
                    } else {
                        assertThat(weight).isZero();
                    }
                    sum += weight;
                }
                assertThat(sum).as("head %d, query %d under %s", h, i, masked).isCloseTo(seesAny ? 1 : 0, within(1e-6));
            }
        }
    }

    @Test
    void weightsAreThoseOfTheFormula() {
        AttentionCase batch = AttentionCase.random(6, new int[] {7}, new int[] {11}, new Heads(6, 2, 5))
                .masked(Masks.pairs())
                .biased(Biases.table(7, 6));
        Recorder recorder = new Recorder(Point.WEIGHTS);
        batch.attend(attention(), Setting.scalar().watchedBy(recorder));
        Tensor weights = recorder.only(Point.WEIGHTS);

        for (int h = 0; h < 6; h++) {
            for (int i = 0; i < 7; i++) {
                double[] expected = batch.weights(0, h, i);
                for (int j = 0; j < 11; j++) {
                    assertThat((double) weights.at(h, i, j)).isCloseTo(expected[j], within(1e-6));
                }
            }
        }
    }

    @Test
    void withoutAMaskEveryPositionLooksAtEveryOther() {
        Recorder recorder = new Recorder(Point.WEIGHTS);
        AttentionCase.random(8, new int[] {11}, new int[] {11}, THREE_HEADS)
                .attend(attention(), Setting.scalar().watchedBy(recorder));

        for (float weight : recorder.only(Point.WEIGHTS).toArray()) {
            assertThat(weight).isPositive();
        }
    }

    @Test
    void anEditedWeightIsTheOneThatCounts() {
        AttentionCase batch = AttentionCase.random(9, new int[] {3}, new int[] {2}, new Heads(1, 1, 5));
        for (Point point : List.of(Point.SCORES, Point.WEIGHTS)) {
            Tensor context = batch.attend(attention(), Setting.scalar().watchedBy(new Edit(point, value -> {
                for (int i = 0; i < 3; i++) { // everyone looks at key 1 alone
                    value.set(point == Point.SCORES ? Float.NEGATIVE_INFINITY : 0, 0, i, 0);
                    value.set(1, 0, i, 1);
                }
                return value;
            })));

            for (int i = 0; i < 3; i++) {
                assertThat(context.rows(i, i + 1).toArray())
                        .containsExactly(batch.value().rows(1, 2).toArray());
            }
        }
    }
}

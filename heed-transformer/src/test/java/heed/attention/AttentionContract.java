package heed.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import heed.pass.Pass;
import heed.pass.Point;
import heed.pass.Site;
import heed.pass.Watch;
import heed.tensor.Sequences;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.testing.Seeded;
import heed.testing.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every [Attention] promises. An implementation's test class implements this interface and so runs all of
/// it, in every setting of kernels and threads.
///
/// The small cases at the top are worked out by hand and show what attention is; those further down compare
/// with [AttentionCase#expected], the formula in three loops and double precision.
@SuppressWarnings("JUnit4TestNotRun") // the tests are Jupiter's, inherited from an interface
interface AttentionContract {
    Attention attention();

    /// By how many units in the last place a value may differ that was looked up with a weight of 1.
    default int lastBits(Setting setting) {
        return 0;
    }

    /// Queries, keys and values of these tests are kept apart by sizes that differ: Dh 5, H 3, and lengths that
    /// are prime.
    Heads THREE_HEADS = new Heads(3, 3, 5);

    // By hand

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void twoQueriesTakeTheValuesThatTheirKeysDeserve(Setting setting) {
        float ln3 = (float) Math.log(3);
        float ln4 = (float) Math.log(4);
        Tensor query = Tensor.matrix(new float[] {1, 0}, new float[] {0, 1});
        Tensor key = Tensor.matrix(new float[] {ln3, 0}, new float[] {0, ln4});
        Tensor value = Tensor.matrix(new float[] {10, 0}, new float[] {0, 20});

        Tensor context = AttentionCase.of(query, key, value).attend(attention(), setting);

        // Scores: ln 3, 0 and 0, ln 4. Odds: 3 to 1 and 1 to 4. Weights: 3/4, 1/4 and 1/5, 4/5.
        assertThat(context.toArray()).usingComparatorWithPrecision(1e-5f).containsExactly(7.5f, 5, 2, 16);
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void underACausalMaskTheFirstOfTwoSeesItselfAlone(Setting setting) {
        float ln4 = (float) Math.log(4);
        Tensor query = Tensor.matrix(new float[] {1, 0}, new float[] {0, 1});
        Tensor key = Tensor.matrix(new float[] {-100, 0}, new float[] {100, ln4});
        Tensor value = Tensor.matrix(new float[] {10, 0}, new float[] {0, 20});

        Tensor context =
                AttentionCase.of(query, key, value).masked(Mask.causal()).attend(attention(), setting);

        assertThat(context.toArray()).usingComparatorWithPrecision(1e-5f).containsExactly(10, 0, 2, 16);
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void scoresAreDividedByTheRootOfTheHeadWidth(Setting setting) {
        Heads ofWidthFour = new Heads(1, 1, 4);
        Tensor query = Tensor.matrix(new float[] {2, 0, 0, 0});
        Tensor key = Tensor.matrix(new float[] {(float) Math.log(3), 0, 0, 0}, new float[4]);
        Tensor value = Tensor.matrix(new float[] {1, 0, 0, 0}, new float[] {0, 1, 0, 0});
        Scoring scoring = Scoring.cross(Sequences.single(1), Sequences.single(2), ofWidthFour);

        Tensor context = new AttentionCase(query, key, value, ofWidthFour, scoring).attend(attention(), setting);

        // 2 ln 3 / √4 = ln 3
        assertThat(context.toArray()).usingComparatorWithPrecision(1e-6f).containsExactly(0.75f, 0.25f, 0, 0);
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void aBiasIsAddedAfterTheScale(Setting setting) {
        Tensor query = Tensor.matrix(new float[] {1}, new float[] {1});
        Tensor key = Tensor.matrix(new float[] {10}, new float[] {10});
        Tensor value = Tensor.matrix(new float[] {1}, new float[] {0});
        float ln3 = (float) Math.log(3);

        Tensor context = AttentionCase.of(query, key, value)
                .scaled(0.01f)
                .biased((sequence, head, i, j, queries, keys) -> i == 1 && j == 0 ? ln3 : 0)
                .attend(attention(), setting);

        assertThat(context.toArray()).usingComparatorWithPrecision(1e-6f).containsExactly(0.5f, 0.75f);
    }

    // Against the formula

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void sequencesOfEveryLengthMatchTheFormulaUnderEveryMask(Setting setting) {
        Sequences sequences = Sequences.ofLengths(7, 1, 0, 13, 2);
        for (Mask mask : Masks.all(1, sequences)) {
            AttentionCase.random(2, sequences, sequences, THREE_HEADS)
                    .masked(mask)
                    .assertMatchesFormula(attention(), setting);
        }
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void fewNewQueriesOverManyCachedKeysMatchTheFormulaUnderEveryMask(Setting setting) {
        Sequences queries = Sequences.ofLengths(1, 2, 3, 0);
        Sequences keys = Sequences.ofLengths(11, 2, 17, 5);
        for (Mask mask : Masks.all(3, keys)) {
            AttentionCase.random(4, queries, keys, THREE_HEADS).masked(mask).assertMatchesFormula(attention(), setting);
        }
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void manyQueriesOverFewKeysMatchTheFormulaUnderEveryMask(Setting setting) {
        Sequences queries = Sequences.ofLengths(19, 23, 1, 5);
        Sequences keys = Sequences.ofLengths(2, 7, 1, 0);
        for (Mask mask : Masks.all(5, keys)) {
            AttentionCase.random(6, queries, keys, THREE_HEADS).masked(mask).assertMatchesFormula(attention(), setting);
        }
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void positionBiasesMatchTheFormulaUnderEveryMask(Setting setting) {
        Sequences queries = Sequences.ofLengths(11, 3);
        Sequences keys = Sequences.ofLengths(11, 13);
        for (ScoreBias bias : List.of(Biases.table(7, 3), Biases.alibi(3))) {
            for (Mask mask : Masks.all(8, keys)) {
                AttentionCase.random(9, queries, keys, THREE_HEADS)
                        .masked(mask)
                        .biased(bias)
                        .assertMatchesFormula(attention(), setting);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void theLogSumExpThatAWatchSeesGivesEveryWeight(Setting setting) {
        Sequences queries = Sequences.ofLengths(7, 1, 3);
        Sequences keys = Sequences.ofLengths(11, 2, 5);
        for (Mask mask : Masks.all(21, keys)) {
            AttentionCase circumstances = AttentionCase.random(22, queries, keys, new Heads(6, 2, 5))
                    .masked(mask)
                    .biased(Biases.table(23, 6));
            LogSumExps seen = new LogSumExps();

            circumstances.attend(attention(), Pass.watched(setting.pass().compute(), seen));

            for (int b = 0; b < queries.count(); b++) {
                Tensor logSumExp = Objects.requireNonNull(seen.ofSequence.get(b));
                assertThat(logSumExp.shape()).isEqualTo(Shape.of(6, queries.length(b)));
                for (int h = 0; h < 6; h++) {
                    for (int i = 0; i < queries.length(b); i++) {
                        double[] expected = circumstances.weights(b, h, i);
                        for (int j = 0; j < expected.length; j++) {
                            float score = circumstances.scoring().score(circumstances.dot(b, h, i, j), b, h, i, j);
                            double weight = score == Float.NEGATIVE_INFINITY ? 0 : Math.exp(score - logSumExp.at(h, i));
                            assertThat(weight).isCloseTo(expected[j], within(5e-6));
                        }
                    }
                }
            }
        }
    }

    /// Asks for nothing but what it is named after.
    final class LogSumExps implements Watch {
        final Map<Integer, Tensor> ofSequence = new HashMap<>();

        @Override
        public boolean wants(Site site, Point point) {
            return point == Point.LOG_SUM_EXP;
        }

        @Override
        public Tensor see(Site site, Point point, int sequence, Tensor value) {
            ofSequence.put(sequence, value.copy());
            return value;
        }
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void otherScalesMatchTheFormula(Setting setting) {
        for (float scale : new float[] {1, 0, 0.01f, 3, -0.7f}) {
            AttentionCase.random(10, new int[] {5, 7}, new int[] {5, 7}, THREE_HEADS)
                    .scaled(scale)
                    .assertMatchesFormula(attention(), setting);
        }
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void queryHeadsThatShareAKeyHeadMatchTheFormula(Setting setting) {
        for (Heads heads : List.of(new Heads(6, 2, 7), new Heads(6, 3, 5), new Heads(5, 1, 3), new Heads(2, 2, 11))) {
            for (Mask mask : List.of(Mask.none(), Mask.causal(), Masks.pairs())) {
                AttentionCase.random(11, new int[] {3, 17}, new int[] {13, 2}, heads)
                        .masked(mask)
                        .biased(Biases.table(12, heads.count()))
                        .assertMatchesFormula(attention(), setting);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void headsOfEveryWidthMatchTheFormula(Setting setting) {
        for (int width : new int[] {1, 2, 7, 8, 15, 16, 17, 33, 64, 80, 128}) {
            for (Mask mask : List.of(Mask.none(), Mask.causal(), Masks.pairs())) {
                AttentionCase.random(13, new int[] {11, 5}, new int[] {19, 5}, new Heads(2, 2, width))
                        .masked(mask)
                        .assertMatchesFormula(attention(), setting);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void keysAndQueriesAroundTheBordersOfTilesMatchTheFormula(Setting setting) {
        Heads heads = new Heads(2, 1, 7);
        for (int length : new int[] {31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257}) {
            Sequences queries = Sequences.ofLengths(length, 3);
            Sequences keys = Sequences.ofLengths(length, length);
            for (Mask mask : List.of(
                    Mask.none(),
                    Mask.causal(),
                    Mask.causal().and(new Mask.Window(29)),
                    Mask.causal().and(Masks.holes(14, keys)))) {
                AttentionCase.random(15, queries, keys, heads).masked(mask).assertMatchesFormula(attention(), setting);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void keysOfManyTilesMatchTheFormula(Setting setting) {
        AttentionCase.random(16, new int[] {1, 67}, new int[] {1031, 521}, new Heads(2, 2, 16))
                .masked(Mask.causal())
                .assertMatchesFormula(attention(), setting);
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void scoresOfTenThousandMatchTheFormula(Setting setting) {
        for (Mask mask : List.of(Mask.none(), Mask.causal(), Masks.pairs())) {
            AttentionCase huge = AttentionCase.random(17, new int[] {11, 67}, new int[] {11, 131}, THREE_HEADS)
                    .masked(mask);
            huge.with(huge.query().times(100), huge.key().times(100), huge.value())
                    .assertMatchesFormula(attention(), setting);
        }
    }

    // Extremes

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void theLargestScoreByFarTakesItAll(Setting setting) {
        Tensor query = Tensor.matrix(new float[] {100});
        Tensor key = Tensor.matrix(new float[] {-100}, new float[] {100}, new float[] {99}, new float[] {-99});
        Tensor value = Tensor.matrix(new float[] {2}, new float[] {3}, new float[] {5}, new float[] {7});

        // Scores of ±10,000 and ±9,900.
        assertThat(AttentionCase.of(query, key, value)
                        .attend(attention(), setting)
                        .toArray())
                .containsExactly(3);
        assertThat(AttentionCase.of(query.times(-1), key, value)
                        .attend(attention(), setting)
                        .toArray())
                .containsExactly(2);
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void aScoreThatGrowsFromTileToTileOutweighsAllBefore(Setting setting) {
        int keys = 300;
        Tensor key = Tensor.zeros(keys, 1);
        Tensor value = Tensor.zeros(keys, 1);
        for (int j = 0; j < keys; j++) {
            key.values()[j] = 40 * j; // from 0 to 12,000: every earlier tile's sum must be scaled down to nothing
            value.values()[j] = j;
        }

        Tensor context =
                AttentionCase.of(Tensor.matrix(new float[] {1}), key, value).attend(attention(), setting);

        assertThat(context.toArray()).containsExactly(keys - 1);
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void equalScoresGiveTheMeanOfTheValues(Setting setting) {
        for (int keys : new int[] {1, 2, 3, 64, 127, 257}) {
            AttentionCase random = AttentionCase.random(18, new int[] {3}, new int[] {keys}, new Heads(1, 1, 5));
            Tensor context = random.with(Tensor.zeros(3, 5), random.key(), random.value())
                    .attend(attention(), setting);

            for (int column = 0; column < 5; column++) {
                double mean = 0;
                for (int j = 0; j < keys; j++) {
                    mean += random.value().at(j, column) / (double) keys;
                }
                assertThat((double) context.at(2, column)).isCloseTo(mean, within(2e-6));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void aQueryThatSeesNothingGetsZeros(Setting setting) {
        Sequences queries = Sequences.ofLengths(5, 67, 2);
        Sequences keys = Sequences.ofLengths(3, 71, 0);
        AttentionCase blind = AttentionCase.random(19, queries, keys, THREE_HEADS);
        Mask noKeys = new Mask.Keys(List.of(new boolean[3], new boolean[71], new boolean[0]));
        Mask noPairs = new Mask.Pairs((sequence, i, j) -> false);
        float hidden = Float.NEGATIVE_INFINITY;

        for (AttentionCase nothing : List.of(
                blind.masked(noKeys),
                blind.masked(noPairs),
                blind.masked(noPairs.and(Mask.causal())),
                blind.masked(noKeys).biased(Biases.table(20, 3)),
                blind.biased((sequence, head, i, j, q, k) -> hidden))) {
            assertThat(nothing.attend(attention(), setting).toArray())
                    .as(nothing.toString())
                    .containsOnly(0);
        }
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void queriesBeforeTheFirstKeySeeNothingUnderACausalMask(Setting setting) {
        // Ends are aligned: of 5 queries over 2 keys, the first 3 stand before all keys.
        Tensor context = AttentionCase.random(21, new int[] {5}, new int[] {2}, THREE_HEADS)
                .masked(Mask.causal())
                .attend(attention(), setting);

        assertThat(context.rows(0, 3).toArray()).containsOnly(0);
        assertThat(context.rows(3, 5).toArray()).doesNotContain(0);
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void aBatchWithoutSequencesOrTokensGivesNoRows(Setting setting) {
        for (int[] lengths : new int[][] {{}, {0}, {0, 0, 0}}) {
            Tensor context =
                    AttentionCase.random(22, lengths, lengths, THREE_HEADS).attend(attention(), setting);

            assertThat(context.shape()).isEqualTo(Shape.of(0, 15));
        }
    }

    // Independence

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void aSequenceGetsTheSameBitsAloneAndInABatch(Setting setting) {
        Sequences queries = Sequences.ofLengths(3, 66, 0, 1, 129);
        Sequences keys = Sequences.ofLengths(70, 66, 5, 2, 129);
        for (Mask mask : List.of(Mask.none(), Mask.causal(), Mask.causal().and(new Mask.Window(5)), evenKeys())) {
            for (ScoreBias bias : List.of(ScoreBias.none(), Biases.alibi(3))) {
                AttentionCase batch = AttentionCase.random(23, queries, keys, THREE_HEADS)
                        .masked(mask)
                        .biased(bias);
                Tensor together = batch.attend(attention(), setting);

                for (int b = 0; b < queries.count(); b++) {
                    assertThat(alone(batch, b).attend(attention(), setting).toArray())
                            .as("sequence %d, %s", b, mask)
                            .containsExactly(together.rows(queries.start(b), queries.end(b))
                                    .toArray());
                }
            }
        }
    }

    /// The same for every sequence, so that a sequence alone is masked as it is in a batch.
    private static Mask evenKeys() {
        return new Mask.Pairs((sequence, i, j) -> j % 2 == 0);
    }

    private static AttentionCase alone(AttentionCase batch, int b) {
        Sequences queries = batch.scoring().queries();
        Sequences keys = batch.scoring().keys();
        Scoring scoring = Scoring.cross(
                        Sequences.single(queries.length(b)), Sequences.single(keys.length(b)), batch.heads())
                .masked(batch.scoring().mask())
                .biased(batch.scoring().bias());
        return new AttentionCase(
                batch.query().rows(queries.start(b), queries.end(b)).copy(),
                batch.key().rows(keys.start(b), keys.end(b)).copy(),
                batch.value().rows(keys.start(b), keys.end(b)).copy(),
                batch.heads(),
                scoring);
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#ofEachKernels")
    default void theNumberOfThreadsDoesNotChangeABit(Setting setting) {
        Sequences sequences = Sequences.ofLengths(131, 2, 65, 64);
        for (Mask mask : List.of(Mask.none(), Mask.causal(), Masks.pairs())) {
            AttentionCase batch =
                    AttentionCase.random(24, sequences, sequences, THREE_HEADS).masked(mask);
            float[] onOneThread = batch.attend(attention(), setting).toArray();

            assertThat(batch.attend(attention(), setting.on(2)).toArray()).containsExactly(onOneThread);
            assertThat(batch.attend(attention(), setting.on(3)).toArray()).containsExactly(onOneThread);
        }
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void underACausalMaskLaterTokensLeaveEarlierOutputsAlone(Setting setting) {
        for (int length : new int[] {8, 70, 131}) {
            for (int changed : new int[] {1, length / 2, length - 1}) {
                AttentionCase before = AttentionCase.random(25, new int[] {length}, new int[] {length}, THREE_HEADS)
                        .masked(Mask.causal());
                Seeded other = new Seeded(26);
                AttentionCase after = before.with(
                        replacedFrom(changed, before.query(), other),
                        replacedFrom(changed, before.key(), other),
                        replacedFrom(changed, before.value(), other));

                Tensor first = before.attend(attention(), setting);
                Tensor second = after.attend(attention(), setting);

                assertThat(second.rows(0, changed).toArray())
                        .as("token %d of %d and later ones changed", changed, length)
                        .containsExactly(first.rows(0, changed).toArray());
                assertThat(second.rows(changed, length).toArray())
                        .isNotEqualTo(first.rows(changed, length).toArray());
            }
        }
    }

    private static Tensor replacedFrom(int row, Tensor matrix, Seeded seeded) {
        Tensor replaced = matrix.copy();
        Tensor other = seeded.normal(matrix.size(0), matrix.size(1));
        for (int n = row; n < matrix.size(0); n++) {
            for (int column = 0; column < matrix.size(1); column++) {
                replaced.set(other.at(n, column), n, column);
            }
        }
        return replaced;
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void hiddenKeysAndValuesLeaveNoTraceHoweverLargeTheyAre(Setting setting) {
        for (Mask mask : Masks.all(27, Sequences.ofLengths(11))) {
            for (float replacement : new float[] {0, 1e30f, -1e30f}) {
                assertHiddenLeaveNoTrace(attention(), setting, mask, replacement);
            }
        }
    }

    /// Replaces, for one query after the other, all keys and values that are hidden from it.
    static void assertHiddenLeaveNoTrace(Attention attention, Setting setting, Mask mask, float replacement) {
        int queries = 7;
        int keys = 11;
        AttentionCase plain = AttentionCase.random(28, new int[] {queries}, new int[] {keys}, new Heads(2, 1, 5))
                .masked(mask);
        Tensor expected = plain.attend(attention, setting);
        for (int i = 0; i < queries; i++) {
            Tensor key = plain.key().copy();
            Tensor value = plain.value().copy();
            for (int j = 0; j < keys; j++) {
                if (!plain.visible(0, i, j)) {
                    Arrays.fill(key.values(), j * 5, (j + 1) * 5, replacement);
                    Arrays.fill(value.values(), j * 5, (j + 1) * 5, replacement);
                }
            }
            Tensor actual = plain.with(plain.query(), key, value).attend(attention, setting);
            assertThat(actual.rows(i, i + 1).toArray())
                    .as("query %d under %s, hidden keys and values replaced by %s", i, mask, replacement)
                    .containsExactly(expected.rows(i, i + 1).toArray());
        }
    }

    // What attention is

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void orthogonalKeysAndALargeScaleLookUpOneValue(Setting setting) {
        Tensor oneHot = Tensor.matrix(
                new float[] {1, 0, 0, 0}, new float[] {0, 1, 0, 0}, new float[] {0, 0, 1, 0}, new float[] {0, 0, 0, 1});
        Tensor values = new Seeded(29).normal(4, 4);
        Tensor asked = Tensor.matrix(new float[] {0, 0, 1, 0}, new float[] {1, 0, 0, 0}, new float[] {0, 0, 0, 1});
        AttentionCase dictionary = AttentionCase.of(asked, oneHot, values);

        Tensor found = dictionary.scaled(1000).attend(attention(), setting);
        Tensor blended = dictionary.scaled(0.001f).attend(attention(), setting);

        int[] answers = {2, 0, 3};
        for (int i = 0; i < answers.length; i++) {
            for (int column = 0; column < 4; column++) {
                float value = values.at(answers[i], column);
                assertThat(Math.abs(found.at(i, column) - value))
                        .isLessThanOrEqualTo(lastBits(setting) * Math.ulp(value));
            }
        }
        for (int column = 0; column < 4; column++) {
            float mean = 0;
            for (int j = 0; j < 4; j++) {
                mean += values.at(j, column) / 4;
            }
            assertThat(blended.at(0, column)).isCloseTo(mean, within(0.002f));
        }
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void anOutputLiesAmongTheVisibleValues(Setting setting) {
        AttentionCase batch = AttentionCase.random(30, new int[] {13, 70}, new int[] {13, 70}, THREE_HEADS);
        for (Mask mask : Masks.all(31, batch.scoring().keys())) {
            AttentionCase masked = batch.masked(mask);
            Tensor context = masked.attend(attention(), setting);
            Sequences sequences = batch.scoring().queries();
            for (int b = 0; b < sequences.count(); b++) {
                for (int i = 0; i < sequences.length(b); i++) {
                    for (int column = 0; column < context.size(1); column++) {
                        float lowest = Float.POSITIVE_INFINITY;
                        float highest = Float.NEGATIVE_INFINITY;
                        for (int j = 0; j < sequences.length(b); j++) {
                            if (masked.visible(b, i, j)) {
                                float v = batch.value().at(sequences.start(b) + j, column);
                                lowest = Math.min(lowest, v);
                                highest = Math.max(highest, v);
                            }
                        }
                        float found = context.at(sequences.start(b) + i, column);
                        if (lowest <= highest) {
                            assertThat(found).isBetween(lowest - 1e-5f, highest + 1e-5f);
                        } else {
                            assertThat(found).isZero(); // nothing visible
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void whatAllPositionsSayIsHandedOnUnchanged(Setting setting) {
        // The weights of a row sum to 1, as far as an output can tell.
        AttentionCase batch = AttentionCase.random(32, new int[] {5, 131}, new int[] {67, 131}, THREE_HEADS);
        Tensor ones = Tensor.zeros(198, 15);
        Arrays.fill(ones.values(), 1);
        for (Mask mask : List.of(Mask.none(), Mask.causal(), new Mask.Window(3))) {
            float[] context = batch.masked(mask)
                    .with(batch.query(), batch.key(), ones)
                    .attend(attention(), setting)
                    .toArray();

            for (float found : context) {
                assertThat(found).isCloseTo(1, within(2e-6f));
            }
        }
    }

    // Views and buffers

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void columnsOfOneMatrixAreReadWhereTheyStand(Setting setting) {
        Tensor all = new Seeded(33).normal(29, 47); // 15 columns each, 2 that belong to nobody
        Tensor query = all.rows(1, 24).columns(1, 16);
        Tensor key = all.rows(3, 26).columns(16, 31);
        Tensor value = all.rows(6, 29).columns(31, 46);
        Scoring scoring = Scoring.self(Sequences.ofLengths(16, 7), THREE_HEADS);
        for (Mask mask : List.of(Mask.none(), Mask.causal(), Masks.pairs())) {
            AttentionCase views = new AttentionCase(query, key, value, THREE_HEADS, scoring.masked(mask));
            AttentionCase copies = views.with(query.copy(), key.copy(), value.copy());

            assertThat(views.attend(attention(), setting).toArray())
                    .containsExactly(copies.attend(attention(), setting).toArray());
        }
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    default void queriesKeysAndValuesAreNotWrittenTo(Setting setting) {
        AttentionCase batch = AttentionCase.random(34, new int[] {5}, new int[] {7}, THREE_HEADS);
        List<float[]> before = new ArrayList<>();
        for (Tensor input : List.of(batch.query(), batch.key(), batch.value())) {
            before.add(input.toArray());
        }

        Tensor context = batch.masked(Masks.pairs()).attend(attention(), setting);

        assertThat(batch.query().values()).containsExactly(before.get(0)).isNotSameAs(context.values());
        assertThat(batch.key().values()).containsExactly(before.get(1));
        assertThat(batch.value().values()).containsExactly(before.get(2));
    }

    // Errors

    @Test
    default void aTensorThatDoesNotFitIsNamedWithBothShapes() {
        Setting setting = Setting.scalar();
        AttentionCase batch = AttentionCase.random(35, new int[] {2, 5}, new int[] {3, 8}, new Heads(6, 2, 7));
        Tensor query = batch.query(); // [7, 42]
        Tensor key = batch.key(); // [11, 14]

        assertThatIllegalArgumentException()
                .isThrownBy(() -> batch.with(query.rows(0, 6), key, key).attend(attention(), setting))
                .withMessage("query has shape [6, 42], expected [7, 42]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> batch.with(query, query, key).attend(attention(), setting))
                .withMessage("key has shape [7, 42], expected [11, 14]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> batch.with(query, key, key.columns(0, 13)).attend(attention(), setting))
                .withMessage("value has shape [11, 13], expected [11, 14]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> batch.with(query.reshape(7, 6, 7), key, key).attend(attention(), setting))
                .withMessage("query has shape [7, 6, 7], expected [7, 42]");
    }

    @Test
    default void aTransposedViewIsNamed() {
        Setting setting = Setting.scalar();
        AttentionCase batch = AttentionCase.random(36, new int[] {7}, new int[] {7}, new Heads(1, 1, 5));
        Tensor turned = Tensor.zeros(5, 7).transpose();

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> batch.with(batch.query(), turned, batch.value()).attend(attention(), setting))
                .withMessageStartingWith("key, a [7, 5] view, has stride 7 within its rows");
    }

    @Test
    default void aMaskOfOtherKeysIsNamedWithBothNumbers() {
        Setting setting = Setting.scalar();
        AttentionCase batch = AttentionCase.random(37, new int[] {2, 5}, new int[] {3, 8}, THREE_HEADS);
        Mask tooShort = new Mask.Keys(List.of(new boolean[3], new boolean[7]));
        Mask tooFew = new Mask.Keys(List.of(new boolean[3]));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> batch.masked(tooShort).attend(attention(), setting))
                .withMessage("key has 8 positions, mask of sequence 1 has 7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> batch.masked(tooFew).attend(attention(), setting))
                .withMessage("sequence 1 of the key has no mask, there are masks of 1 sequences");
    }
}

package heed.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import heed.attention.Heads;
import heed.attention.ScaledDotProduct;
import heed.attention.Scoring;
import heed.claims.TransformerReader.Plan;
import heed.claims.TransformerReader.Shared;
import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.training.Initializer;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The models that claims compare.
@NullMarked
class ReadersTest {
    private static final Reading READING = new Reading(23, 5, 41);
    private final Compute compute = new Compute(KernelProvider.active().kernels(), WorkerPool.shared());

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void everyArchitectureComesWithinThreePercentOfTheParameters(Architecture kind) {
        int wanted = Architecture.TRANSFORMER.fresh(READING, 2, 32, 1).parameters();
        int layers = kind == Architecture.TRANSFORMER ? 2 : 1;
        int found = kind.fresh(READING, layers, kind.width(READING, layers, wanted), 1)
                .parameters();
        assertThat((double) found).isCloseTo(wanted, within(0.03 * wanted));
    }

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void nothingIsKnownOfWhatComesLater(Architecture kind) {
        SequenceModel model = kind.fresh(READING, 2, 12, 3);
        int[] ids = {1, 4, 7, 2, 9, 11, 3};
        float[] before = hidden(model, ids);
        ids[5] = 8;
        float[] after = hidden(model, ids);
        int width = before.length / ids.length;
        for (int i = 0; i < before.length; i++) {
            if (i < 5 * width) {
                assertThat(after[i]).isEqualTo(before[i]);
            }
        }
        assertThat(after).isNotEqualTo(before);
    }

    private float[] hidden(SequenceModel model, int[] ids) {
        float[] values = model.hidden(ids, Sequences.single(ids.length), Pass.unwatched(compute))
                .toArray();
        compute.reset();
        return values;
    }

    @Test
    void matricesThatAreSharedAreLearnedOnce() {
        Plan plan = Plan.of(READING, 2, 4, 12);
        int all = TransformerReader.fresh(plan, 1).parameters();
        int matrix = 12 * 12 + 12;
        assertThat(TransformerReader.fresh(plan.sharing(Shared.QUERY_AND_KEY), 1)
                        .parameters())
                .isEqualTo(all - 2 * matrix);
        assertThat(TransformerReader.fresh(plan.sharing(Shared.KEY_AND_VALUE), 1)
                        .parameters())
                .isEqualTo(all - 2 * matrix);
        assertThat(TransformerReader.fresh(plan.sharing(Shared.ALL), 1).parameters())
                .isEqualTo(all - 4 * matrix);
    }

    @Test
    void attentionByWholeMatricesIsTheFormula() {
        Initializer draw = new Initializer(1);
        Heads heads = new Heads(3, 3, 7);
        Sequences queries = Sequences.ofLengths(5, 11);
        Sequences keys = Sequences.ofLengths(13, 2);
        Tensor query = draw.normal(1, 16, 21);
        Tensor key = draw.normal(1, 15, 21);
        Tensor value = draw.normal(1, 15, 21);
        Scoring scoring = Scoring.cross(queries, keys, heads);
        Pass pass = Pass.unwatched(compute);
        float[] expected = new ScaledDotProduct()
                .attend(query, key, value, heads, scoring, pass)
                .toArray();
        assertThat(new MatrixAttention()
                        .attend(query, key, value, heads, scoring, pass)
                        .toArray())
                .containsExactly(expected, within(1e-5f));
    }

    @ParameterizedTest
    @EnumSource(
            value = Architecture.class,
            names = {"LSTM", "RNN"})
    void theChainOfARecurrentNetworkGrowsByOneForEachWordAndLayer(Architecture kind) {
        SequenceModel model = kind.fresh(READING, 2, 8, 1);
        int chain = Chain.of(model, new int[7], compute);
        assertThat(Chain.of(model, new int[18], compute)).isEqualTo(chain + 2 * 11);
    }

    @Test
    void theChainOfATransformerIsTheSameForEveryLength() {
        SequenceModel model = Architecture.TRANSFORMER.fresh(READING, 2, 8, 1);
        // words, positions; each layer: norm, projection, attention, projection, sum, norm, two maps, sum; norm, head
        assertThat(Chain.of(model, new int[7], compute)).isEqualTo(2 + 2 * 9 + 2);
        assertThat(Chain.of(model, new int[31], compute)).isEqualTo(22);
    }

    @Test
    void bothReadTheSameTextAndTheLastWordIsNotTheOnlyOneThatCounts() {
        SideBySide both = SideBySide.of(5, compute);
        assertThat(both.readers()).hasSize(2).allSatisfy(reader -> {
            assertThat(reader.influence()).hasSize(5);
            assertThat(reader.influence().get(3))
                    .hasSize(4)
                    .allSatisfy(share -> assertThat(share).isBetween(0.0, 1.0));
            assertThat(reader.influence().get(3)).contains(1.0);
            assertThat(reader.influence().get(0)).containsExactly(1.0);
        });
        double lstm = both.readers().getFirst().parameters();
        assertThat(lstm).isCloseTo(both.readers().getLast().parameters(), within(0.03 * lstm));
    }

    @Test
    void anRnnForgetsAndAttentionDoesNot() {
        Reading reading = new Reading(70, 2, 33);
        double[] recurrent = Influence.of(Architecture.RNN.fresh(reading, 1, 24, 1), 70, 33, 1, compute);
        double[] attending = Influence.of(Architecture.TRANSFORMER.fresh(reading, 2, 24, 1), 70, 33, 1, compute);
        assertThat(recurrent).hasSize(33);
        assertThat(recurrent[0] / recurrent[31]).isLessThan(1e-3);
        assertThat(attending[0] / attending[31]).isGreaterThan(1e-3);
    }
}

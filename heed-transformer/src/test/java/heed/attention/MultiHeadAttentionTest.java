package heed.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import heed.kernel.Kernels;
import heed.layer.Linear;
import heed.pass.Pass;
import heed.pass.Point;
import heed.pass.Site;
import heed.pass.Watch;
import heed.tensor.Sequences;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import heed.testing.DoublePass;
import heed.testing.Edit;
import heed.testing.ObservedKernels;
import heed.testing.Recorder;
import heed.testing.Seeded;
import heed.testing.Setting;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MultiHeadAttentionTest {
    private static final int D_MODEL = 11;
    private static final Heads GROUPED = new Heads(6, 2, 7);
    private static final double TOLERANCE = 1e-5;

    private static MultiHeadAttention grouped(Setting setting) {
        return new Seeded(1).attention(GROUPED, D_MODEL, Attention.standard(), setting.kernels());
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    void headsAreSingleHeadsConcatenatedAndMixed(Setting setting) {
        for (Heads heads : List.of(GROUPED, new Heads(3, 3, 5), new Heads(5, 1, 3))) {
            Sequences sequences = Sequences.ofLengths(7, 3);
            Tensor x = new Seeded(2).normal(10, D_MODEL);
            MultiHeadAttention all = new Seeded(3).attention(heads, D_MODEL, Attention.standard(), setting.kernels());

            double[][] concat = new double[10][heads.count() * heads.width()];
            for (int h = 0; h < heads.count(); h++) {
                MultiHeadAttention head = single(all, h, setting.kernels());
                Tensor alone =
                        head.apply(x, x, Scoring.self(sequences, head.heads()).masked(Mask.causal()), setting.pass());
                for (int n = 0; n < 10; n++) {
                    for (int column = 0; column < heads.width(); column++) {
                        concat[n][h * heads.width() + column] = alone.at(n, column);
                    }
                }
            }
            double[][] expected = DoublePass.linear(concat, all.wO());

            Tensor together = all.apply(x, x, Scoring.self(sequences, heads).masked(Mask.causal()), setting.pass());

            AttentionCase.assertClose(together, expected, TOLERANCE, heads.toString());
        }
    }

    /// Head `h` by itself: its rows of the projections, and nothing mixed afterwards.
    private static MultiHeadAttention single(MultiHeadAttention all, int h, Kernels kernels) {
        Heads heads = all.heads();
        int width = heads.width();
        int keyHead = h / (heads.count() / heads.keyValueCount());
        Tensor identity = Tensor.zeros(width, width);
        for (int i = 0; i < width; i++) {
            identity.set(1, i, i);
        }
        return new MultiHeadAttention(
                new Heads(1, 1, width),
                outputs(all.wQ(), h * width, width, kernels),
                outputs(all.wK(), keyHead * width, width, kernels),
                outputs(all.wV(), keyHead * width, width, kernels),
                new Linear(Weight.of(identity, kernels), null),
                all.attention());
    }

    private static Linear outputs(Linear linear, int from, int count, Kernels kernels) {
        Tensor bias = linear.bias();
        return new Linear(
                Weight.of(linear.weight().toTensor().rows(from, from + count), kernels),
                bias == null ? null : bias.rows(from, from + count).copy());
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    void selfAttentionEqualsItsDefinition(Setting setting) {
        Tensor x = new Seeded(4).normal(13, D_MODEL);
        MultiHeadAttention attention = grouped(setting);
        Scoring scoring = Scoring.self(Sequences.ofLengths(5, 8), GROUPED).masked(Mask.causal());

        Tensor y = attention.apply(x, x, scoring, setting.pass());

        AttentionCase.assertClose(
                y, DoublePass.attention(DoublePass.of(x), DoublePass.of(x), attention, scoring), TOLERANCE, "self");
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    void crossAttentionAsksFromOneSideAndAnswersFromTheOther(Setting setting) {
        Tensor target = new Seeded(5).normal(5, D_MODEL);
        Tensor source = new Seeded(6).normal(13, D_MODEL);
        MultiHeadAttention attention = grouped(setting);
        Scoring scoring = Scoring.cross(Sequences.ofLengths(3, 2), Sequences.ofLengths(2, 11), GROUPED);

        Tensor y = attention.apply(target, source, scoring, setting.pass());

        double[][] expected = DoublePass.attention(DoublePass.of(target), DoublePass.of(source), attention, scoring);
        AttentionCase.assertClose(y, expected, TOLERANCE, "cross");
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#ofEachKernels")
    void aWatchSeesEveryStepInOrder(Setting setting) {
        Recorder recorder = new Recorder(Point.values());
        Tensor target = new Seeded(7).normal(5, D_MODEL);
        Tensor source = new Seeded(8).normal(13, D_MODEL);
        Scoring scoring = Scoring.cross(Sequences.single(5), Sequences.single(13), GROUPED);
        MultiHeadAttention attention = grouped(setting);

        attention.apply(target, source, scoring, setting.watchedBy(recorder).at(Site.encoder(3)));

        assertThat(recorder.sightings())
                .extracting(
                        Recorder.Sighting::point,
                        Recorder.Sighting::sequence,
                        seen -> seen.value().shape())
                .containsExactly(
                        tuple(Point.KEY, -1, Shape.of(13, 14)),
                        tuple(Point.VALUE, -1, Shape.of(13, 14)),
                        tuple(Point.QUERY, -1, Shape.of(5, 42)),
                        tuple(Point.SCORES, 0, Shape.of(6, 5, 13)),
                        tuple(Point.LOG_SUM_EXP, 0, Shape.of(6, 5)),
                        tuple(Point.WEIGHTS, 0, Shape.of(6, 5, 13)),
                        tuple(Point.CONTEXT, -1, Shape.of(5, 42)));
        assertThat(recorder.sightings()).extracting(Recorder.Sighting::site).containsOnly(Site.encoder(3));
        AttentionCase.assertClose(
                recorder.only(Point.QUERY),
                DoublePass.linear(DoublePass.of(target), attention.wQ()),
                TOLERANCE,
                "query");
        AttentionCase.assertClose(
                recorder.only(Point.KEY), DoublePass.linear(DoublePass.of(source), attention.wK()), TOLERANCE, "key");
        AttentionCase.assertClose(
                recorder.only(Point.VALUE),
                DoublePass.linear(DoublePass.of(source), attention.wV()),
                TOLERANCE,
                "value");
        AttentionCase.assertClose(
                recorder.only(Point.CONTEXT),
                new AttentionCase(
                                recorder.only(Point.QUERY),
                                recorder.only(Point.KEY),
                                recorder.only(Point.VALUE),
                                GROUPED,
                                scoring)
                        .expected(),
                TOLERANCE,
                "context");
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    void watchingDoesNotChangeTheResult(Setting setting) {
        Tensor x = new Seeded(9).normal(13, D_MODEL);
        Scoring scoring = Scoring.self(Sequences.ofLengths(5, 8), GROUPED).masked(Mask.causal());
        MultiHeadAttention attention = grouped(setting);

        float[] unwatched = attention.apply(x, x, scoring, setting.pass()).toArray();
        float[] withoutPairs = attention
                .apply(x, x, scoring, setting.watchedBy(new Recorder(Point.QUERY, Point.CONTEXT)))
                .toArray();
        float[] withPairs = attention
                .apply(x, x, scoring, setting.watchedBy(new Recorder(Point.values())))
                .toArray();

        assertThat(withoutPairs).containsExactly(unwatched);
        assertThat(withPairs).usingComparatorWithPrecision(1e-6f).containsExactly(unwatched);
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#ofEachKernels")
    void aPassRunsTheFusedAttentionUnlessSomebodyWatchesPairs(Setting setting) {
        assertThat(fusedBlocks(setting, Watch.NONE)).isEqualTo(6);
        assertThat(fusedBlocks(setting, new Recorder(Point.QUERY, Point.KEY, Point.VALUE, Point.CONTEXT)))
                .isEqualTo(6);
        assertThat(fusedBlocks(setting, new Recorder(Point.WEIGHTS))).isZero();
        assertThat(fusedBlocks(setting, new Recorder(Point.SCORES))).isZero();
    }

    private static int fusedBlocks(Setting setting, Watch watch) {
        ObservedKernels observed = new ObservedKernels(setting);
        Tensor x = new Seeded(10).normal(3, D_MODEL);
        Pass pass = observed.setting().watchedBy(watch);
        grouped(setting).apply(x, x, Scoring.self(Sequences.single(3), GROUPED), pass);
        return observed.attentionBlocks();
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    void withoutAHeadsContextItsPartOfTheOutputIsMissing(Setting setting) {
        int ablated = 4;
        int width = GROUPED.width();
        Tensor x = new Seeded(11).normal(5, D_MODEL);
        Scoring scoring = Scoring.self(Sequences.single(5), GROUPED);
        MultiHeadAttention attention = grouped(setting);
        Recorder recorder = new Recorder(Point.CONTEXT);
        Tensor whole = attention.apply(x, x, scoring, setting.watchedBy(recorder));
        Tensor context = recorder.only(Point.CONTEXT);
        Tensor wO = attention.wO().weight().toTensor(); // [D, H·Dh]

        Tensor without = attention.apply(x, x, scoring, setting.watchedBy(new Edit(Point.CONTEXT, all -> {
            Tensor edited = all.copy();
            for (int n = 0; n < 5; n++) {
                for (int column = ablated * width; column < (ablated + 1) * width; column++) {
                    edited.set(0, n, column);
                }
            }
            return edited;
        })));

        double[][] expected = new double[5][D_MODEL];
        for (int n = 0; n < 5; n++) {
            for (int d = 0; d < D_MODEL; d++) {
                expected[n][d] = whole.at(n, d);
                for (int column = ablated * width; column < (ablated + 1) * width; column++) {
                    expected[n][d] -= (double) context.at(n, column) * wO.at(d, column);
                }
            }
        }
        AttentionCase.assertClose(without, expected, TOLERANCE, "without head " + ablated);
        assertThat(without.toArray()).isNotEqualTo(whole.toArray());
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    void anEditedWeightChangesTheOutputAccordingly(Setting setting) {
        Tensor x = new Seeded(12).normal(5, D_MODEL);
        Scoring scoring = Scoring.self(Sequences.single(5), GROUPED);
        MultiHeadAttention attention = grouped(setting);
        double[][] value = DoublePass.linear(DoublePass.of(x), attention.wV());

        Tensor uniform = attention.apply(x, x, scoring, setting.watchedBy(new Edit(Point.WEIGHTS, weights -> {
            Tensor edited = Tensor.zeros(weights.shape().toArray());
            Arrays.fill(edited.values(), 0.2f); // every head looks at all 5 positions alike
            return edited;
        })));

        double[][] context = new double[5][42];
        for (int n = 0; n < 5; n++) {
            for (int column = 0; column < 42; column++) {
                int head = column / 7;
                for (int j = 0; j < 5; j++) {
                    context[n][column] += 0.2 * value[j][head / 3 * 7 + column % 7];
                }
            }
        }
        AttentionCase.assertClose(uniform, DoublePass.linear(context, attention.wO()), TOLERANCE, "uniform weights");
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#ofEachKernels")
    void anEditOfAnotherShapeIsRefused(Setting setting) {
        Tensor x = new Seeded(13).normal(5, D_MODEL);
        Scoring scoring = Scoring.self(Sequences.single(5), GROUPED);
        Pass pass = setting.watchedBy(new Edit(Point.CONTEXT, all -> all.rows(0, 4)));

        assertThatIllegalStateException()
                .isThrownBy(() -> grouped(setting).apply(x, x, scoring, pass))
                .withMessageContaining("[4, 42]")
                .withMessageContaining("CONTEXT")
                .withMessageContaining("[5, 42]");
    }
}

package heed.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import heed.attention.Attention;
import heed.attention.Heads;
import heed.attention.Mask;
import heed.attention.Scoring;
import heed.pass.Pass;
import heed.pass.Point;
import heed.pass.Site;
import heed.position.PositionalEncoding;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.testing.DoublePass;
import heed.testing.Edit;
import heed.testing.ObservedKernels;
import heed.testing.Recorder;
import heed.testing.Seeded;
import heed.testing.Setting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EncoderTest {
    private static final Heads HEADS = new Heads(3, 3, 5);
    private static final int D_MODEL = 15;
    private static final int LAYERS = 3;

    static Stream<Arguments> settingsAndPlacements() {
        return Setting.all()
                .flatMap(setting -> Stream.of(NormPlacement.values()).map(norms -> Arguments.of(setting, norms)));
    }

    private static Encoder encoder(Setting setting, NormPlacement norms) {
        return new Seeded(1).encoder(LAYERS, HEADS, norms, Attention.standard(), setting.kernels());
    }

    /// Runs on a copy, for an encoder uses its input's buffer again.
    private static Tensor encode(Encoder encoder, Tensor embedded, Scoring scoring, Pass pass) {
        return encoder.apply(embedded.copy(), scoring, pass).copy();
    }

    private static Tensor encode(Encoder encoder, Tensor embedded, Sequences sequences, Setting setting) {
        return encode(encoder, embedded, Scoring.self(sequences, HEADS), setting.pass());
    }

    @ParameterizedTest
    @MethodSource("settingsAndPlacements")
    void anEncoderEqualsItsDefinition(Setting setting, NormPlacement norms) {
        Encoder encoder = encoder(setting, norms);
        Sequences sequences = Sequences.ofLengths(7, 0, 1, 13, 2);
        Tensor embedded = new Seeded(2).normal(23, D_MODEL);
        for (Mask mask : List.of(Mask.none(), new Mask.Window(3))) {
            Scoring scoring = Scoring.self(sequences, HEADS).masked(mask);

            Tensor encoded = encode(encoder, embedded, scoring, setting.pass());

            assertClose(encoded, DoublePass.encoder(DoublePass.of(embedded), encoder, scoring));
        }
    }

    @ParameterizedTest
    @MethodSource("settingsAndPlacements")
    void aLayerEqualsItsDefinition(Setting setting, NormPlacement norms) {
        EncoderLayer layer = encoder(setting, norms).layers().get(1);
        Tensor x = new Seeded(3).normal(11, D_MODEL);
        float[] before = x.toArray();
        Scoring scoring = Scoring.self(Sequences.ofLengths(4, 7), HEADS);

        Tensor y = layer.apply(x, scoring, setting.pass());

        assertClose(y, DoublePass.encoderLayer(DoublePass.of(x), layer, scoring));
        assertThat(x.toArray()).containsExactly(before);
    }

    @ParameterizedTest
    @MethodSource("settingsAndPlacements")
    void withoutPositionsAPermutedSentenceGivesPermutedOutputs(Setting setting, NormPlacement norms) {
        Encoder encoder = encoder(setting, norms);
        int[] order = {4, 0, 6, 2, 5, 1, 3};
        Tensor embedded = new Seeded(4).normal(7, D_MODEL);

        Tensor encoded = encode(encoder, embedded, Sequences.single(7), setting);
        Tensor permuted = encode(encoder, permuted(embedded, order), Sequences.single(7), setting);

        assertThat(permuted.toArray())
                .usingComparatorWithPrecision(1e-5f)
                .containsExactly(permuted(encoded, order).toArray());
    }

    @ParameterizedTest
    @MethodSource("settingsAndPlacements")
    void withPositionsTheOrderOfWordsMatters(Setting setting, NormPlacement norms) {
        Encoder encoder = encoder(setting, norms);
        PositionalEncoding positions = PositionalEncoding.Sinusoidal.of(7, D_MODEL);
        int[] order = {4, 0, 6, 2, 5, 1, 3};
        Tensor embedded = new Seeded(5).normal(7, D_MODEL);
        Tensor other = permuted(embedded, order);
        positions.addTo(embedded, Sequences.single(7), setting.pass());
        positions.addTo(other, Sequences.single(7), setting.pass());

        Tensor encoded = permuted(encode(encoder, embedded, Sequences.single(7), setting), order);
        Tensor permuted = encode(encoder, other, Sequences.single(7), setting);

        double difference = 0;
        for (int n = 0; n < 7; n++) {
            for (int i = 0; i < D_MODEL; i++) {
                difference = Math.max(difference, Math.abs(encoded.at(n, i) - permuted.at(n, i)));
            }
        }
        assertThat(difference).isGreaterThan(0.1);
    }

    private static Tensor permuted(Tensor rows, int[] order) {
        Tensor permuted = Tensor.zeros(rows.shape().toArray());
        for (int n = 0; n < order.length; n++) {
            System.arraycopy(rows.values(), order[n] * D_MODEL, permuted.values(), n * D_MODEL, D_MODEL);
        }
        return permuted;
    }

    @ParameterizedTest
    @MethodSource("settingsAndPlacements")
    void aSentenceGetsTheSameBitsAloneAndInABatch(Setting setting, NormPlacement norms) {
        Encoder encoder = encoder(setting, norms);
        Sequences batch = Sequences.ofLengths(7, 1, 0, 67, 130, 5);
        Tensor embedded = new Seeded(6).normal(batch.tokens(), D_MODEL);

        Tensor together = encode(encoder, embedded, batch, setting);

        for (int b = 0; b < batch.count(); b++) {
            Tensor alone = encode(
                    encoder,
                    embedded.rows(batch.start(b), batch.end(b)),
                    Sequences.single(batch.length(b)),
                    setting.on(1));
            assertThat(alone.toArray())
                    .as("sequence %d", b)
                    .containsExactly(together.rows(batch.start(b), batch.end(b)).toArray());
        }
    }

    @ParameterizedTest
    @MethodSource("settingsAndPlacements")
    void hiddenStatesAreShownBeforeTheFirstLayerAndAfterEach(Setting setting, NormPlacement norms) {
        Encoder encoder = encoder(setting, norms);
        Tensor embedded = new Seeded(7).normal(5, D_MODEL);
        Scoring scoring = Scoring.self(Sequences.ofLengths(2, 3), HEADS);
        Recorder recorder = new Recorder(Point.HIDDEN);

        Tensor encoded = encode(encoder, embedded, scoring, setting.watchedBy(recorder));

        List<Recorder.Sighting> seen = recorder.sightings();
        assertThat(seen)
                .extracting(
                        Recorder.Sighting::site,
                        Recorder.Sighting::sequence,
                        hidden -> hidden.value().shape())
                .containsExactly(
                        tuple(Site.encoder(-1), -1, Shape.of(5, D_MODEL)),
                        tuple(Site.encoder(0), -1, Shape.of(5, D_MODEL)),
                        tuple(Site.encoder(1), -1, Shape.of(5, D_MODEL)),
                        tuple(Site.encoder(2), -1, Shape.of(5, D_MODEL)));
        assertThat(seen.getFirst().value().toArray()).containsExactly(embedded.toArray());
        double[][] expected = DoublePass.of(embedded);
        for (int layer = 0; layer < LAYERS; layer++) {
            expected = DoublePass.encoderLayer(expected, encoder.layers().get(layer), scoring);
            assertClose(seen.get(layer + 1).value(), expected);
        }
        if (norms == NormPlacement.AFTER) {
            assertThat(seen.getLast().value().toArray()).containsExactly(encoded.toArray());
        }
    }

    @ParameterizedTest
    @MethodSource("settingsAndPlacements")
    void everyLayerShowsItsAttentionAtItsOwnSite(Setting setting, NormPlacement norms) {
        Recorder recorder = new Recorder(Point.WEIGHTS);
        Scoring scoring = Scoring.self(Sequences.ofLengths(2, 3), HEADS);

        encode(encoder(setting, norms), new Seeded(8).normal(5, D_MODEL), scoring, setting.watchedBy(recorder));

        assertThat(recorder.sightings())
                .extracting(
                        Recorder.Sighting::site,
                        Recorder.Sighting::sequence,
                        weights -> weights.value().shape())
                .containsExactly(
                        tuple(Site.encoder(0), 0, Shape.of(3, 2, 2)),
                        tuple(Site.encoder(0), 1, Shape.of(3, 3, 3)),
                        tuple(Site.encoder(1), 0, Shape.of(3, 2, 2)),
                        tuple(Site.encoder(1), 1, Shape.of(3, 3, 3)),
                        tuple(Site.encoder(2), 0, Shape.of(3, 2, 2)),
                        tuple(Site.encoder(2), 1, Shape.of(3, 3, 3)));
    }

    @ParameterizedTest
    @MethodSource("settingsAndPlacements")
    void anEditedHiddenStateIsTheOneThatLaterLayersSee(Setting setting, NormPlacement norms) {
        Encoder encoder = encoder(setting, norms);
        Tensor embedded = new Seeded(9).normal(5, D_MODEL);
        Tensor other = new Seeded(10).normal(5, D_MODEL);
        Scoring scoring = Scoring.self(Sequences.single(5), HEADS);

        // Every layer's output is replaced, so nothing but the final norm sees anything else.
        Tensor edited = encode(encoder, embedded, scoring, setting.watchedBy(new Edit(Point.HIDDEN, x -> other)));

        double[][] last = DoublePass.of(other);
        assertClose(edited, encoder.finalNorm() == null ? last : DoublePass.norm(last, encoder.finalNorm()));
    }

    @ParameterizedTest
    @MethodSource("settingsAndPlacements")
    void aSecondIdenticalPassAllocatesNoBuffers(Setting setting, NormPlacement norms) {
        ObservedKernels observed = new ObservedKernels(setting);
        Encoder encoder = encoder(setting, norms);
        Compute compute = observed.setting().cleanCompute();

        passOver(encoder, compute);
        Set<Integer> first = observed.arrays();
        passOver(encoder, compute);

        assertThat(first).hasSizeGreaterThan(10);
        assertThat(observed.arrays()).isEqualTo(first);
    }

    @ParameterizedTest
    @MethodSource("settingsAndPlacements")
    void everyLayerUsesTheSameBuffers(Setting setting, NormPlacement norms) {
        EncoderLayer layer = encoder(setting, norms).layers().getFirst();

        int ofThree = arraysOfAPass(setting, new Encoder(List.of(layer, layer, layer), null));
        int ofTwelve = arraysOfAPass(setting, new Encoder(Collections.nCopies(12, layer), null));

        assertThat(ofTwelve).isEqualTo(ofThree);
    }

    private static int arraysOfAPass(Setting setting, Encoder encoder) {
        ObservedKernels observed = new ObservedKernels(setting);
        passOver(encoder, observed.setting().cleanCompute());
        return observed.arrays().size();
    }

    private static void passOver(Encoder encoder, Compute compute) {
        Tensor embedded = compute.take(101, D_MODEL);
        System.arraycopy(new Seeded(11).normal(101, D_MODEL).values(), 0, embedded.values(), 0, 101 * D_MODEL);
        encoder.apply(embedded, Scoring.self(Sequences.ofLengths(61, 40), HEADS), Pass.unwatched(compute));
        compute.reset();
    }

    @ParameterizedTest
    @MethodSource("settingsAndPlacements")
    void oneEncoderServesSeveralPassesAtOnce(Setting setting, NormPlacement norms) throws InterruptedException {
        Encoder encoder = encoder(setting, norms);
        Sequences sequences = Sequences.ofLengths(7, 16);
        Tensor embedded = new Seeded(13).normal(23, D_MODEL);
        float[] expected = encode(encoder, embedded, sequences, setting).toArray();
        List<float[]> results = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                float[] result = encode(encoder, embedded, sequences, setting).toArray();
                synchronized (results) {
                    results.add(result);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(results).hasSize(4);
        assertThat(results).allSatisfy(result -> assertThat(result).containsExactly(expected));
    }

    @Test
    void anEncoderWithoutLayersHandsItsInputOn() {
        Tensor embedded = new Seeded(14).normal(5, D_MODEL);
        Encoder empty = new Encoder(List.of(), null);

        assertThat(encode(empty, embedded, Sequences.single(5), Setting.scalar())
                        .toArray())
                .containsExactly(embedded.toArray());
    }

    private static void assertClose(Tensor actual, double[][] expected) {
        assertThat(actual.size(0)).isEqualTo(expected.length);
        for (int n = 0; n < expected.length; n++) {
            for (int i = 0; i < expected[n].length; i++) {
                assertThat((double) actual.at(n, i))
                        .as("row %d, column %d", n, i)
                        .isCloseTo(expected[n][i], within(2e-5));
            }
        }
    }
}

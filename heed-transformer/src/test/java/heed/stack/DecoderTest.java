package heed.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.attention.Attention;
import heed.attention.Heads;
import heed.attention.KeyValueCache;
import heed.attention.Mask;
import heed.attention.MultiHeadAttention;
import heed.attention.Past;
import heed.attention.ScoringRule;
import heed.kernel.Activation;
import heed.kernel.Kernels;
import heed.layer.FeedForward;
import heed.layer.RmsNorm;
import heed.pass.Pass;
import heed.pass.Point;
import heed.pass.Site;
import heed.position.Rotary;
import heed.position.RotaryScaling;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.testing.Recorder;
import heed.testing.Seeded;
import heed.testing.Setting;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DecoderTest {
    private static final int D_MODEL = 11;
    private static final Heads HEADS = new Heads(6, 2, 4);
    private static final Rotary ROTARY = new Rotary(4, 100, false, new RotaryScaling.None());
    private static final Sequences SOURCES = Sequences.ofLengths(3, 5, 2);

    private static final Kind TRANSLATOR = new Kind("translator", NormPlacement.AFTER, true, Mask.causal());

    private static final List<Kind> KINDS = List.of(
            TRANSLATOR,
            new Kind("like T5", NormPlacement.BEFORE, true, Mask.causal()),
            new Kind("like GPT", NormPlacement.BEFORE, false, Mask.causal()),
            new Kind("like NeoX", NormPlacement.PARALLEL, false, Mask.causal()),
            new Kind("like Mistral", NormPlacement.BEFORE, false, Mask.causal().and(new Mask.Window(3))));

    /// What decoders differ in: placement of norms, an encoder or none, a window or none.
    record Kind(String name, NormPlacement norms, boolean listens, Mask mask) {}

    static Stream<Arguments> settingsAndKinds() {
        return Setting.ofEachKernels().flatMap(setting -> KINDS.stream().map(kind -> Arguments.of(setting, kind)));
    }

    private static Decoder decoder(Setting setting, Kind kind) {
        Seeded seeded = new Seeded(KINDS.indexOf(kind) + 1);
        List<DecoderLayer> layers = IntStream.range(0, 3)
                .mapToObj(i -> layer(seeded, kind, setting.kernels()))
                .toList();
        RmsNorm finalNorm = kind.norms == NormPlacement.AFTER ? null : new RmsNorm(seeded.normal(D_MODEL), 1e-5f);
        return new Decoder(layers, kind.listens ? null : ROTARY, finalNorm);
    }

    private static DecoderLayer layer(Seeded seeded, Kind kind, Kernels kernels) {
        MultiHeadAttention self = seeded.attention(HEADS, D_MODEL, Attention.standard(), kernels);
        CrossAttention cross = kind.listens
                ? new CrossAttention(
                        seeded.attention(HEADS, D_MODEL, Attention.standard(), kernels),
                        ScoringRule.full(HEADS),
                        seeded.layerNorm(D_MODEL))
                : null;
        return new DecoderLayer(
                self,
                ScoringRule.causal(HEADS).masked(kind.mask),
                seeded.layerNorm(D_MODEL),
                cross,
                new FeedForward(
                        seeded.linear(23, D_MODEL, kernels),
                        Activation.SILU,
                        seeded.linear(23, D_MODEL, kernels),
                        seeded.linear(D_MODEL, 23, kernels)),
                seeded.layerNorm(D_MODEL),
                kind.norms);
    }

    private static @Nullable Memory memory(Kind kind) {
        return kind.listens ? new Memory(new Seeded(99).normal(SOURCES.tokens(), D_MODEL), SOURCES) : null;
    }

    private static Tensor pass(
            Decoder decoder, Tensor x, Sequences rows, @Nullable Memory memory, Past past, Pass pass) {
        Tensor own = pass.compute().take(x.size(0), D_MODEL); // a decoder uses its input's buffer again
        System.arraycopy(x.toArray(), 0, own.values(), 0, x.shape().elements());
        return decoder.apply(own, rows, past.keys(rows), memory, past, pass).copy();
    }

    private static Tensor joined(Tensor... parts) {
        return Tensor.matrix(Arrays.stream(parts)
                .flatMap(part -> IntStream.range(0, part.size(0))
                        .mapToObj(row -> part.part(row).toArray()))
                .toArray(float[][]::new));
    }

    private static void assertClose(Tensor actual, Tensor expected) {
        assertThat(actual.toArray()).usingComparatorWithPrecision(1e-5f).containsExactly(expected.toArray());
    }

    @ParameterizedTest
    @MethodSource("settingsAndKinds")
    void goingOnFromACacheEqualsComputingAllAgain(Setting setting, Kind kind) {
        Decoder decoder = decoder(setting, kind);
        Tensor prompts = new Seeded(7).normal(4 + 1 + 6, D_MODEL);
        Tensor steps = new Seeded(8).normal(3, D_MODEL); // one more of each
        Sequences lengths = Sequences.ofLengths(4, 1, 6);
        Sequences one = Sequences.ofLengths(1, 1, 1);
        KeyValueCache cache = decoder.cache(3, 2);

        pass(decoder, prompts, lengths, memory(kind), cache, setting.pass());
        Tensor stepped = pass(decoder, steps, one, memory(kind), cache, setting.pass());
        cache.reorder(2, 0, 2); // the second text ends, the third goes on twice
        Tensor again = pass(decoder, steps, one, memory(kind), cache, setting.pass());

        Tensor a = joined(prompts.rows(0, 4), steps.rows(0, 1));
        Tensor b = joined(prompts.rows(4, 5), steps.rows(1, 2));
        Tensor c = joined(prompts.rows(5, 11), steps.rows(2, 3));
        Tensor all =
                pass(decoder, joined(a, b, c), Sequences.ofLengths(5, 2, 7), memory(kind), Past.none(), setting.pass());
        assertClose(stepped, joined(all.rows(4, 5), all.rows(6, 7), all.rows(13, 14)));

        Memory sources = memory(kind);
        Tensor states = sources == null ? null : sources.states();
        Memory reordered = states == null
                ? null
                : new Memory(
                        joined(states.rows(8, 10), states.rows(0, 3), states.rows(8, 10)),
                        Sequences.ofLengths(2, 3, 2));
        Tensor later = pass(
                decoder,
                joined(c, steps.rows(0, 1), a, steps.rows(1, 2), c, steps.rows(2, 3)),
                Sequences.ofLengths(8, 6, 8),
                reordered,
                Past.none(),
                setting.pass());
        assertClose(again, joined(later.rows(7, 8), later.rows(13, 14), later.rows(21, 22)));
    }

    @ParameterizedTest
    @MethodSource("settingsAndKinds")
    void noPositionSeesALaterOne(Setting setting, Kind kind) {
        Decoder decoder = decoder(setting, kind);
        Tensor x = new Seeded(7).normal(14, D_MODEL);
        Tensor changed = x.copy();
        for (int column = 0; column < D_MODEL; column++) {
            changed.set(-5, 4, column);
        }
        Sequences rows = Sequences.ofLengths(6, 5, 3);

        Tensor before = pass(decoder, x, rows, memory(kind), Past.none(), setting.pass());
        Tensor after = pass(decoder, changed, rows, memory(kind), Past.none(), setting.pass());

        assertThat(after.rows(0, 4).toArray()).containsExactly(before.rows(0, 4).toArray());
        assertThat(after.rows(4, 5).toArray()).isNotEqualTo(before.rows(4, 5).toArray());
        assertThat(after.rows(6, 14).toArray())
                .containsExactly(before.rows(6, 14).toArray());
    }

    @ParameterizedTest
    @MethodSource("settingsAndKinds")
    void everyLayerShowsBothItsAttentions(Setting setting, Kind kind) {
        Decoder decoder = decoder(setting, kind);
        Recorder recorder = new Recorder(Point.WEIGHTS);
        Tensor x = new Seeded(7).normal(9, D_MODEL);

        pass(
                decoder,
                x,
                Sequences.ofLengths(4, 2, 3),
                memory(kind),
                Past.none(),
                new Pass(setting.compute(), recorder, Site.encoder(-1)));

        assertThat(recorder.sightings().stream()
                        .filter(seen -> seen.site().equals(Site.decoder(1)))
                        .map(seen -> Arrays.toString(seen.value().shape().toArray())))
                .containsExactly("[6, 4, 4]", "[6, 2, 2]", "[6, 3, 3]");
        assertThat(recorder.sightings().stream()
                        .filter(seen -> seen.site().equals(Site.cross(1)))
                        .map(seen -> Arrays.toString(seen.value().shape().toArray())))
                .containsExactlyElementsOf(kind.listens ? List.of("[6, 4, 3]", "[6, 2, 5]", "[6, 3, 2]") : List.of());
    }

    @Test
    void aDecoderThatListensNeedsSomethingToListenTo() {
        Setting setting = Setting.scalar();
        Decoder decoder = decoder(setting, TRANSLATOR);
        Tensor x = new Seeded(7).normal(2, D_MODEL);
        assertThatThrownBy(() -> pass(decoder, x, Sequences.single(2), null, Past.none(), setting.pass()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("looks at an encoder's output and was given none");
    }
}

package heed.attention;

import static org.assertj.core.api.Assertions.assertThat;

import heed.tensor.Sequences;
import heed.testing.ObservedKernels;
import heed.testing.Seeded;
import heed.testing.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FusedAttentionTest implements AttentionContract {
    @Override
    public Attention attention() {
        return new FusedAttention();
    }

    /// The vector kernels rescale rarely: a weight of 1 may be one exponential divided by itself.
    @Override
    public int lastBits(Setting setting) {
        return setting.kernels().name().startsWith("vector") ? 2 : 0;
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#ofEachKernels")
    void theKernelsWorkOnBlocksOfQueriesOfEveryHead(Setting setting) {
        ObservedKernels observed = new ObservedKernels(setting);

        AttentionCase.random(1, new int[] {256, 257, 0, 1}, new int[] {3, 5, 7, 2}, new Heads(6, 2, 7))
                .attend(attention(), observed.setting());

        assertThat(observed.attentionBlocks()).isEqualTo(6 * (1 + 2 + 0 + 1));
    }

    /// The readable attention and the fused one under the same seeded circumstances.
    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    void theFusedAttentionEqualsTheReadableOne(Setting setting) {
        Attention readable = new ScaledDotProduct();
        for (int seed = 0; seed < 200; seed++) {
            AttentionCase circumstances = circumstances(seed);

            double[][] expected = rows(
                    circumstances,
                    circumstances.attend(readable, Setting.scalar()).toArray());

            AttentionCase.assertClose(
                    circumstances.attend(attention(), setting),
                    expected,
                    2 * circumstances.tolerance(), // each of the two may be off
                    "seed " + seed + ": " + circumstances);
        }
    }

    private static double[][] rows(AttentionCase circumstances, float[] values) {
        int width = circumstances.query().size(1);
        double[][] rows = new double[circumstances.query().size(0)][width];
        for (int i = 0; i < values.length; i++) {
            rows[i / width][i % width] = values[i];
        }
        return rows;
    }

    private static AttentionCase circumstances(int seed) {
        Seeded seeded = new Seeded(seed);
        int keyHeads = 1 + seeded.below(3);
        Heads heads = new Heads(keyHeads * (1 + seeded.below(3)), keyHeads, 1 + seeded.below(seeded.oneOf(5, 20, 70)));
        int[] queries = lengths(seeded);
        int[] keys = queries.clone();
        if (seeded.below(2) == 0) { // cached decoding or cross-attention
            for (int b = 0; b < keys.length; b++) {
                keys[b] = seeded.below(seeded.oneOf(10, 70));
            }
        }
        Sequences keySequences = Sequences.ofLengths(keys);
        List<Mask> masks = new ArrayList<>(Masks.all(seed, keySequences));
        masks.add(new Mask.Window(1 + seeded.below(20)).and(Mask.causal()));
        AttentionCase random = AttentionCase.random(seed, Sequences.ofLengths(queries), keySequences, heads)
                .masked(masks.get(seeded.below(masks.size())))
                .biased(seeded.oneOf(
                        ScoreBias.none(),
                        ScoreBias.none(),
                        Biases.table(seed, heads.count()),
                        Biases.alibi(heads.count())));
        AttentionCase scaled = seeded.below(3) == 0 ? random.scaled(seeded.oneOf(1f, 0.1f, -1f)) : random;
        float magnitude = seeded.oneOf(0.01f, 1f, 1f, 1f, 30f);
        return scaled.with(scaled.query().times(magnitude), scaled.key(), scaled.value());
    }

    private static int[] lengths(Seeded seeded) {
        int[] lengths = new int[1 + seeded.below(4)];
        Arrays.setAll(lengths, b -> seeded.below(seeded.oneOf(2, 10, 70)));
        if (seeded.below(8) == 0) {
            lengths[0] = 60 + seeded.below(80); // more than one block of queries
        }
        return lengths;
    }
}

package heed.attention;

import static org.assertj.core.api.Assertions.assertThat;

import heed.kernel.AttentionBlock;
import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.testing.ObservedKernels;
import heed.testing.Seeded;
import heed.testing.Setting;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
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

        assertThat(observed.attentionBlocks()).isEqualTo(6 * (1 + 2 + 0) + 2); // a single query: once for 3 heads
    }

    @Test
    void whatIsWrittenOutForABlockGrowsWithTheKeysAlone() {
        int n = 1009;
        Heads heads = new Heads(2, 1, 3);
        Sequences sequences = Sequences.single(n);
        for (Mask mask : Masks.all(5, sequences)) {
            for (ScoreBias bias : List.of(ScoreBias.none(), Biases.alibi(2), ScoreBias.linear(0.5f, 0.25f))) {
                List<AttentionBlock> blocks = new ArrayList<>();
                Kernels kernels = (Kernels) Proxy.newProxyInstance(
                        Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                            if (arguments != null && arguments[0] instanceof AttentionBlock block) {
                                blocks.add(block);
                                return null;
                            }
                            return method.getReturnType() == int.class ? 0 : null;
                        });
                Compute compute = new Compute(kernels, WorkerPool.of(1));
                Scoring scoring = Scoring.self(sequences, heads).masked(mask).biased(bias);
                attention()
                        .attend(
                                Tensor.zeros(n, 6),
                                Tensor.zeros(n, 3),
                                Tensor.zeros(n, 3),
                                heads,
                                scoring,
                                Pass.unwatched(compute));
                assertThat(blocks).hasSizeGreaterThan(1);
                boolean oneRow = bias instanceof ScoreBias.None && mask.sameForAllQueries();
                boolean diagonal = mask.contiguous() && bias.byDistanceAlone();
                int most = oneRow || diagonal ? 2 * n : 300 * n;
                assertThat(blocks)
                        .as("%s %s", mask, bias)
                        .allMatch(block -> block.bias() == null || block.bias().length <= most);
            }
        }
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
                        Biases.alibi(heads.count()),
                        ScoreBias.byDistance(seeded.normal(heads.count(), 15)),
                        ScoreBias.linear(seeded.normal(heads.count()).toArray())));
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

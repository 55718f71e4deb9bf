package heed.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What every implementation of [Kernels] promises for attention.
@NullMarked
interface AttentionContract {
    /// `Tq`, `Tk`, `Dh`: one of each, few queries, primes, around the widths of groups and tiles.
    List<int[]> SIZES = List.of(
            new int[] {1, 1, 1},
            new int[] {1, 7, 64},
            new int[] {2, 129, 80},
            new int[] {3, 2, 5},
            new int[] {5, 13, 16},
            new int[] {13, 17, 31},
            new int[] {17, 5, 63},
            new int[] {31, 64, 64},
            new int[] {33, 65, 100},
            new int[] {64, 127, 17},
            new int[] {67, 63, 32},
            new int[] {130, 130, 8},
            new int[] {263, 389, 40}, // more queries and keys than a tile
            new int[] {7, 97, 128},
            new int[] {1, 385, 256});

    Kernels kernels();

    /// Which keys a query sees, and what is added to its scores.
    enum Visibility {
        ALL,
        CAUSAL,
        WINDOW,
        SOME_SEE_NOTHING,
        BIAS,
        BIAS_THAT_HIDES
    }

    @Test
    default void attendsInEverySizeAndVisibility() {
        for (int[] size : SIZES) {
            for (Visibility visibility : Visibility.values()) {
                check(block(new SplittableRandom(11), size[0], size[1], size[2], visibility), 2e-6);
            }
        }
    }

    @Test
    default void aQueryHasTheSameBitsWithWhomeverItIsComputed() {
        for (int[] size : SIZES) {
            for (Visibility visibility : Visibility.values()) {
                AttentionBlock all = block(new SplittableRandom(12), size[0], size[1], size[2], visibility);
                attend(all);
                float[] context = all.context().clone();
                float[] logSumExp = logSumExp(all).clone();
                for (int group : List.of(1, 2, 3, 7, 40)) {
                    Arrays.fill(all.context(), 0);
                    Arrays.fill(logSumExp(all), 0);
                    for (int q = 0; q < size[0]; q += group) {
                        attend(part(all, q, Math.min(group, size[0] - q)));
                    }
                    assertThat(all.context())
                            .as("%s %s, %d queries at a time", Arrays.toString(size), visibility, group)
                            .isEqualTo(context);
                    assertThat(logSumExp(all)).isEqualTo(logSumExp);
                }
            }
        }
    }

    @Test
    default void hugeScoresGiveNoNaN() {
        SplittableRandom random = new SplittableRandom(13);
        for (int queries : List.of(1, 9, 70)) {
            AttentionBlock block = block(random, queries, 70, 64, Visibility.CAUSAL);
            // Small integers, whose products and sums are exact: rounding would move scores of this size by more
            // than the tolerance.
            fillWithIntegers(random, block.query());
            fillWithIntegers(random, block.key());
            check(withScale(block, 1), 2e-6);
            check(withScale(block, -1), 2e-6);
        }
    }

    @Test
    default void aQueryThatSeesNothingGetsZeros() {
        for (int queries : List.of(1, 5, 65)) {
            AttentionBlock block = block(new SplittableRandom(14), queries, 9, 16, Visibility.WINDOW);
            int[] to = block.visibleTo();
            if (to == null) {
                throw new AssertionError("a window has an end");
            }
            Arrays.fill(to, 0);
            attend(block);
            for (int q = 0; q < queries; q++) {
                int at = block.contextOffset() + q * block.contextStride();
                assertThat(Arrays.copyOfRange(block.context(), at, at + 16)).containsOnly(0);
                assertThat(logSumExp(block)[block.logSumExpOffset() + q]).isEqualTo(Float.NEGATIVE_INFINITY);
            }
        }
    }

    @Test
    default void hiddenKeysDoNotMatter() {
        AttentionBlock block = block(new SplittableRandom(15), 20, 100, 24, Visibility.CAUSAL);
        attend(block);
        float[] before = block.context().clone();
        for (int k = 100 - 20 + 5; k < 100; k++) { // hidden from the first five queries
            Arrays.fill(
                    block.key(),
                    block.keyOffset() + k * block.keyStride(),
                    block.keyOffset() + k * block.keyStride() + 24,
                    9e3f);
            Arrays.fill(
                    block.value(),
                    block.valueOffset() + k * block.valueStride(),
                    block.valueOffset() + k * block.valueStride() + 24,
                    -7e5f);
        }
        attend(block);
        int end = block.contextOffset() + 4 * block.contextStride() + 24;
        assertThat(Arrays.copyOf(block.context(), end)).isEqualTo(Arrays.copyOf(before, end));
    }

    private void check(AttentionBlock block, double tolerance) {
        Arrays.fill(block.context(), Float.NaN);
        attend(block);
        for (int q = 0; q < block.queries(); q++) {
            double[] expected = Reference.context(block, q);
            for (int d = 0; d < block.dHead(); d++) {
                assertThat((double) block.context()[block.contextOffset() + q * block.contextStride() + d])
                        .as("query %d of [%d, %d, %d] at %d", q, block.queries(), block.keys(), block.dHead(), d)
                        .isCloseTo(expected[d], within(tolerance));
            }
            double logSumExp = Reference.logSumExp(block, q);
            float actual = logSumExp(block)[block.logSumExpOffset() + q];
            if (Double.isInfinite(logSumExp)) {
                assertThat((double) actual).isEqualTo(logSumExp);
            } else {
                assertThat((double) actual).isCloseTo(logSumExp, within(tolerance * (1 + Math.abs(logSumExp))));
            }
        }
        for (int i = 0; i < block.context().length; i++) {
            int at = i - block.contextOffset();
            boolean written = at >= 0 && at % block.contextStride() < block.dHead();
            assertThat(Float.isNaN(block.context()[i])).as("context[%d]", i).isEqualTo(!written);
        }
    }

    private void attend(AttentionBlock block) {
        float[] scratch = new float[kernels().attentionScratch(block.dHead())];
        Arrays.fill(scratch, Float.NaN); // its content is irrelevant
        kernels().attend(block, scratch);
    }

    private static float[] logSumExp(AttentionBlock block) {
        float @Nullable [] logSumExp = block.logSumExp();
        if (logSumExp == null) {
            throw new AssertionError("asked for");
        }
        return logSumExp;
    }

    private static void fillWithIntegers(SplittableRandom random, float[] x) {
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextInt(-25, 26);
        }
    }

    /// A block whose strides and offsets all differ.
    static AttentionBlock block(SplittableRandom random, int queries, int keys, int dHead, Visibility visibility) {
        float @Nullable [] bias = null;
        int @Nullable [] from = null;
        int @Nullable [] to = null;
        switch (visibility) {
            case ALL -> {}
            case CAUSAL -> {
                to = new int[queries];
                for (int q = 0; q < queries; q++) {
                    to[q] = Math.clamp(keys - queries + q + 1, 1, keys);
                }
            }
            case WINDOW, SOME_SEE_NOTHING -> {
                from = new int[queries];
                to = new int[queries];
                for (int q = 0; q < queries; q++) {
                    from[q] = random.nextInt(keys);
                    to[q] = random.nextInt(from[q], keys) + 1;
                    if (visibility == Visibility.SOME_SEE_NOTHING && q % 3 == 0) {
                        to[q] = random.nextInt(from[q] + 1);
                    }
                }
            }
            case BIAS, BIAS_THAT_HIDES -> {
                bias = Reference.random(random, 6 + queries * (keys + 2), -3, 3);
                for (int i = 0; visibility == Visibility.BIAS_THAT_HIDES && i < bias.length; i++) {
                    if (random.nextInt(3) == 0 || i < 6 + keys) {
                        bias[i] = Float.NEGATIVE_INFINITY;
                    }
                }
            }
        }
        return new AttentionBlock(
                Reference.random(random, 1 + queries * (dHead + 7), -1, 1),
                1,
                dHead + 7,
                queries,
                Reference.random(random, 2 + keys * (2 * dHead + 1), -1, 1),
                2,
                2 * dHead + 1,
                Reference.random(random, 3 + keys * (dHead + 4), -1, 1),
                3,
                dHead + 4,
                keys,
                dHead,
                (float) (1 / Math.sqrt(dHead)),
                from,
                to,
                bias,
                6,
                keys + 2,
                new float[4 + queries * (dHead + 5)],
                4,
                dHead + 5,
                new float[5 + queries],
                5);
    }

    private static AttentionBlock withScale(AttentionBlock b, float scale) {
        return new AttentionBlock(
                b.query(),
                b.queryOffset(),
                b.queryStride(),
                b.queries(),
                b.key(),
                b.keyOffset(),
                b.keyStride(),
                b.value(),
                b.valueOffset(),
                b.valueStride(),
                b.keys(),
                b.dHead(),
                scale,
                b.visibleFrom(),
                b.visibleTo(),
                b.bias(),
                b.biasOffset(),
                b.biasStride(),
                b.context(),
                b.contextOffset(),
                b.contextStride(),
                b.logSumExp(),
                b.logSumExpOffset());
    }

    /// Some queries of a block, as a block.
    private static AttentionBlock part(AttentionBlock b, int first, int queries) {
        return new AttentionBlock(
                b.query(),
                b.queryOffset() + first * b.queryStride(),
                b.queryStride(),
                queries,
                b.key(),
                b.keyOffset(),
                b.keyStride(),
                b.value(),
                b.valueOffset(),
                b.valueStride(),
                b.keys(),
                b.dHead(),
                b.scale(),
                from(b.visibleFrom(), first, queries),
                from(b.visibleTo(), first, queries),
                b.bias(),
                b.biasOffset() + first * b.biasStride(),
                b.biasStride(),
                b.context(),
                b.contextOffset() + first * b.contextStride(),
                b.contextStride(),
                b.logSumExp(),
                b.logSumExpOffset() + first);
    }

    private static int @Nullable [] from(int @Nullable [] x, int first, int n) {
        return x == null ? null : Arrays.copyOfRange(x, first, first + n);
    }
}

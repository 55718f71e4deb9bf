package heed.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.testing.Seeded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyValueCacheTest {
    private static final int LAYERS = 2;
    private static final int WIDTH = 3;

    /// What a cache promises, kept as plain lists: the keys of every sequence so far. Values are keys times 2,
    /// and the second layer's keys are the first's times 3.
    private List<List<float[]>> expected = new ArrayList<>();

    private KeyValueCache cache(int sequences, int positions) {
        for (int b = 0; b < sequences; b++) {
            expected.add(new ArrayList<>());
        }
        return new KeyValueCache(LAYERS, WIDTH, sequences, positions);
    }

    private void append(KeyValueCache cache, Seeded seeded, int... lengths) {
        Sequences rows = Sequences.ofLengths(lengths);
        Sequences all = cache.keys(rows);
        Tensor added = seeded.normal(rows.tokens(), WIDTH);
        for (int b = 0; b < lengths.length; b++) {
            for (int n = rows.start(b); n < rows.end(b); n++) {
                expected.get(b).add(added.part(n).toArray());
            }
        }
        for (int layer = 0; layer < LAYERS; layer++) {
            Tensor keys = added.times(layer == 0 ? 1 : 3);
            KeysAndValues found = cache.extend(layer, new KeysAndValues(keys, keys.times(2)), rows);
            for (int b = 0; b < lengths.length; b++) {
                Tensor wanted =
                        Tensor.matrix(expected.get(b).toArray(float[][]::new)).times(layer == 0 ? 1 : 3);
                assertThat(found.keys().rows(all.start(b), all.end(b)).toArray())
                        .containsExactly(wanted.toArray());
                assertThat(found.values().rows(all.start(b), all.end(b)).toArray())
                        .containsExactly(wanted.times(2).toArray());
            }
        }
        cache.advance();
        for (int b = 0; b < lengths.length; b++) {
            assertThat(cache.length(b)).isEqualTo(expected.get(b).size());
        }
    }

    private void reorder(KeyValueCache cache, int... parents) {
        cache.reorder(parents);
        expected = Arrays.stream(parents)
                .<List<float[]>>mapToObj(parent -> new ArrayList<>(expected.get(parent)))
                .collect(Collectors.toCollection(ArrayList::new));
        assertThat(cache.sequences()).isEqualTo(parents.length);
    }

    @Test
    void sequencesOfDifferentLengthsGrowBeyondTheRoomThatWasMade() {
        KeyValueCache cache = cache(3, 2);
        append(cache, new Seeded(1), 2, 5, 1);
        append(cache, new Seeded(2), 1, 1, 1);
        append(cache, new Seeded(3), 7, 1, 3);
    }

    @Test
    void onePromptBecomesSeveralBeamsAndBeamsEnd() {
        KeyValueCache cache = cache(1, 8);
        append(cache, new Seeded(1), 5);
        reorder(cache, 0, 0, 0);
        append(cache, new Seeded(2), 1, 1, 1);
        reorder(cache, 2, 2, 0);
        append(cache, new Seeded(3), 1, 1, 1);
        reorder(cache, 1);
        append(cache, new Seeded(4), 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverTheOrderEverySequenceIsThatOfItsParents(long seed) {
        Seeded seeded = new Seeded(seed);
        KeyValueCache cache = cache(1 + seeded.below(3), 1 + seeded.below(5));
        for (int round = 0; round < 60; round++) {
            int[] lengths = IntStream.range(0, cache.sequences())
                    .map(b -> 1 + (seeded.below(5) == 0 ? seeded.below(4) : 0))
                    .toArray();
            append(cache, seeded, lengths);
            int count = seeded.below(3) == 0 ? 1 + seeded.below(7) : cache.sequences();
            reorder(
                    cache,
                    IntStream.range(0, count)
                            .map(i -> seeded.below(cache.sequences()))
                            .toArray());
        }
    }

    @Test
    void aPassThatFailsLeavesNothingBehind() {
        KeyValueCache cache = cache(2, 4);
        append(cache, new Seeded(1), 2, 3);
        Sequences rows = Sequences.ofLengths(1, 1);
        cache.keys(rows);
        Tensor lost = new Seeded(2).normal(2, WIDTH);
        cache.extend(0, new KeysAndValues(lost, lost), rows); // and no more
        append(cache, new Seeded(3), 1, 2);
    }

    @Test
    void theEncodersKeysAreProjectedOnceAndSharedByBeams() {
        KeyValueCache cache = cache(2, 4);
        Sequences sources = Sequences.ofLengths(5, 7);
        Tensor projected = new Seeded(1).normal(12, WIDTH);
        int[] calls = new int[1];
        for (int pass = 0; pass < 3; pass++) {
            KeysAndValues memory = cache.memory(1, () -> {
                calls[0]++;
                return new KeysAndValues(projected, projected);
            });
            assertThat(memory.keys().toArray()).containsExactly(projected.toArray());
        }
        assertThat(calls[0]).isEqualTo(1);

        append(cache, new Seeded(2), 1, 1);
        reorder(cache, 0, 0, 1, 1, 1);
        reorder(cache, 4, 1, 0);
        Sequences shared = cache.memoryKeys(sources);
        assertThat(shared).isEqualTo(Sequences.placed(new int[] {5, 0, 0}, new int[] {7, 5, 5}, 12));
    }

    @Test
    void refusesWhatItDoesNotHave() {
        KeyValueCache cache = cache(2, 4);
        assertThatThrownBy(() -> cache.keys(Sequences.ofLengths(1, 1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the pass has 3 sequences, the cache remembers 2");
        assertThatThrownBy(() -> cache.reorder(0, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no sequence 2 to continue, the cache has 2");
        assertThatThrownBy(cache::advance).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new KeyValueCache(1, 1 << 20, 1 << 10, 1 << 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is too large");
    }
}

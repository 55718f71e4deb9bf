package heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.kernel.Kernels;
import heed.kernel.RecurrentCell;
import heed.kernel.WorkerPool;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A recurrent layer over ragged batches, by whatever kernels and threads.
@NullMarked
class RecurrentTest {
    private static final int IN = 5;
    private static final int WIDTH = 19;
    private static final int[] LENGTHS = {3, 7, 0, 1, 7, 2};

    static Stream<Named<Kernels>> kernels() {
        return AvailableKernels.all();
    }

    @ParameterizedTest
    @EnumSource
    void aSequenceDoesNotDependOnTheOthersNorOnThreads(RecurrentCell cell) {
        Recurrence recurrence = recurrence(cell, 1);
        Sequences batch = Sequences.ofLengths(LENGTHS);
        Tensor x = new SeededTensors(2).normal(batch.tokens(), IN);
        AvailableKernels.all().forEach(kernels -> {
            for (boolean backwards : new boolean[] {false, true}) {
                Tensor alone = run(kernels.getPayload(), 1, x, recurrence, batch, backwards, null);
                Tensor shared = run(kernels.getPayload(), 2, x, recurrence, batch, backwards, null);
                assertThat(shared.toArray()).isEqualTo(alone.toArray());
                for (int b = 0; b < LENGTHS.length; b++) {
                    Tensor one = run(
                            kernels.getPayload(),
                            2,
                            x.rows(batch.start(b), batch.end(b)),
                            recurrence,
                            Sequences.single(LENGTHS[b]),
                            backwards,
                            null);
                    assertThat(one.rows(0, LENGTHS[b]).toArray())
                            .isEqualTo(alone.rows(batch.start(b), batch.end(b)).toArray());
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void goingOnFromAStateIsGoingThroughAtOnce(RecurrentCell cell) {
        Recurrence recurrence = recurrence(cell, 3);
        Tensor x = new SeededTensors(4).normal(9, IN);
        AvailableKernels.all().forEach(kernels -> {
            Tensor whole = run(kernels.getPayload(), 1, x, recurrence, Sequences.single(9), false, null);
            Tensor first = run(kernels.getPayload(), 1, x.rows(0, 4), recurrence, Sequences.single(4), false, null);
            Tensor state = Tensor.zeros(cell.states(), WIDTH);
            for (int s = 0; s < cell.states(); s++) {
                System.arraycopy(first.values(), (s * 4 + 3) * WIDTH, state.values(), s * WIDTH, WIDTH);
            }
            Tensor rest = run(kernels.getPayload(), 1, x.rows(4, 9), recurrence, Sequences.single(5), false, state);
            assertThat(rest.rows(0, 5).toArray()).isEqualTo(whole.rows(4, 9).toArray());
        });
    }

    @ParameterizedTest
    @EnumSource
    void whatComesLaterChangesNothingBefore(RecurrentCell cell) {
        Recurrence recurrence = recurrence(cell, 5);
        Tensor x = new SeededTensors(6).normal(8, IN);
        Tensor other = x.copy();
        Arrays.fill(other.values(), 5 * IN, 6 * IN, 3f);
        AvailableKernels.all().forEach(kernels -> {
            Tensor before = run(kernels.getPayload(), 1, x, recurrence, Sequences.single(8), false, null);
            Tensor after = run(kernels.getPayload(), 1, other, recurrence, Sequences.single(8), false, null);
            assertThat(after.rows(0, 5).toArray()).isEqualTo(before.rows(0, 5).toArray());
            assertThat(after.rows(7, 8).toArray())
                    .isNotEqualTo(before.rows(7, 8).toArray());
        });
    }

    @ParameterizedTest
    @EnumSource
    void aPreparedWeightGivesWhatALearnedOneDoes(RecurrentCell cell) {
        Recurrence learned = recurrence(cell, 7);
        Sequences batch = Sequences.ofLengths(LENGTHS);
        Tensor x = new SeededTensors(8).normal(batch.tokens(), IN);
        AvailableKernels.all().forEach(kernels -> {
            Recurrence prepared = new Recurrence(
                    cell,
                    Weight.of(learned.input().toTensor(), kernels.getPayload()),
                    Weight.of(learned.hidden().toTensor(), kernels.getPayload()),
                    learned.inputBias(),
                    learned.hiddenBias());
            assertThat(run(kernels.getPayload(), 2, x, prepared, batch, false, null)
                            .toArray())
                    .containsExactly(
                            run(kernels.getPayload(), 2, x, learned, batch, false, null)
                                    .toArray(),
                            within(1e-6f));
        });
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void aLargeWeightIsSharedAmongThreads(Kernels kernels) {
        SeededTensors random = new SeededTensors(9);
        int width = 263; // 4 · 263² floats do not fit a core's cache
        Recurrence recurrence = new Recurrence(
                RecurrentCell.LSTM,
                Weight.learned(random.normal(4 * width, 2)),
                Weight.learned(random.normal(4 * width, width)),
                random.normal(4 * width),
                random.normal(4 * width));
        Sequences batch = Sequences.ofLengths(2, 3, 1);
        Tensor x = random.normal(6, 2);
        Tensor alone = run(kernels, 1, x, recurrence, batch, false, null);
        assertThat(run(kernels, 2, x, recurrence, batch, false, null).toArray()).isEqualTo(alone.toArray());
        assertThat(run(kernels, 2, x.rows(2, 5), recurrence, Sequences.single(3), false, null)
                        .rows(0, 3)
                        .toArray())
                .isEqualTo(alone.rows(2, 5).toArray());
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void whatDoesNotFitIsRefused(Kernels kernels) {
        Recurrence recurrence = recurrence(RecurrentCell.LSTM, 1);
        Tensor x = new SeededTensors(2).normal(4, IN);
        assertThatThrownBy(() -> run(kernels, 1, x, recurrence, Sequences.single(5), false, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a recurrent layer's input has shape [4, 5], expected [5, 5] for 1 sequences, 5 tokens");
        assertThatThrownBy(() -> run(kernels, 1, x, recurrence, Sequences.single(4), false, Tensor.zeros(1, WIDTH)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the first state has shape [1, 19], expected [2, 19] without gaps");
        assertThatThrownBy(() -> new Recurrence(
                        RecurrentCell.GRU,
                        Weight.learned(Tensor.zeros(9, 2)),
                        Weight.learned(Tensor.zeros(8, 3)),
                        Tensor.zeros(9),
                        Tensor.zeros(9)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a GRU of width 3 has 9 sums, the weight of the hidden state gives 8, that of the input 9");
    }

    private static Recurrence recurrence(RecurrentCell cell, int seed) {
        SeededTensors random = new SeededTensors(seed);
        int sums = cell.gates() * WIDTH;
        return new Recurrence(
                cell,
                Weight.learned(random.normal(sums, IN).times(0.3f)),
                Weight.learned(random.normal(sums, WIDTH).times(0.3f)),
                random.normal(sums),
                random.normal(sums));
    }

    private static Tensor run(
            Kernels kernels,
            int threads,
            Tensor x,
            Recurrence recurrence,
            Sequences sequences,
            boolean backwards,
            @Nullable Tensor start) {
        try (WorkerPool workers = WorkerPool.of(threads)) {
            return new Compute(kernels, workers).recurrent(x, recurrence, sequences, backwards, start);
        }
    }
}

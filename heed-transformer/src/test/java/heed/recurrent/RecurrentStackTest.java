package heed.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.autograd.Parameter;
import heed.autograd.Tape;
import heed.kernel.KernelProvider;
import heed.kernel.RecurrentCell;
import heed.kernel.WorkerPool;
import heed.pass.DropoutRates;
import heed.pass.Noise;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import heed.training.Initializer;
import heed.training.Optimizer;
import heed.training.ParameterTree;
import heed.training.Schedule;
import heed.training.Trainer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NullMarked
class RecurrentStackTest {
    private final WorkerPool workers = WorkerPool.of(2);
    private final Compute compute = new Compute(KernelProvider.vector().orElseThrow(), workers);

    @AfterEach
    void close() {
        workers.close();
    }

    private static Tensor random(int... sizes) {
        return new Initializer(7).normal(1, sizes);
    }

    @ParameterizedTest
    @EnumSource
    void theForwardHalfIsBlindToLaterTokensAndTheBackwardHalfToEarlierOnes(RecurrentCell cell) {
        RecurrentStack stack = RecurrentStack.fresh(cell, 3, 5, 1, true, new Initializer(1));
        Tensor x = random(9, 3);
        Tensor other = x.copy();
        Arrays.fill(other.values(), 4 * 3, 5 * 3, 2f); // position 4
        Tensor before = hidden(stack, x);
        Tensor after = hidden(stack, other);
        for (int t = 0; t < 9; t++) {
            boolean there = same(before, after, t, 0, 5);
            boolean back = same(before, after, t, 5, 10);
            assertThat(there).as("forward at %d", t).isEqualTo(t < 4);
            assertThat(back).as("backward at %d", t).isEqualTo(t > 4);
        }
    }

    private Tensor hidden(RecurrentStack stack, Tensor x) {
        return stack.apply(x, Sequences.single(x.size(0)), null, Pass.unwatched(compute))
                .hidden()
                .copy();
    }

    private static boolean same(Tensor a, Tensor b, int row, int from, int to) {
        return Arrays.equals(
                a.rows(row, row + 1).columns(from, to).toArray(),
                b.rows(row, row + 1).columns(from, to).toArray());
    }

    @ParameterizedTest
    @EnumSource
    void aTextInWindowsIsReadAsTheWhole(RecurrentCell cell) {
        RecurrentLanguageModel model = RecurrentLanguageModel.fresh(cell, 11, 2, 7, 3);
        int[] ids = {1, 10, 4, 4, 0, 7, 9, 2, 3, 5};
        Tensor whole = model.read(ids, Sequences.single(10), null, Pass.unwatched(compute))
                .logits()
                .copy();
        RecurrentState state = null;
        for (int from = 0; from < 10; from += 5) {
            RecurrentLanguageModel.Scores scores = model.read(
                    Arrays.copyOfRange(ids, from, from + 5), Sequences.single(5), state, Pass.unwatched(compute));
            assertThat(scores.logits().toArray())
                    .isEqualTo(whole.rows(from, from + 5).toArray());
            state = scores.last().copy();
            compute.reset();
        }
    }

    /// Truncated back-propagation through time: what came before the window has no gradient at all.
    @Test
    void noGradientGoesBackBeyondTheWindow() {
        RecurrentStack stack = RecurrentStack.fresh(RecurrentCell.LSTM, 3, 5, 2, false, new Initializer(2));
        Parameter early = Parameter.of("early", random(4, 3));
        Parameter late = Parameter.of("late", random(6, 3));
        Tape tape = new Tape(List.of(early, late));
        Tensor hidden = compute.recording(tape, () -> {
            Pass pass = Pass.training(compute, Noise.none());
            RecurrentState carried = stack.apply(early.value(), Sequences.single(4), null, pass)
                    .last()
                    .copy();
            return stack.apply(late.value(), Sequences.single(6), carried, pass).hidden();
        });
        tape.backward(hidden, random(6, 5), compute);
        assertThat(early.gradient().values()).containsOnly(0f);
        assertThat(late.gradient().values()).doesNotContain(0f);
    }

    @Test
    void droppingBetweenLayersLeavesTheLastOneWhole() {
        RecurrentStack stack = RecurrentStack.fresh(RecurrentCell.GRU, 3, 8, 2, false, new Initializer(2));
        Noise noise = new Noise(new DropoutRates(0, 0, 0.5f, 0), 1);
        Tensor x = random(5, 3);
        Tensor dropped = stack.apply(x, Sequences.single(5), null, Pass.training(compute, noise))
                .hidden()
                .copy();
        assertThat(dropped.toArray())
                .doesNotContain(0f)
                .isNotEqualTo(hidden(stack, x).toArray());
        assertThat(noise.place()).as("used once, between two layers").isEqualTo(1);
    }

    @Test
    void anEmptySequenceHasNoState() {
        RecurrentStack stack = RecurrentStack.fresh(RecurrentCell.GRU, 3, 8, 1, false, new Initializer(2));
        assertThatThrownBy(() -> stack.apply(random(5, 3), Sequences.ofLengths(5, 0), null, Pass.unwatched(compute)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sequence 1 is empty, there is no state after it");
    }

    /// Where in a run of zeros one is, a window of 2 does not show; the state does.
    @Test
    void aCarriedStateKnowsWhatTheWindowDoesNot() {
        int[] text = IntStream.range(0, 1000).map(i -> i % 5 == 0 ? 1 : 0).toArray();
        assertThat(lossAfterTraining(text, true)).isLessThan(0.5 * lossAfterTraining(text, false));
    }

    private double lossAfterTraining(int[] text, boolean carry) {
        RecurrentLanguageModel model = RecurrentLanguageModel.fresh(RecurrentCell.LSTM, 2, 1, 16, 3);
        CarriedText task = new CarriedText(model, text, text, 2, 4, carry);
        Trainer trainer = new Trainer(
                ParameterTree.of(model),
                new Trainer.Settings(
                        new Optimizer.AdamW(0.9, 0.99, 1e-8, 0),
                        new Schedule.Constant(1e-2, 0),
                        1,
                        DropoutRates.NONE,
                        1),
                compute);
        for (int step = 1; step <= 300; step++) {
            trainer.step(task.batch(step));
        }
        return task.validate(compute).loss();
    }

    @Test
    void aRecurrentModelLearnsByTheSameTrainer() {
        for (RecurrentCell cell : RecurrentCell.values()) {
            RecurrentLanguageModel model = RecurrentLanguageModel.fresh(cell, 7, 1, 16, 3);
            Trainer trainer = new Trainer(
                    ParameterTree.of(model),
                    new Trainer.Settings(
                            new Optimizer.Adam(0.9, 0.99, 1e-8, 0),
                            new Schedule.Constant(1e-2, 0),
                            1,
                            DropoutRates.NONE,
                            1),
                    compute);
            int[] ids = {0, 1, 2, 3, 4, 5, 6, 2, 4, 0};
            int[] next = {1, 2, 3, 4, 5, 6, 2, 4, 0, 1};
            double loss = Double.NaN;
            for (int step = 0; step < 150; step++) {
                loss = trainer.step(List.of(pass -> pass.compute()
                                .crossEntropy(
                                        model.read(ids, Sequences.ofLengths(7, 3), null, pass)
                                                .logits(),
                                        Targets.of(next))))
                        .loss();
            }
            assertThat(loss).as("%s", cell).isLessThan(0.1);
        }
    }
}

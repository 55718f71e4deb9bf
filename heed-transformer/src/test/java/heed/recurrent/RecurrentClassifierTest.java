package heed.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import heed.kernel.KernelProvider;
import heed.kernel.RecurrentCell;
import heed.kernel.WorkerPool;
import heed.pass.DropoutRates;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import heed.training.Optimizer;
import heed.training.ParameterTree;
import heed.training.Schedule;
import heed.training.Trainer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NullMarked
class RecurrentClassifierTest {
    private final WorkerPool workers = WorkerPool.of(2);
    private final Compute compute = new Compute(KernelProvider.vector().orElseThrow(), workers);

    @AfterEach
    void close() {
        workers.close();
    }

    private static RecurrentClassifier model(RecurrentClassifier.Pooling pooling) {
        return RecurrentClassifier.fresh(
                RecurrentCell.GRU, true, pooling, new RecurrentClassifier.Sizes(11, 3, 2, 8), 5);
    }

    @ParameterizedTest
    @EnumSource
    void aTextHasTheSameScoresInABatchAsAlone(RecurrentClassifier.Pooling pooling) {
        RecurrentClassifier model = model(pooling);
        int[] ids = {4, 2, 9, 1, 10, 3, 3};
        Tensor batch = model.logits(ids, Sequences.ofLengths(2, 4, 1), Pass.unwatched(compute))
                .copy();
        Tensor alone = model.logits(Arrays.copyOfRange(ids, 2, 6), Sequences.single(4), Pass.unwatched(compute));
        assertThat(alone.toArray()).isEqualTo(batch.rows(1, 2).toArray());
    }

    @ParameterizedTest
    @EnumSource
    void aRowIsWhatThePoolingSays(RecurrentClassifier.Pooling pooling) {
        RecurrentClassifier model = model(pooling);
        int[] ids = {4, 2, 9, 1, 10};
        Pass pass = Pass.unwatched(compute);
        Tensor hidden = model.stack()
                .apply(model.words().apply(ids, pass), Sequences.single(5), null, pass)
                .hidden();
        Tensor expected = Tensor.zeros(1, 16);
        for (int j = 0; j < 16; j++) {
            double sum = 0;
            for (int t = 0; t < 5; t++) {
                sum += hidden.at(t, j) / 5;
            }
            float last = j < 8 ? hidden.at(4, j) : hidden.at(0, j);
            expected.set(pooling == RecurrentClassifier.Pooling.LAST ? last : (float) sum, 0, j);
        }
        Tensor scores = model.head().apply(expected, pass);
        assertThat(model.logits(ids, Sequences.single(5), pass).toArray())
                .containsExactly(scores.toArray(), within(1e-5f));
    }

    /// Which of two symbols comes first cannot be told by counting them.
    @ParameterizedTest
    @EnumSource
    void aClassifierLearnsOrder(RecurrentClassifier.Pooling pooling) {
        RecurrentClassifier model = RecurrentClassifier.fresh(
                RecurrentCell.LSTM, true, pooling, new RecurrentClassifier.Sizes(5, 2, 1, 12), 5);
        Trainer trainer = new Trainer(
                ParameterTree.of(model),
                new Trainer.Settings(
                        new Optimizer.Adam(0.9, 0.99, 1e-8, 0),
                        new Schedule.Constant(1e-2, 0),
                        1,
                        DropoutRates.NONE,
                        1),
                compute);
        SplittableRandom random = new SplittableRandom(1);
        double loss = Double.NaN;
        for (int step = 0; step < 120; step++) {
            int[] ids = random.ints(16 * 6, 2, 5).toArray();
            int[] classes = new int[16];
            for (int b = 0; b < 16; b++) {
                int first = random.nextInt(5);
                int second = random.nextInt(first + 1, 6);
                classes[b] = random.nextInt(2);
                ids[b * 6 + first] = classes[b];
                ids[b * 6 + second] = 1 - classes[b];
            }
            int[] lengths = new int[16];
            Arrays.fill(lengths, 6);
            loss = trainer.step(List.of(pass -> pass.compute()
                            .crossEntropy(model.logits(ids, Sequences.ofLengths(lengths), pass), Targets.of(classes))))
                    .loss();
        }
        assertThat(loss).isLessThan(0.1);
    }
}

package heed.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.attention.Scoring;
import heed.autograd.Parameter;
import heed.autograd.Tape;
import heed.autograd.TapeWatch;
import heed.kernel.Activation;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.pass.DropoutRates;
import heed.pass.Noise;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Op;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class TrainerTest {
    private static final Kernels VECTOR = KernelProvider.vector().orElseThrow();

    private static Trainer.Settings settings(DropoutRates dropout) {
        return new Trainer.Settings(
                new Optimizer.AdamW(0.9, 0.99, 1e-8, 0.1), new Schedule.Constant(1e-2, 3), 1, dropout, 7);
    }

    private static Trainer trainer(TinyLanguageModel model, Trainer.Settings settings, Compute compute) {
        return new Trainer(ParameterTree.of(model), settings, compute);
    }

    private static List<Function<Pass, Tensor>> batch(TinyLanguageModel model, long seed) {
        List<int[]> texts = TinyLanguageModel.texts(seed, 9);
        return List.of(pass -> model.loss(texts, pass));
    }

    @Test
    void lossFalls() {
        try (WorkerPool workers = WorkerPool.of(2)) {
            TinyLanguageModel model = TinyLanguageModel.of(2, 1);
            Trainer trainer = trainer(model, settings(DropoutRates.NONE), new Compute(VECTOR, workers));
            double first = trainer.step(batch(model, 1)).loss();
            double last = first;
            for (int i = 0; i < 60; i++) {
                last = trainer.step(batch(model, 1)).loss();
            }
            assertThat(first).isCloseTo(Math.log(11), within(0.3));
            assertThat(last).isLessThan(first / 2);
        }
    }

    @Test
    void stepsThatAreAlikeUseTheSameBuffers() {
        try (WorkerPool workers = WorkerPool.of(2)) {
            TinyLanguageModel model = TinyLanguageModel.of(3, 1);
            Trainer trainer =
                    trainer(model, settings(new DropoutRates(0, 0.1f, 0.1f, 0)), new Compute(VECTOR, workers));
            IdentityHashMap<float[], Op> buffers = new IdentityHashMap<>();
            trainer.watch(new TapeWatch() {
                @Override
                public void done(Op op) {
                    buffers.put(op.output().values(), op);
                }

                @Override
                public void wentBack(Op op) {}
            });
            for (int i = 0; i < 30; i++) { // until every buffer has had every part that it can have
                trainer.step(batch(model, 1));
            }
            int before = buffers.size();
            for (int i = 0; i < 30; i++) {
                trainer.step(batch(model, 1));
            }
            assertThat(buffers.size()).isEqualTo(before);
        }
    }

    @Test
    void theSameSeedGivesTheSameBitsOnAnyNumberOfThreads() {
        assertThat(parametersAfterTraining(1)).isEqualTo(parametersAfterTraining(3));
    }

    private static List<List<Float>> parametersAfterTraining(int threads) {
        try (WorkerPool workers = WorkerPool.of(threads)) {
            TinyLanguageModel model = TinyLanguageModel.of(2, 1);
            Trainer trainer = trainer(model, settings(DropoutRates.everywhere(0.2f)), new Compute(VECTOR, workers));
            for (int i = 0; i < 5; i++) {
                trainer.step(batch(model, i));
            }
            return trainer.parameters().stream()
                    .map(parameter -> boxed(parameter.value()))
                    .toList();
        }
    }

    private static List<Float> boxed(Tensor tensor) {
        Float[] boxed = new Float[tensor.values().length];
        for (int i = 0; i < boxed.length; i++) {
            boxed[i] = tensor.values()[i];
        }
        return List.of(boxed);
    }

    @Test
    void bothKernelsLearnTheSame() {
        try (WorkerPool workers = WorkerPool.of(1)) {
            double[] losses = new double[2];
            for (int i = 0; i < 2; i++) {
                TinyLanguageModel model = TinyLanguageModel.of(2, 1);
                Kernels kernels = i == 0 ? KernelProvider.scalar() : VECTOR;
                Trainer trainer =
                        trainer(model, settings(DropoutRates.everywhere(0.1f)), new Compute(kernels, workers));
                for (int step = 0; step < 4; step++) {
                    losses[i] = trainer.step(batch(model, step)).loss();
                }
            }
            assertThat(losses[0]).isCloseTo(losses[1], within(1e-4));
        }
    }

    @Test
    void aBatchInPartsHasTheGradientOfTheWhole() {
        try (WorkerPool workers = WorkerPool.of(1)) {
            TinyLanguageModel model = TinyLanguageModel.of(1, 1);
            List<int[]> texts = TinyLanguageModel.texts(3, 4);
            int all = texts.stream().mapToInt(text -> text.length - 1).sum();
            int head = texts.get(0).length + texts.get(1).length - 2;
            Compute compute = new Compute(VECTOR, workers);
            Trainer whole = trainer(model, settings(DropoutRates.NONE), compute);
            Trainer.Step expected = whole.step(List.of(pass -> model.loss(texts, pass)));
            TinyLanguageModel same = TinyLanguageModel.of(1, 1);
            Trainer parts = trainer(same, settings(DropoutRates.NONE), compute);
            Trainer.Step actual = parts.step(List.of(
                    pass -> scaled(same.loss(texts.subList(0, 2), pass), (float) head / all, pass),
                    pass -> scaled(same.loss(texts.subList(2, 4), pass), 1 - (float) head / all, pass)));
            assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-6));
            assertThat(actual.gradientNorm()).isCloseTo(expected.gradientNorm(), within(1e-5));
        }
    }

    /// A factor by way of an operation that is there.
    private static Tensor scaled(Tensor loss, float factor, Pass pass) {
        Tensor weight = Tensor.matrix(new float[] {factor});
        return pass.compute()
                .linear(loss.reshape(1, 1), Weight.learned(weight), null, Activation.IDENTITY)
                .reshape(1);
    }

    @Test
    void lossThatIsNoNumberStopsAndNamesStepAndParameter() {
        try (WorkerPool workers = WorkerPool.of(1)) {
            TinyLanguageModel model = TinyLanguageModel.of(1, 1);
            Trainer trainer = trainer(model, settings(DropoutRates.NONE), new Compute(VECTOR, workers));
            trainer.step(batch(model, 1));
            Parameter bias = trainer.parameters().stream()
                    .filter(parameter -> parameter.path().equals("stack.layers.0.feedForward.outer.bias"))
                    .findFirst()
                    .orElseThrow();
            bias.value().values()[3] = Float.NaN;
            float[] before = trainer.parameters().getFirst().value().values().clone();
            assertThatThrownBy(() -> trainer.step(batch(model, 2)))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageContaining("step 2")
                    .hasMessageContaining("words.table");
            assertThat(trainer.parameters().getFirst().value().values()).isEqualTo(before);
            assertThat(trainer.step()).isEqualTo(1);
        }
    }

    @Test
    void computingALayerAgainChangesNoBitOfTheGradients() {
        try (WorkerPool workers = WorkerPool.of(2)) {
            Compute compute = new Compute(VECTOR, workers);
            TinyLanguageModel model = TinyLanguageModel.of(1, 1);
            List<Parameter> kept = ParameterTree.of(model);
            List<Parameter> again = ParameterTree.of(model);
            Tensor x = Tensor.zeros(5, 12);
            for (int i = 0; i < 60; i++) {
                x.values()[i] = (float) Math.sin(i);
            }
            Sequences sequences = Sequences.ofLengths(2, 3);
            Function<Pass, Tensor> layer =
                    pass -> model.stack().layers().getFirst().apply(x, Scoring.self(sequences, model.heads()), pass);
            backward(kept, layer, compute);
            backward(again, pass -> pass.recomputed(List.of(x), () -> layer.apply(pass)), compute);
            for (int i = 0; i < kept.size(); i++) {
                assertThat(again.get(i).gradient().values())
                        .as(kept.get(i).path())
                        .isEqualTo(kept.get(i).gradient().values());
            }
            assertThat(kept.get(3).gradient().values()).isNotEqualTo(new float[12]);
        }
    }

    private static void backward(List<Parameter> parameters, Function<Pass, Tensor> work, Compute compute) {
        Noise noise = new Noise(DropoutRates.everywhere(0.3f), 5);
        Tape tape = new Tape(parameters);
        Tensor output = compute.recording(tape, () -> work.apply(Pass.training(compute, noise)));
        Tensor weights = Tensor.zeros(output.shape().toArray());
        for (int i = 0; i < weights.values().length; i++) {
            weights.values()[i] = (float) Math.cos(i);
        }
        tape.backward(output, weights, compute);
        compute.reset();
    }
}

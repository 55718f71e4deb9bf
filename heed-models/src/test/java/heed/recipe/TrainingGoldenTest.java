package heed.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import heed.attention.MultiHeadAttention;
import heed.autograd.Parameter;
import heed.autograd.Tape;
import heed.checkpoint.Checkpoint;
import heed.checkpoint.NamedTensor;
import heed.checkpoint.Safetensors;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.layer.LayerNorm;
import heed.layer.Linear;
import heed.layer.Norm;
import heed.pass.DropoutRates;
import heed.pass.Noise;
import heed.pass.Pass;
import heed.stack.EncoderLayer;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import heed.training.CausalModel;
import heed.training.Optimizer;
import heed.training.ParameterTree;
import heed.training.Schedule;
import heed.training.Trainer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Loss, gradients and ten steps are those of PyTorch; `golden/make_training.py` made the reference.
@NullMarked
class TrainingGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/golden/training/gpt2.safetensors");
    private static final CausalModel.Sizes SIZES = new CausalModel.Sizes(29, 13, 2, 3, 12);

    static Stream<Kernels> kernels() {
        return Stream.of(KernelProvider.scalar(), KernelProvider.vector().orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void gradientsAreThoseOfPyTorch(Kernels kernels) {
        try (Checkpoint golden = Safetensors.open(GOLDEN);
                WorkerPool workers = WorkerPool.of(2)) {
            CausalModel model = filled(golden);
            List<Parameter> parameters = ParameterTree.of(model);
            Compute compute = new Compute(kernels, workers);
            Tape tape = new Tape(parameters);
            Pass pass = Pass.training(compute, Noise.none());
            Tensor loss = compute.recording(tape, () -> loss(model, golden, pass));
            assertThat((double) loss.at(0)).isCloseTo(golden.read("losses")[0], within(1e-6));
            tape.backward(loss, 1, compute);
            parameters.forEach(parameter -> System.arraycopy( // to have them under Hugging Face's names
                    parameter.gradient().values(), 0, parameter.value().values(), 0, parameter.elements()));
            for (NamedTensor tensor : Gpt2Files.tensors(model)) {
                float[] expected = golden.read("gradient." + tensor.name());
                assertThat(((NamedTensor.Floats) tensor).values())
                        .as(tensor.name())
                        .containsExactly(expected, within(1e-5f));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void tenStepsHaveTheLossesOfPyTorch(Kernels kernels) {
        try (Checkpoint golden = Safetensors.open(GOLDEN);
                WorkerPool workers = WorkerPool.of(1)) {
            CausalModel model = filled(golden);
            Trainer.Settings settings = new Trainer.Settings(
                    new Optimizer.AdamW(0.9, 0.99, 1e-8, 0.1), new Schedule.Constant(3e-3, 0), 1, DropoutRates.NONE, 0);
            Trainer trainer = new Trainer(ParameterTree.of(model), settings, new Compute(kernels, workers));
            float[] losses = golden.read("losses");
            float[] norms = golden.read("norms");
            for (int step = 0; step < losses.length; step++) {
                Trainer.Step taken = trainer.step(List.of(pass -> loss(model, golden, pass)));
                assertThat(taken.loss()).as("step %d", step + 1).isCloseTo(losses[step], within(1e-5));
                assertThat(taken.gradientNorm()).isCloseTo(norms[step], within(1e-4));
            }
        }
    }

    private static Tensor loss(CausalModel model, Checkpoint golden, Pass pass) {
        int[] ids = integers(golden, "ids");
        Sequences sequences = Sequences.ofLengths(11, 11, 11, 11, 11);
        Targets targets = Targets.of(integers(golden, "next")).smoothed(0.1f);
        return pass.compute().crossEntropy(model.logits(ids, sequences, pass), targets);
    }

    private static int[] integers(Checkpoint golden, String name) {
        return Arrays.stream(golden.readIntegers(name))
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    /// A model with the parameters that the reference began with.
    private static CausalModel filled(Checkpoint golden) {
        CausalModel model = CausalModel.fresh(SIZES, 0);
        copy(golden.read("start.transformer.wte.weight"), model.words().table());
        copy(golden.read("start.transformer.wpe.weight"), model.positions().table());
        for (int i = 0; i < SIZES.layers(); i++) {
            EncoderLayer layer = model.stack().layers().get(i);
            MultiHeadAttention attention = layer.attention();
            String name = "start.transformer.h." + i;
            fillNorm(golden, name + ".ln_1", layer.attentionNorm());
            fill(golden, name + ".attn.c_attn", attention.wQ(), attention.wK(), attention.wV());
            fill(golden, name + ".attn.c_proj", attention.wO());
            fillNorm(golden, name + ".ln_2", layer.feedForwardNorm());
            fill(golden, name + ".mlp.c_fc", layer.feedForward().inner());
            fill(golden, name + ".mlp.c_proj", layer.feedForward().outer());
        }
        fillNorm(
                golden,
                "start.transformer.ln_f",
                Objects.requireNonNull(model.stack().finalNorm()));
        return model;
    }

    private static void fillNorm(Checkpoint golden, String name, Norm norm) {
        copy(golden.read(name + ".weight"), ((LayerNorm) norm).gain());
        copy(golden.read(name + ".bias"), ((LayerNorm) norm).bias());
    }

    private static void fill(Checkpoint golden, String name, Linear... maps) {
        float[] weight = golden.read(name + ".weight"); // [in, all outputs]
        float[] bias = golden.read(name + ".bias");
        int column = 0;
        for (Linear map : maps) {
            Tensor matrix = Objects.requireNonNull(map.weight().matrix());
            Tensor biases = Objects.requireNonNull(map.bias());
            for (int o = 0; o < matrix.size(0); o++, column++) {
                for (int i = 0; i < matrix.size(1); i++) {
                    matrix.set(weight[i * bias.length + column], o, i);
                }
                biases.set(bias[column], o);
            }
        }
    }

    private static void copy(float[] values, Tensor target) {
        System.arraycopy(values, 0, target.values(), 0, values.length);
    }
}

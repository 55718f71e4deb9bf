package heed.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import heed.attention.Past;
import heed.autograd.Parameter;
import heed.autograd.Tape;
import heed.checkpoint.Checkpoint;
import heed.checkpoint.Checkpoints;
import heed.checkpoint.NamedTensor;
import heed.checkpoint.Safetensors;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.pass.DropoutRates;
import heed.pass.Noise;
import heed.pass.Pass;
import heed.stack.Memory;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import heed.training.Optimizer;
import heed.training.ParameterTree;
import heed.training.Schedule;
import heed.training.Trainer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A classifier, an encoder–decoder with cross-attention and label smoothing, and T5 with its learned biases
/// are trained as PyTorch trains them; `golden/make_training_families.py` made the reference.
@NullMarked
class TrainedFamiliesGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/golden/training");
    private static final Trainer.Settings SETTINGS = new Trainer.Settings(
            new Optimizer.AdamW(0.9, 0.99, 1e-8, 0.1), new Schedule.Constant(3e-3, 0), 1, DropoutRates.NONE, 0);

    static Stream<Arguments> casesAndKernels() {
        return Stream.of("bert", "bart", "t5")
                .flatMap(name -> Stream.of(
                                KernelProvider.scalar(), KernelProvider.vector().orElseThrow())
                        .map(kernels -> Arguments.of(name, kernels)));
    }

    /// A tiny model that is to be trained.
    private record Case(
            Network network, ParameterSource.Learned source, List<Parameter> parameters, Checkpoint golden) {
        static Case open(String name, Checkpoint checkpoint, Checkpoint golden) {
            ParameterSource.Learned source =
                    new ParameterSource.Learned(checkpoint, (_, _) -> Optional.<Tensor>empty());
            Network network = Network.load(ModelConfig.read(GOLDEN.resolve(name)), source);
            List<Parameter> parameters = ParameterTree.of((Record) network);
            return new Case(network, source, parameters, golden);
        }

        Tensor loss(Pass pass) {
            TokenBatch batch = batch("ids", "lengths");
            if (network instanceof EncoderDecoderNetwork both) {
                Memory memory = new Memory(both.encode(batch, pass), batch.sequences());
                Tensor hidden = both.decode(batch("target", "target_lengths"), memory, Past.none(), pass);
                Tensor logits = ((Head.LanguageModel) both.head()).logits(hidden, pass);
                return pass.compute()
                        .crossEntropy(
                                logits, Targets.of(integers(golden, "next")).smoothed(0.1f));
            }
            Tensor logits =
                    ((Head.SequenceClassification) network.head()).logits(network.represent(batch, pass), batch, pass);
            return pass.compute().crossEntropy(logits, Targets.of(integers(golden, "labels")));
        }

        private TokenBatch batch(String ids, String lengths) {
            int[] all = integers(golden, ids);
            return new TokenBatch(all, new int[all.length], Sequences.ofLengths(integers(golden, lengths)));
        }
    }

    private static int[] integers(Checkpoint golden, String name) {
        return Arrays.stream(golden.readIntegers(name))
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    @ParameterizedTest
    @MethodSource("casesAndKernels")
    void allGradientsAreThoseOfPyTorch(String name, Kernels kernels) {
        try (Checkpoint checkpoint = Checkpoints.open(GOLDEN.resolve(name));
                Checkpoint golden = golden(name);
                WorkerPool workers = WorkerPool.of(2)) {
            Case tiny = Case.open(name, checkpoint, golden);
            Compute compute = new Compute(kernels, workers);
            Tape tape = new Tape(tiny.parameters);
            Tensor loss = compute.recording(tape, () -> tiny.loss(Pass.training(compute, Noise.none())));
            assertThat((double) loss.at(0)).isCloseTo(golden.read("losses")[0], within(1e-5));
            tape.backward(loss, 1, compute);
            tiny.parameters.forEach(parameter -> System.arraycopy( // to have them under Hugging Face's names
                    parameter.gradient().values(), 0, parameter.value().values(), 0, parameter.elements()));
            Map<String, float[]> gradients = tiny.source.tensors().stream()
                    .collect(Collectors.toMap(NamedTensor::name, tensor -> ((NamedTensor.Floats) tensor).values()));
            List<String> names = golden.tensors().keySet().stream()
                    .filter(tensor -> tensor.startsWith("gradient."))
                    .toList();
            assertThat(names).hasSizeGreaterThan(20);
            for (String tensor : names) {
                assertThat(gradients.get(tensor.substring("gradient.".length())))
                        .as("%s %s", kernels.name(), tensor)
                        .containsExactly(golden.read(tensor), within(1e-5f));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("casesAndKernels")
    void tenStepsHaveTheLossesOfPyTorch(String name, Kernels kernels) {
        try (Checkpoint checkpoint = Checkpoints.open(GOLDEN.resolve(name));
                Checkpoint golden = golden(name);
                WorkerPool workers = WorkerPool.of(1)) {
            Case tiny = Case.open(name, checkpoint, golden);
            Trainer trainer = new Trainer(tiny.parameters, SETTINGS, new Compute(kernels, workers));
            float[] losses = golden.read("losses");
            float[] norms = golden.read("norms");
            for (int step = 0; step < losses.length; step++) {
                Trainer.Step taken = trainer.step(List.<Function<Pass, Tensor>>of(tiny::loss));
                assertThat(taken.loss()).as("step %d", step + 1).isCloseTo(losses[step], within(1e-5));
                assertThat(taken.gradientNorm()).as("step %d", step + 1).isCloseTo(norms[step], within(1e-4));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "bart", "t5"})
    void theBitsDoNotDependOnTheThreads(String name) {
        assertThat(Arrays.deepEquals(afterThreeSteps(name, 2), afterThreeSteps(name, 1)))
                .isTrue();
    }

    private static float[][] afterThreeSteps(String name, int threads) {
        try (Checkpoint checkpoint = Checkpoints.open(GOLDEN.resolve(name));
                Checkpoint golden = golden(name);
                WorkerPool workers = WorkerPool.of(threads)) {
            Case tiny = Case.open(name, checkpoint, golden);
            Kernels kernels = KernelProvider.vector().orElseThrow();
            Trainer.Settings dropping = new Trainer.Settings(
                    SETTINGS.optimizer(), SETTINGS.schedule(), 1, new DropoutRates(0.1f, 0.1f, 0.1f, 0.1f), 5);
            Trainer trainer = new Trainer(tiny.parameters, dropping, new Compute(kernels, workers));
            for (int step = 0; step < 3; step++) {
                trainer.step(List.<Function<Pass, Tensor>>of(tiny::loss));
            }
            return tiny.parameters.stream()
                    .map(parameter -> parameter.value().values().clone())
                    .toArray(float[][]::new);
        }
    }

    private static Checkpoint golden(String name) {
        return Safetensors.open(GOLDEN.resolve(name).resolve("golden.safetensors"));
    }
}

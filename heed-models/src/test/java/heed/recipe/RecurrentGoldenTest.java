package heed.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import heed.autograd.Parameter;
import heed.autograd.Tape;
import heed.checkpoint.Checkpoint;
import heed.checkpoint.Safetensors;
import heed.kernel.Activation;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.RecurrentCell;
import heed.kernel.WorkerPool;
import heed.pass.Noise;
import heed.pass.Pass;
import heed.recurrent.RecurrentLayer;
import heed.recurrent.RecurrentStack;
import heed.recurrent.RecurrentState;
import heed.tensor.Compute;
import heed.tensor.Recurrence;
import heed.tensor.Sequences;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Recurrent networks compute what PyTorch's do, there and back; `golden/make_recurrent.py` made the reference.
@NullMarked
class RecurrentGoldenTest {
    private static final Sequences SEQUENCES = Sequences.ofLengths(3, 7, 1, 5);
    private static final int TOKENS = 16;
    private static final int BATCH = 4;
    private static final int IN = 5;
    private static final int WIDTH = 11;
    private static final int LAYERS = 2;

    private static Path file(RecurrentCell cell) {
        String name = switch (cell) {
            case TANH -> "rnn_tanh";
            case RELU -> "rnn_relu";
            case LSTM -> "lstm";
            case GRU -> "gru";
        };
        return Path.of("src/test/golden/recurrent", name + ".safetensors");
    }

    @ParameterizedTest
    @EnumSource
    void statesAndGradientsAreThoseOfPyTorch(RecurrentCell cell) {
        try (Checkpoint golden = Safetensors.open(file(cell))) {
            Stream.of(KernelProvider.scalar(), KernelProvider.vector().orElseThrow())
                    .forEach(kernels -> check(cell, golden, kernels));
        }
    }

    private static void check(RecurrentCell cell, Checkpoint golden, Kernels kernels) {
        Map<String, Tensor> learned = new LinkedHashMap<>();
        RecurrentStack stack = stack(cell, golden, learned);
        Tensor x = tensor(golden, "x", TOKENS, IN);
        RecurrentState start = state(cell, golden, "start.");
        List<Parameter> parameters = new ArrayList<>();
        learned.forEach((name, tensor) -> parameters.add(Parameter.of(name, tensor)));
        parameters.add(Parameter.of("x", x));
        for (int i = 0; i < start.parts().size(); i++) {
            parameters.add(Parameter.of("start" + i, start.parts().get(i)));
        }
        try (WorkerPool workers = WorkerPool.of(2)) {
            Compute compute = new Compute(kernels, workers);
            Tape tape = new Tape(parameters);
            List<Tensor> outputs = new ArrayList<>();
            Tensor sum = compute.recording(tape, () -> {
                RecurrentStack.Run run = stack.apply(x, SEQUENCES, start, Pass.training(compute, Noise.none()));
                outputs.add(run.hidden());
                outputs.addAll(run.last().parts());
                return weighted(cell, golden, outputs, compute);
            });
            assertThat(outputs.getFirst().toArray()).containsExactly(golden.read("hidden"), within(1e-5f));
            RecurrentState last = state(cell, golden, "last.");
            for (int i = 0; i < last.parts().size(); i++) {
                assertThat(outputs.get(1 + i).toArray())
                        .containsExactly(last.parts().get(i).toArray(), within(1e-5f));
            }
            tape.backward(sum, 1, compute);
        }
        RecurrentState dStart = state(cell, golden, "gradient.start.");
        for (Parameter parameter : parameters) {
            float[] expected = parameter.path().startsWith("start")
                    ? dStart.parts()
                            .get(Integer.parseInt(parameter.path().substring("start".length())))
                            .toArray()
                    : golden.read("gradient." + parameter.path());
            float largest = 1;
            for (float value : expected) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertThat(parameter.gradient().values())
                    .as("%s, %s", parameter.path(), kernels.name())
                    .containsExactly(expected, within(1e-5f * largest));
        }
    }

    /// The sum over all outputs, weighted as in the reference: `[1]`.
    private static Tensor weighted(RecurrentCell cell, Checkpoint golden, List<Tensor> outputs, Compute compute) {
        List<Tensor> weights = new ArrayList<>();
        weights.add(tensor(golden, "weights.hidden", TOKENS, 2 * WIDTH));
        weights.addAll(state(cell, golden, "weights.last.").parts());
        Tensor total = null;
        for (int i = 0; i < outputs.size(); i++) {
            Tensor output = outputs.get(i);
            int n = output.shape().elements();
            Tensor weight = Tensor.of(Shape.of(1, n), weights.get(i).toArray());
            Tensor term = compute.linear(
                    compute.sum(output, Tensor.zeros(output.size(0), output.size(1)))
                            .reshape(1, n),
                    Weight.learned(weight),
                    null,
                    Activation.IDENTITY);
            total = total == null ? term : compute.sum(total, term);
        }
        return Objects.requireNonNull(total).reshape(1);
    }

    private static RecurrentStack stack(RecurrentCell cell, Checkpoint golden, Map<String, Tensor> learned) {
        List<RecurrentLayer> layers = new ArrayList<>();
        for (int layer = 0; layer < LAYERS; layer++) {
            int in = layer == 0 ? IN : 2 * WIDTH;
            layers.add(new RecurrentLayer(
                    recurrence(cell, golden, "_l" + layer, in, learned),
                    recurrence(cell, golden, "_l" + layer + "_reverse", in, learned)));
        }
        return new RecurrentStack(layers);
    }

    private static Recurrence recurrence(
            RecurrentCell cell, Checkpoint golden, String suffix, int in, Map<String, Tensor> learned) {
        int sums = cell.gates() * WIDTH;
        Tensor input = tensor(golden, "weight_ih" + suffix, sums, in);
        Tensor hidden = tensor(golden, "weight_hh" + suffix, sums, WIDTH);
        Tensor inputBias = tensor(golden, "bias_ih" + suffix, sums);
        Tensor hiddenBias = tensor(golden, "bias_hh" + suffix, sums);
        learned.put("weight_ih" + suffix, input);
        learned.put("weight_hh" + suffix, hidden);
        learned.put("bias_ih" + suffix, inputBias);
        learned.put("bias_hh" + suffix, hiddenBias);
        return new Recurrence(cell, Weight.learned(input), Weight.learned(hidden), inputBias, hiddenBias);
    }

    /// PyTorch has `[layers · directions, B, H]` of hidden states, and the same of cells.
    private static RecurrentState state(RecurrentCell cell, Checkpoint golden, String prefix) {
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < 2 * LAYERS; i++) {
            Tensor part = Tensor.zeros(cell.states() * BATCH, WIDTH);
            for (int s = 0; s < cell.states(); s++) {
                float[] all = golden.read(prefix + (s == 0 ? "h" : "c"));
                System.arraycopy(all, i * BATCH * WIDTH, part.values(), s * BATCH * WIDTH, BATCH * WIDTH);
            }
            parts.add(part);
        }
        return new RecurrentState(parts);
    }

    private static Tensor tensor(Checkpoint golden, String name, int... sizes) {
        float[] values = golden.read(name);
        return Tensor.of(Shape.of(sizes), Arrays.copyOf(values, values.length));
    }
}

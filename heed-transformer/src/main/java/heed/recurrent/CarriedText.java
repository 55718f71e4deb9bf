package heed.recurrent;

import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import heed.training.TrainingLoop;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Learning to go on with a text by truncated back-propagation through time (Williams and Peng 1990): the text
/// is cut into as many strands as a batch has sequences, and each step reads the next window of every strand
/// from the state that the step before has left. No gradient goes back beyond a window.
public final class CarriedText implements TrainingLoop.Task {
    /// Strands that the validation text is cut into.
    private static final int VALIDATION_STRANDS = 16;

    private final RecurrentLanguageModel model;
    private final int[] training;
    private final int[] validation;
    private final int window;
    private final int strands;
    private final boolean carry;
    private final List<Tensor> carried; // [S·B, H] for each layer

    /// @param window positions that a gradient goes back through
    /// @param strands sequences in a batch
    /// @param carry whether a window begins with the state that the one before it has left
    /// @throws IllegalArgumentException when a text is too short for one window of each strand
    public CarriedText(
            RecurrentLanguageModel model, int[] training, int[] validation, int window, int strands, boolean carry) {
        require("training", training.length, strands, window);
        require("validation", validation.length, 1, window);
        this.model = model;
        this.training = training.clone();
        this.validation = validation.clone();
        this.window = window;
        this.strands = strands;
        this.carry = carry;
        this.carried = model.stack().layers().stream()
                .map(RecurrentLayer::forward)
                .map(layer -> Tensor.zeros(layer.cell().states() * strands, layer.width()))
                .toList();
    }

    private static void require(String what, int length, int strands, int window) {
        if (length / strands < window + 1) {
            throw new IllegalArgumentException("the " + what + " text has " + length + " tokens, " + strands
                    + " strands of a window of " + window + " and the token after it need "
                    + (long) strands * (window + 1));
        }
    }

    /// The state after the last step, by layer.
    @Override
    public Map<String, float[]> carried() {
        Map<String, float[]> arrays = new LinkedHashMap<>();
        for (int layer = 0; layer < carried.size(); layer++) {
            arrays.put("state." + layer, carried.get(layer).values());
        }
        return arrays;
    }

    private void carry(RecurrentState state) {
        for (int layer = 0; layer < carried.size(); layer++) {
            float[] values = state.parts().get(layer).toArray();
            System.arraycopy(values, 0, carried.get(layer).values(), 0, values.length);
        }
    }

    private int windowsPerStrand() {
        return (training.length / strands - 1) / window;
    }

    @Override
    public List<Function<Pass, Tensor>> batch(long step) {
        int number = (int) ((step - 1) % windowsPerStrand());
        return List.of(pass -> {
            if (number == 0 || !carry) {
                carried.forEach(part -> Arrays.fill(part.values(), 0));
            }
            RecurrentState before = new RecurrentState(carried).copy(); // what a step reads must not change in it
            int strand = training.length / strands;
            int[] starts = IntStream.range(0, strands)
                    .map(b -> b * strand + number * window)
                    .toArray();
            return loss(training, starts, before, pass, this::carry);
        });
    }

    @Override
    public int tokens(long step) {
        return strands * window;
    }

    /// The mean loss over a few long strands, each read through from an empty state.
    @Override
    public TrainingLoop.Evaluation validate(Compute compute) {
        int many = Math.clamp(validation.length / (window + 1), 1, VALIDATION_STRANDS);
        int strand = validation.length / many;
        int windows = (strand - 1) / window;
        RecurrentState[] state = new RecurrentState[1];
        double sum = 0;
        for (int w = 0; w < windows; w++) {
            int from = w * window;
            int[] starts = IntStream.range(0, many).map(b -> b * strand + from).toArray();
            RecurrentState before = carry ? state[0] : null;
            Tensor loss = loss(validation, starts, before, Pass.unwatched(compute), last -> state[0] = last.copy());
            sum += loss.at(0);
            compute.reset();
        }
        return TrainingLoop.Evaluation.of(sum / windows);
    }

    private interface After {
        void take(RecurrentState last);
    }

    private Tensor loss(int[] text, int[] starts, @Nullable RecurrentState before, Pass pass, After after) {
        int[] ids = new int[starts.length * window];
        int[] next = new int[ids.length];
        int[] lengths = new int[starts.length];
        Arrays.fill(lengths, window);
        for (int b = 0; b < starts.length; b++) {
            System.arraycopy(text, starts[b], ids, b * window, window);
            System.arraycopy(text, starts[b] + 1, next, b * window, window);
        }
        RecurrentLanguageModel.Scores scores = model.read(ids, Sequences.ofLengths(lengths), before, pass);
        after.take(scores.last());
        return pass.compute().crossEntropy(scores.logits(), Targets.of(next));
    }
}

package heed.training;

import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Learning to go on with a text: batches of windows at random places of it, and the loss over another part of
/// it.
///
/// A batch depends on the seed and on the number of the step alone, so training can go on at any step.
public final class TextWindows implements TrainingLoop.Task {
    /// Windows that are evaluated together.
    private static final int EVALUATED_TOGETHER = 64;

    private final CausalModel model;
    private final int[] training;
    private final int[] validation;
    private final int context;
    private final int batch;
    private final int parts;
    private final long seed;

    /// @param context the length of a window
    /// @param batch windows in a batch
    /// @param parts into which a batch is cut, so that only one part is in memory at a time
    /// @throws IllegalArgumentException when a part is shorter than a window and the token after it
    public TextWindows(
            CausalModel model, int[] training, int[] validation, int context, int batch, int parts, long seed) {
        requireWindow("training", training, context);
        requireWindow("validation", validation, context);
        this.model = model;
        this.training = training.clone();
        this.validation = validation.clone();
        this.context = context;
        this.batch = batch;
        this.parts = Math.min(parts, batch);
        this.seed = seed;
    }

    private static void requireWindow(String what, int[] ids, int context) {
        if (ids.length < context + 1) {
            throw new IllegalArgumentException("the " + what + " text has " + ids.length + " tokens, a window of "
                    + context + " and the token after it need " + (context + 1));
        }
    }

    @Override
    public List<Function<Pass, Tensor>> batch(long step) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + step);
        int[] starts = random.ints(batch, 0, training.length - context).toArray();
        return IntStream.range(0, parts)
                .mapToObj(part -> Arrays.copyOfRange(starts, part * batch / parts, (part + 1) * batch / parts))
                .<Function<Pass, Tensor>>map(some -> pass -> loss(training, some, batch, pass))
                .toList();
    }

    @Override
    public int tokens(long step) {
        return batch * context;
    }

    /// The mean loss over all windows side by side, without what is left at the end.
    @Override
    public TrainingLoop.Evaluation validate(Compute compute) {
        int windows = (validation.length - 1) / context;
        double sum = 0;
        for (int first = 0; first < windows; first += EVALUATED_TOGETHER) {
            int count = Math.min(EVALUATED_TOGETHER, windows - first);
            int[] starts = new int[count];
            for (int i = 0; i < count; i++) {
                starts[i] = (first + i) * context;
            }
            Tensor loss = loss(validation, starts, count, Pass.unwatched(compute));
            sum += (double) loss.at(0) * count;
            compute.reset();
        }
        return TrainingLoop.Evaluation.of(sum / windows);
    }

    /// @param of how many windows the loss is the mean
    private Tensor loss(int[] text, int[] starts, int of, Pass pass) {
        int[] ids = new int[starts.length * context];
        int[] next = new int[ids.length];
        int[] lengths = new int[starts.length];
        Arrays.fill(lengths, context);
        for (int i = 0; i < starts.length; i++) {
            System.arraycopy(text, starts[i], ids, i * context, context);
            System.arraycopy(text, starts[i] + 1, next, i * context, context);
        }
        Tensor logits = model.logits(ids, Sequences.ofLengths(lengths), pass);
        return pass.compute().crossEntropy(logits, Targets.of(next).dividedBy((double) of * context));
    }
}

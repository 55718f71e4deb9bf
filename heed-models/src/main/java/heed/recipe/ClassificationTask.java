package heed.recipe;

import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Shape;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import heed.training.EpochBatches;
import heed.training.TrainingLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Learning to tell texts apart: softmax cross-entropy where a text belongs to one class, and a cross-entropy
/// for each class by itself where it may belong to several.
final class ClassificationTask implements TrainingLoop.Task {
    /// Examples that are evaluated together.
    private static final int EVALUATED_TOGETHER = 32;

    private final Model model;
    private final Examples training;
    private final Examples validation;
    private final EpochBatches batches;
    private final int parts;
    private final float smoothing;
    private final float @Nullable [] weights;
    private final int labels;
    private final boolean several;

    /// What gives every example a score for each class.
    @FunctionalInterface
    interface Model {
        /// `[examples, C]`
        ///
        /// @param examples their numbers
        /// @param of the examples that the numbers are of
        Tensor logits(int[] examples, Examples of, Pass pass);
    }

    /// Examples as a model reads them.
    ///
    /// @param ids `[T]` of each
    /// @param typeIds `[T]` of each
    /// @param classes of each
    record Examples(List<int[]> ids, List<int[]> typeIds, List<int[]> classes) {
        int count() {
            return classes.size();
        }
    }

    /// @param parts into which a batch is cut
    /// @param smoothing of the targets, where a text belongs to one class
    /// @param weights how much each class counts; null when all count the same
    /// @param labels C
    /// @param several whether a text may belong to several classes
    ClassificationTask(
            Model model,
            Examples training,
            Examples validation,
            EpochBatches batches,
            int parts,
            float smoothing,
            float @Nullable [] weights,
            int labels,
            boolean several) {
        this.model = model;
        this.training = training;
        this.validation = validation;
        this.batches = batches;
        this.parts = parts;
        this.smoothing = smoothing;
        this.weights = weights;
        this.labels = labels;
        this.several = several;
    }

    @Override
    public List<Function<Pass, Tensor>> batch(long step) {
        int[] batch = batches.batch(step);
        double whole = divisor(training, batch);
        int cuts = Math.min(parts, batch.length);
        List<Function<Pass, Tensor>> losses = new ArrayList<>();
        for (int part = 0; part < cuts; part++) {
            int[] some = Arrays.copyOfRange(batch, part * batch.length / cuts, (part + 1) * batch.length / cuts);
            losses.add(pass -> loss(model.logits(some, training, pass), some, training, whole, pass));
        }
        return losses;
    }

    @Override
    public int tokens(long step) {
        return Arrays.stream(batches.batch(step))
                .map(example -> training.ids.get(example).length)
                .sum();
    }

    private double divisor(Examples examples, int[] batch) {
        if (several) {
            return (double) batch.length * labels;
        }
        Targets targets = Targets.of(targets(examples, batch));
        return weights == null ? targets.divisor() : targets.weighted(weights).divisor();
    }

    private static int[] targets(Examples examples, int[] batch) {
        return Arrays.stream(batch)
                .map(example -> examples.classes.get(example)[0])
                .toArray();
    }

    /// The loss `[1]` of some examples of a batch.
    ///
    /// @param divisor of the whole batch
    private Tensor loss(Tensor logits, int[] some, Examples examples, double divisor, Pass pass) {
        if (several) {
            Tensor targets = Tensor.zeros(some.length, logits.size(1));
            for (int row = 0; row < some.length; row++) {
                for (int label : examples.classes.get(some[row])) {
                    targets.set(1, row, label);
                }
            }
            Tensor positive = weights == null ? null : Tensor.of(Shape.of(weights.length), weights);
            return pass.compute().binaryCrossEntropy(logits, targets, positive, divisor);
        }
        Targets targets = Targets.of(targets(examples, some)).smoothed(smoothing);
        Targets weighted = weights == null ? targets : targets.weighted(weights);
        return pass.compute().crossEntropy(logits, weighted.dividedBy(divisor));
    }

    @Override
    public TrainingLoop.Evaluation validate(Compute compute) {
        int[] all = new int[validation.count()];
        Arrays.setAll(all, i -> i);
        double whole = divisor(validation, all);
        double loss = 0;
        List<float[]> logits = new ArrayList<>();
        for (int from = 0; from < all.length; from += EVALUATED_TOGETHER) {
            int[] some = Arrays.copyOfRange(all, from, Math.min(all.length, from + EVALUATED_TOGETHER));
            Pass pass = Pass.unwatched(compute);
            Tensor scores = model.logits(some, validation, pass);
            loss += loss(scores, some, validation, whole, pass).at(0);
            for (int row = 0; row < some.length; row++) {
                logits.add(scores.part(row).toArray());
            }
            compute.reset();
        }
        return new TrainingLoop.Evaluation(
                loss, HeldOut.measures(HeldOut.found(logits, validation.classes(), several)));
    }
}

package heed.training;

import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// Steps, evaluations and checkpoints until the plan is fulfilled or somebody asks to stop.
public final class TrainingLoop {
    private final Trainer trainer;
    private final MovingAverage average;
    private final Task task;
    private final Plan plan;
    private final Compute compute;

    /// What is learned.
    public interface Task {
        /// The loss of the batch of a step, in parts; the same for the same number.
        List<Function<Pass, Tensor>> batch(long step);

        /// How many tokens the batch of a step has.
        int tokens(long step);

        /// What the next step depends on besides the parameters, by name: arrays that steps change in place.
        /// They are kept with the parameters, and set when training goes on.
        default Map<String, float[]> carried() {
            return Map.of();
        }

        /// How well the parameters do, as they are now, on what is not learned from.
        Evaluation validate(Compute compute);
    }

    /// How well parameters do.
    ///
    /// @param loss what decides which parameters are the best
    /// @param measures others, such as `accuracy`, by name
    public record Evaluation(double loss, Map<String, Double> measures) {
        public static Evaluation of(double loss) {
            return new Evaluation(loss, Map.of());
        }
    }

    /// When to do what.
    ///
    /// @param evaluateEvery steps from one evaluation to the next; there is one after the last step in any case
    /// @param saveEvery steps from one checkpoint to the next
    /// @param patience evaluations without a better loss after which training ends; 0 for no such end
    public record Plan(long steps, long evaluateEvery, long saveEvery, int patience) {
        public Plan {
            if (steps < 1 || evaluateEvery < 1 || saveEvery < 1 || patience < 0) {
                throw new IllegalArgumentException("a plan of " + steps + " steps, an evaluation every " + evaluateEvery
                        + " and a checkpoint every " + saveEvery + " cannot be: use at least 1");
            }
        }
    }

    /// How far training has come.
    ///
    /// @param step the last step taken
    /// @param bestLoss the least validation loss so far; `+∞` before the first evaluation
    /// @param bestStep the step it was reached at
    /// @param sinceBest evaluations since then
    public record Progress(long step, double bestLoss, long bestStep, int sinceBest) {
        public static final Progress START = new Progress(0, Double.POSITIVE_INFINITY, 0, 0);

        Progress evaluated(long at, double loss) {
            return loss < bestLoss
                    ? new Progress(at, loss, at, 0)
                    : new Progress(at, bestLoss, bestStep, sinceBest + 1);
        }

        Progress stepped(long at) {
            return new Progress(at, bestLoss, bestStep, sinceBest);
        }
    }

    /// Who is told.
    public interface Listener {
        default void stepped(Trainer.Step step, int tokens) throws IOException {}

        /// While it is told, the parameters are those that were evaluated: averages, where there are any.
        ///
        /// @param progress has this evaluation in it; it is the best one if its step is the best step
        default void evaluated(Evaluation evaluation, Progress progress) throws IOException {}

        /// Everything that is needed to go on must be kept now.
        default void save(Progress progress) throws IOException {}
    }

    /// Why training ended.
    public enum End {
        /// The steps of the plan were taken.
        DONE,
        /// The validation loss got no better for as long as patience lasts.
        NO_BETTER,
        /// Somebody asked to stop.
        STOPPED
    }

    /// @param average of the trainer's parameters, which is evaluated in their place
    public TrainingLoop(Trainer trainer, MovingAverage average, Task task, Plan plan, Compute compute) {
        this.trainer = trainer;
        this.average = average;
        this.task = task;
        this.plan = plan;
        this.compute = compute;
    }

    /// Goes on from `progress`, which fits the state of the trainer.
    ///
    /// @param stopRequested asked before every step; the state is saved before the method returns
    /// @throws IOException when the listener cannot write
    /// @throws DivergedException when training cannot go on; what was saved before stays
    public End run(Progress progress, Listener listener, BooleanSupplier stopRequested) throws IOException {
        Progress now = progress;
        while (now.step() < plan.steps()) {
            if (stopRequested.getAsBoolean()) {
                listener.save(now);
                return End.STOPPED;
            }
            long number = now.step() + 1;
            Trainer.Step step = trainer.step(task.batch(number));
            average.update(number);
            listener.stepped(step, task.tokens(number));
            now = now.stepped(number);
            boolean last = number == plan.steps();
            if (last || number % plan.evaluateEvery() == 0) {
                now = evaluate(now, listener);
                if (plan.patience() > 0 && now.sinceBest() >= plan.patience()) {
                    listener.save(now);
                    return End.NO_BETTER;
                }
            }
            if (last || number % plan.saveEvery() == 0) {
                listener.save(now);
            }
        }
        return End.DONE;
    }

    private Progress evaluate(Progress now, Listener listener) throws IOException {
        average.swap();
        try {
            Evaluation evaluation = task.validate(compute);
            Progress evaluated = now.evaluated(now.step(), evaluation.loss());
            listener.evaluated(evaluation, evaluated);
            return evaluated;
        } finally {
            average.swap();
        }
    }
}

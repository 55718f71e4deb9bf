package heed.recipe;

import heed.tensor.Compute;
import heed.training.MovingAverage;
import heed.training.Trainer;
import heed.training.TrainingLoop;
import java.io.IOException;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// What all kinds of training have in common: steps from a task, metrics, checkpoints and the best model in a
/// folder.
///
/// @param title of the curve
/// @param model writes the model as it is now
record TrainingRun(
        String title,
        Trainer trainer,
        MovingAverage average,
        TrainingLoop.Task task,
        TrainingLoop.Plan plan,
        RunFolder folder,
        RunFolder.ModelFiles model,
        Compute compute) {
    /// Steps from one line of metrics to the next.
    private static final int NOTED_EVERY = 10;

    /// @see Training#run
    TrainingLoop.End run(boolean resume, Training.Watcher watcher, BooleanSupplier stopRequested) throws IOException {
        TrainingLoop.Progress start = TrainingLoop.Progress.START;
        if (resume) {
            start = folder.restore(trainer, average, task.carried());
        } else {
            folder.begin();
        }
        LossCurve curve = folder.metricsUpTo(start.step());
        TrainingLoop loop = new TrainingLoop(trainer, average, task, plan, compute);
        TrainingLoop.End end = loop.run(start, new Notes(watcher, curve), stopRequested);
        folder.draw(curve, title);
        return end;
    }

    /// How many numbers are learned.
    long parameters() {
        return trainer.parameters().stream()
                .mapToLong(parameter -> parameter.elements())
                .sum();
    }

    /// Keeps metrics, the best model and checkpoints.
    private final class Notes implements TrainingLoop.Listener {
        private final Training.Watcher watcher;
        private final LossCurve curve;
        private long sinceNanos = System.nanoTime();
        private long tokens;

        Notes(Training.Watcher watcher, LossCurve curve) {
            this.watcher = watcher;
            this.curve = curve;
        }

        @Override
        public void stepped(Trainer.Step step, int stepTokens) throws IOException {
            watcher.stepped(step, stepTokens, plan.steps());
            tokens += stepTokens;
            if (step.number() == 1 || step.number() % NOTED_EVERY == 0) {
                Map<String, Object> line = RunFolder.line(step.number());
                line.put("loss", step.loss());
                line.put("gradient_norm", step.gradientNorm());
                line.put("learning_rate", step.rate());
                line.put("tokens_per_s", Math.round(tokens * 1e9 / Math.max(1, System.nanoTime() - sinceNanos)));
                folder.append(line);
                curve.addTraining(step.number(), step.loss());
                measureAnew();
            }
        }

        @Override
        public void evaluated(TrainingLoop.Evaluation evaluation, TrainingLoop.Progress progress) throws IOException {
            Map<String, Object> line = RunFolder.line(progress.step());
            line.put("validation_loss", evaluation.loss());
            line.putAll(evaluation.measures());
            folder.append(line);
            curve.addValidation(progress.step(), evaluation.loss());
            folder.draw(curve, title);
            if (progress.bestStep() == progress.step()) {
                folder.export(model);
            }
            watcher.evaluated(evaluation, progress);
            measureAnew();
        }

        @Override
        public void save(TrainingLoop.Progress progress) throws IOException {
            folder.save(trainer, average, task.carried(), progress);
            measureAnew();
        }

        private void measureAnew() {
            sinceNanos = System.nanoTime();
            tokens = 0;
        }
    }
}

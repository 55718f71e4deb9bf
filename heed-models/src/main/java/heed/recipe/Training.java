package heed.recipe;

import heed.training.Trainer;
import heed.training.TrainingLoop;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;

/// What a recipe describes, with everything at hand that it needs: data, model, and the folder it goes to.
public interface Training {
    /// What is about to be trained, on what: one line each.
    List<String> summary();

    /// Trains to the end of the plan.
    ///
    /// @param resume whether to go on from the newest checkpoint of the folder
    /// @param stopRequested asked before every step
    TrainingLoop.End run(boolean resume, Watcher watcher, BooleanSupplier stopRequested) throws IOException;

    /// What the best model can do, to be seen when training has ended: lines of data.
    List<String> results();

    /// Who is told how it goes.
    interface Watcher {
        /// @param step the step, `of` so many
        void stepped(Trainer.Step step, int tokens, long of);

        void evaluated(TrainingLoop.Evaluation evaluation, TrainingLoop.Progress progress);
    }
}

package heed.cli;

import heed.recipe.Training;
import heed.training.Trainer;
import heed.training.TrainingLoop;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/// How training goes: a bar with loss, tokens per second and time left where a person watches, otherwise a line
/// now and then.
final class TrainingProgress implements Training.Watcher, AutoCloseable {
    private static final long NANOS_BETWEEN_LINES = 10_000_000_000L;

    private final PrintWriter err;
    private @Nullable ProgressBar bar;
    private long tokens;
    private double loss = Double.NaN;
    private long since = System.nanoTime();

    TrainingProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void stepped(Trainer.Step step, int stepTokens, long of) {
        tokens += stepTokens;
        loss = Double.isNaN(loss) ? step.loss() : 0.9 * loss + 0.1 * step.loss();
        double seconds = (System.nanoTime() - since) / 1e9;
        String text = String.format(Locale.ROOT, "loss %.4f, %.0f tokens/s", loss, tokens / seconds);
        if (Audience.watchesErrors()) {
            ProgressBar shown = bar;
            if (shown == null) {
                shown = Bars.bar("steps", of)
                        .startsFrom(step.number() - 1, Duration.ZERO)
                        .build();
                bar = shown;
            }
            shown.stepTo(step.number());
            shown.setExtraMessage(text);
        } else if (System.nanoTime() - since > NANOS_BETWEEN_LINES || step.number() == of) {
            err.println("heed: step " + step.number() + " of " + of + ", " + text);
            since = System.nanoTime();
            tokens = 0;
        }
    }

    @Override
    public void evaluated(TrainingLoop.Evaluation evaluation, TrainingLoop.Progress progress) {
        String text = String.format(
                Locale.ROOT,
                "heed: step %d, validation loss %.4f%s%s",
                progress.step(),
                evaluation.loss(),
                measures(evaluation),
                progress.bestStep() == progress.step() ? ", the best so far" : "");
        if (bar == null) {
            err.println(text);
        } else {
            err.print("\r\u001b[K" + text + "\n"); // the bar draws itself again below
        }
        err.flush();
        since = System.nanoTime();
        tokens = 0;
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }

    private static String measures(TrainingLoop.Evaluation evaluation) {
        StringBuilder text = new StringBuilder();
        evaluation
                .measures()
                .forEach((name, value) ->
                        text.append(String.format(Locale.ROOT, ", %s %.4f", name.replace('_', ' '), value)));
        return text.toString();
    }
}

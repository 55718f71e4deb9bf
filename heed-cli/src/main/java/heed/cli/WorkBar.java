package heed.cli;

import heed.subword.LearningProgress;
import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/// How long work goes: a bar where a person watches, otherwise a line now and then.
final class WorkBar implements LearningProgress, AutoCloseable {
    private static final long NANOS_BETWEEN_LINES = 10_000_000_000L;

    private final PrintWriter err;
    private @Nullable ProgressBar bar;
    private String stage = "";
    private long since = System.nanoTime();

    WorkBar(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void at(String now, long done, long of) {
        if (Audience.watchesErrors()) {
            ProgressBar shown = bar;
            if (shown == null || !now.equals(stage)) {
                close();
                shown = Bars.bar(now, of).build();
                bar = shown;
            }
            shown.stepTo(done);
        } else if (System.nanoTime() - since > NANOS_BETWEEN_LINES) {
            err.println("heed: " + now + ": " + done + " of " + of);
            since = System.nanoTime();
        }
        stage = now;
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}

package heed.cli;

import heed.moderation.stream.StreamEngine;
import heed.moderation.stream.StreamTally;
import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/// How a stream goes: a bar where a person watches, otherwise a line now and then.
final class StreamProgress implements StreamEngine.Watcher, AutoCloseable {
    private static final long NANOS_BETWEEN_LINES = 10_000_000_000L;

    private final PrintWriter err;
    private final Interruption interruption;
    private @Nullable ProgressBar bar;
    private long since = System.nanoTime();

    StreamProgress(PrintWriter err, Interruption interruption) {
        this.err = err;
        this.interruption = interruption;
    }

    @Override
    public void note(String text) {
        err.println("heed: " + text);
        err.flush();
    }

    @Override
    public void progress(StreamTally tally) {
        String text = String.format(
                Locale.ROOT,
                "%,d dead letters, %,d repeated, %,.0f tokens/s",
                tally.deadLetters(),
                tally.repeated(),
                tally.tokensPerSecond());
        if (Audience.watchesErrors()) {
            ProgressBar shown = bar;
            if (shown == null) {
                shown = Bars.bar("comments", -1).build();
                bar = shown;
            }
            shown.stepTo(tally.comments());
            shown.setExtraMessage(text);
        } else if (System.nanoTime() - since > NANOS_BETWEEN_LINES) {
            note(String.format(Locale.ROOT, "%,d comments, %s", tally.comments(), text));
            since = System.nanoTime();
        }
    }

    @Override
    public boolean stopRequested() {
        return interruption.requested();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}

package heed.cli;

import heed.hub.Progress;
import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/// The progress of a download: a bar where a person watches, a line per step where the output is a file.
final class ProgressLine implements Progress {
    private final PrintWriter err;
    private @Nullable ProgressBar bar;

    ProgressLine(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void start(String what, long bytes) {
        if (!Audience.watchesErrors()) {
            err.println("heed: " + what + (bytes > 0 ? " (" + bytes / 1_000_000 + " MB)" : ""));
            return;
        }
        bar = Bars.bar(what, bytes)
                .setUnit(" MB", 1_000_000)
                .setUpdateIntervalMillis(100)
                .build();
    }

    @Override
    public void advance(long bytes) {
        if (bar != null) {
            bar.stepBy(bytes);
        }
    }

    @Override
    public void done() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}

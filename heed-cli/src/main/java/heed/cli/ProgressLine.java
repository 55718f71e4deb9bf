package heed.cli;

import heed.hub.Progress;
import java.io.PrintWriter;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// The progress of a download: a bar where a person watches, a line per step where the output is a file.
final class ProgressLine implements Progress {
    private static final int WIDTH = 100;

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
        bar = new ProgressBarBuilder()
                .setTaskName(what)
                .setInitialMax(bytes)
                .setUnit(" MB", 1_000_000)
                .setStyle(ProgressBarStyle.ASCII)
                .setMaxRenderedLength(WIDTH)
                .setUpdateIntervalMillis(100)
                .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
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

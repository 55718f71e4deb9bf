package heed.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// What all progress bars look like.
final class Bars {
    private static final int WIDTH = 100;

    private Bars() {}

    /// A bar on standard error.
    ///
    /// @param most how much there is to do; -1 when nobody knows
    static ProgressBarBuilder bar(String task, long most) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(most)
                .setStyle(ProgressBarStyle.ASCII)
                .setMaxRenderedLength(WIDTH)
                .setUpdateIntervalMillis(200)
                .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH));
    }
}

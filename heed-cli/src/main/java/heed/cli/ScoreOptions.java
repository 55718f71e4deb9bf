package heed.cli;

import heed.score.Bootstrap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How a score is printed, and how sure it is.
final class ScoreOptions {
    @Mixin
    private ScoreFormat format = new ScoreFormat();

    @Option(
            names = "--confidence",
            description = "Also the 95%% interval, by drawing segments again with repetition (bootstrap).")
    private boolean confidence;

    @Option(
            names = "--baseline",
            paramLabel = "FILE",
            description = "The outputs of another system: is the difference more than chance? (paired bootstrap)")
    @Nullable
    String baseline;

    @Option(names = "--samples", paramLabel = "N", description = "How often segments are drawn. Default: 1000")
    private int samples = Bootstrap.USUAL_SAMPLES;

    @Option(names = "--seed", paramLabel = "S", description = "Of the draws. Default: 12345")
    private long seed = 12345;

    ScoreFormat format() {
        return format;
    }

    boolean json() {
        return format.json();
    }

    String number(double value, int usualWidth) {
        return format.number(value, usualWidth);
    }

    boolean confidence() {
        return confidence;
    }

    Bootstrap bootstrap() {
        return new Bootstrap(samples, seed);
    }
}

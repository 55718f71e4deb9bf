package heed.cli;

import heed.moderation.Tuning;
import heed.score.Bootstrap;
import picocli.CommandLine.Option;

/// What is wanted of thresholds.
final class TuningOptions {
    @Option(
            names = "--block-precision",
            paramLabel = "P",
            defaultValue = "0.99",
            description = "How sure a block must be. Default: 0.99")
    private double blockPrecision = 0.99;

    @Option(
            names = "--review-recall",
            paramLabel = "R",
            defaultValue = "0.9",
            description = "The share of what has a label that is to be found. Default: 0.9")
    private double reviewRecall = 0.9;

    @Option(
            names = "--calibrate",
            paramLabel = "none|temperature|isotonic",
            defaultValue = "temperature",
            description = "How scores become probabilities. Default: temperature")
    private Tuning.Kind kind = Tuning.Kind.TEMPERATURE;

    Tuning tuning() {
        return new Tuning(kind, blockPrecision, reviewRecall, new Bootstrap(Bootstrap.USUAL_SAMPLES, 1));
    }
}

package heed.cli.bench;

import picocli.CommandLine.Option;

/// The option `--warm-up`.
final class WarmUpOption {
    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "6",
            description = "Run so long before the clock counts, for Java to compile. Default: 6")
    private double seconds;

    double seconds() {
        return seconds;
    }
}

package heed.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What every kind of training is told on the command line.
final class TrainOptions {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The recipe, in YAML; see docs/training.md.")
    Path config = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where model, checkpoints and metrics go. Default: runs/ and the recipe's name")
    @Nullable
    Path out;

    @Option(
            names = "--steps",
            defaultValue = "0",
            paramLabel = "N",
            description = "Instead of the steps or epochs of the recipe.")
    long steps;

    @Option(names = "--resume", paramLabel = "DIR", description = "Go on from the newest checkpoint of this folder.")
    @Nullable
    Path resume;

    @Option(names = "--threads", defaultValue = "0", description = "Default: all processors")
    int threads;

    int threadCount() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /// @throws IllegalArgumentException when there are two
    Path folder() {
        if (out != null && resume != null) {
            throw new IllegalArgumentException("--resume goes on in its own folder, so --out cannot be given with it");
        }
        return resume != null ? resume : out != null ? out : named(config);
    }

    private static Path named(Path config) {
        String name = config.getFileName().toString().replaceFirst("\\.ya?ml$", "");
        Path parent = config.toAbsolutePath().getParent();
        String folder = name.equals("train") && parent != null && parent.getFileName() != null
                ? parent.getFileName().toString()
                : name;
        return Path.of("runs", folder);
    }
}

package heed.cli;

import heed.cli.options.WeightOptions;
import heed.model.Model;
import heed.model.ModelOptions;
import heed.model.Models;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The option `--model` where there is a default.
final class ModelOption {
    static final String DEFAULT = "minilm";

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description =
                    "A folder, a GGUF file, hf:org/name, a name from `heed models list`, or maven:group:artifact:version. Default: "
                            + DEFAULT)
    @Nullable
    String model;

    @Mixin
    private WeightOptions weights = new WeightOptions();

    Model open(PrintWriter err) {
        ModelOptions options = weights.applyTo(ModelOptions.defaults());
        return Models.open(model == null ? DEFAULT : model, options.withProgress(new ProgressLine(err)));
    }
}

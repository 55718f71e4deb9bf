package heed.cli;

import heed.cli.options.WeightOptions;
import heed.model.Model;
import heed.model.ModelOptions;
import heed.model.Models;
import java.io.PrintWriter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The option `--model` where no default would make sense.
final class RequiredModelOption {
    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            required = true,
            description =
                    "A folder, a GGUF file, hf:org/name, a name from `heed models list`, or maven:group:artifact:version.")
    @SuppressWarnings("NullAway.Init") // picocli fills it in
    String model;

    @Mixin
    private WeightOptions weights = new WeightOptions();

    WeightOptions weights() {
        return weights;
    }

    Model open(PrintWriter err) {
        ModelOptions options = weights.applyTo(ModelOptions.defaults());
        return Models.open(model, options.withProgress(new ProgressLine(err)));
    }
}

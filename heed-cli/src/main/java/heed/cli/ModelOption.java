package heed.cli;

import heed.model.Model;
import heed.model.Models;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
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

    Model open(PrintWriter err) {
        return Models.open(model == null ? DEFAULT : model, new ProgressLine(err));
    }
}

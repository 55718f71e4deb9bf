package heed.cli;

import heed.model.Model;
import heed.model.Models;
import java.io.PrintWriter;
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

    Model open(PrintWriter err) {
        return Models.open(model, new ProgressLine(err));
    }
}

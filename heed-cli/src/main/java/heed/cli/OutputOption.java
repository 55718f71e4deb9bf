package heed.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// Where a text or a picture goes that a command makes.
final class OutputOption {
    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Where the output goes. Default: standard output")
    private @Nullable Path file;

    boolean isStandard() {
        return file == null;
    }

    void write(String output, CommandSpec spec) throws IOException {
        if (file == null) {
            spec.commandLine().getOut().println(output.stripTrailing());
        } else {
            Files.writeString(file, output);
            spec.commandLine().getErr().println("heed: wrote " + file);
        }
    }
}

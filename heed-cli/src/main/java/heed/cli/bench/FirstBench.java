package heed.cli.bench;

import heed.timing.OtherLoad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "first",
        mixinStandardHelpOptions = true,
        description = "Seconds from the start of a process to its first embedding, written out.",
        footerHeading = "%nExample:%n",
        footer = "  heed bench first --model minilm")
final class FirstBench implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ModelChoice model = new ModelChoice();

    @Override
    public Integer call() throws IOException {
        Path text = Files.writeString(Files.createTempFile("heed", ".txt"), "A man is eating food.\n");
        try {
            OtherLoad others = OtherLoad.start();
            Program.Result result = Program.heed(List.of("embed", "--model", model.reference(), text.toString()))
                    .run();
            if (result.lines().size() != 1 || !result.lines().getFirst().has("embedding")) {
                throw new IllegalStateException("heed embed failed: " + result.failure());
            }
            Line line = new Line()
                    .with("bench", "first")
                    .with("impl", "heed")
                    .with("model", model.reference())
                    .with("seconds", result.seconds(), 3);
            Console.of(spec).print(Line.beside(others, line).values());
        } finally {
            Files.delete(text);
        }
        return 0;
    }
}

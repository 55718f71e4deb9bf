package heed.examples;

import heed.generation.Decoding;
import heed.model.Model;
import heed.model.Models;
import heed.task.TextGenerator;
import java.nio.file.Path;

/// What docs/generation.md shows of generating text from Java: the folder of a model is the argument.
public final class Generate {
    private Generate() {}

    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        // docs/generation.md:
        try (Model model = Models.open(folder)) {
            new TextGenerator(model, Decoding.greedy().maxNewTokens(40)).stream("Once upon", System.out::print);
        }
        // :docs/generation.md
    }
}

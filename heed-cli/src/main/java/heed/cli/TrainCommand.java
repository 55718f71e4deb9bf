package heed.cli;

import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import heed.recipe.LanguageRecipe;
import heed.recipe.LanguageTraining;
import heed.training.TrainingLoop;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = "Train a model as a recipe says, into a folder that Hugging Face's loaders read.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  heed train lm --config examples/moby-dick/train.yaml --out moby",
            "  heed train lm --config examples/moby-dick/train.yaml --resume moby"
        })
final class TrainCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "lm",
            mixinStandardHelpOptions = true,
            description = "Train a language model of characters from nothing, and show what it writes. A run that was"
                    + " stopped or killed goes on with --resume as if nothing had happened.")
    int languageModel(
            @Option(
                            names = "--config",
                            required = true,
                            paramLabel = "FILE",
                            description = "The recipe, in YAML; see docs/training.md.")
                    Path config,
            @Option(
                            names = "--out",
                            paramLabel = "DIR",
                            description = "Where model, checkpoints and metrics go. Default: the recipe's name")
                    Path out,
            @Option(
                            names = "--steps",
                            defaultValue = "0",
                            paramLabel = "N",
                            description = "Instead of the steps of the recipe.")
                    long steps,
            @Option(
                            names = "--resume",
                            paramLabel = "DIR",
                            description = "Go on from the newest checkpoint of this folder.")
                    Path resume,
            @Option(names = "--threads", defaultValue = "0", description = "Default: all processors") int threads)
            throws IOException {
        if (out != null && resume != null) {
            throw new IllegalArgumentException("--resume goes on in its own folder, so --out cannot be given with it");
        }
        PrintWriter err = spec.commandLine().getErr();
        LanguageRecipe recipe = LanguageRecipe.read(config, steps);
        Path folder = resume != null ? resume : out != null ? out : named(config);
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        try (WorkerPool workers = WorkerPool.of(count);
                Interruption interruption = Interruption.watch()) {
            LanguageTraining training = new LanguageTraining(
                    recipe,
                    folder,
                    new ProgressLine(err),
                    KernelProvider.active().kernels(),
                    workers);
            err.println("heed: " + training.parameters() + " parameters, " + training.vocabularySize()
                    + " different characters, " + training.trainingTokens() + " to learn from");
            TrainingLoop.End end;
            try (TrainingProgress progress = new TrainingProgress(err)) {
                end = training.run(resume != null, progress, interruption::requested);
            }
            err.println(
                    switch (end) {
                        case DONE -> "heed: done; the best model is in " + folder;
                        case NO_BETTER -> "heed: the validation loss got no better; the best model is in " + folder;
                        case STOPPED -> "heed: stopped and saved; go on with --resume " + folder;
                    });
            if (end != TrainingLoop.End.STOPPED && recipe.samples() > 0) {
                spec.commandLine()
                        .getOut()
                        .println(training.sample(recipe.seed()).strip());
            }
        }
        return 0;
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

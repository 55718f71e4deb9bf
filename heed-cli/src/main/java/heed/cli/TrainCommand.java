package heed.cli;

import heed.hub.Progress;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.recipe.ClassifierRecipe;
import heed.recipe.ClassifierTraining;
import heed.recipe.LanguageRecipe;
import heed.recipe.LanguageTraining;
import heed.recipe.Seq2SeqRecipe;
import heed.recipe.Seq2SeqTraining;
import heed.recipe.Training;
import heed.training.TrainingLoop;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = "Train a model as a recipe says, into a folder that Hugging Face's loaders read.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  heed train lm --config examples/moby-dick/train.yaml --out moby",
            "  heed train lm --config examples/moby-dick/train.yaml --resume moby",
            "  heed train classifier --config examples/reviews/full.yaml --out reviews"
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
    int languageModel(@Mixin TrainOptions options) throws IOException {
        return train(
                options,
                (folder, workers, progress) -> LanguageTraining.of(
                        LanguageRecipe.read(options.config, options.steps), folder, progress, kernels(), workers));
    }

    @Command(
            name = "classifier",
            mixinStandardHelpOptions = true,
            description =
                    "Teach a model to sort texts into classes, and show how it does on texts that it has not seen.")
    int classifier(@Mixin TrainOptions options) throws IOException {
        return train(
                options,
                (folder, workers, progress) -> new ClassifierTraining(
                        ClassifierRecipe.read(options.config, options.steps), folder, progress, kernels(), workers));
    }

    @Command(
            name = "seq2seq",
            mixinStandardHelpOptions = true,
            description =
                    "Train an encoder and a decoder from nothing, and show what they write about sources that they"
                            + " have not seen.")
    int seq2seq(@Mixin TrainOptions options) throws IOException {
        return train(
                options,
                (folder, workers, progress) -> new Seq2SeqTraining(
                        Seq2SeqRecipe.read(options.config, options.steps), folder, progress, kernels(), workers));
    }

    /// Makes what a recipe describes.
    private interface Preparation {
        Training prepare(Path folder, WorkerPool workers, Progress progress) throws IOException;
    }

    private static Kernels kernels() {
        return KernelProvider.active().kernels();
    }

    private int train(TrainOptions options, Preparation preparation) throws IOException {
        Path folder = options.folder();
        PrintWriter err = spec.commandLine().getErr();
        try (WorkerPool workers = WorkerPool.of(options.threadCount());
                Interruption interruption = Interruption.watch()) {
            Training training = preparation.prepare(folder, workers, new ProgressLine(err));
            training.summary().forEach(line -> err.println("heed: " + line));
            TrainingLoop.End end;
            try (TrainingProgress progress = new TrainingProgress(err)) {
                end = training.run(options.resume != null, progress, interruption::requested);
            }
            err.println(
                    switch (end) {
                        case DONE -> "heed: done; the best model is in " + folder;
                        case NO_BETTER -> "heed: the validation loss got no better; the best model is in " + folder;
                        case STOPPED -> "heed: stopped and saved; go on with --resume " + folder;
                    });
            err.flush();
            if (end != TrainingLoop.End.STOPPED) {
                training.results().forEach(spec.commandLine().getOut()::println);
            }
        }
        return 0;
    }
}

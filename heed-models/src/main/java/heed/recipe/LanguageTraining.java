package heed.recipe;

import heed.checkpoint.DurableFiles;
import heed.checkpoint.SafetensorsWriter;
import heed.hub.Progress;
import heed.kernel.Kernels;
import heed.kernel.RecurrentCell;
import heed.kernel.WorkerPool;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.training.CausalModel;
import heed.training.MovingAverage;
import heed.training.ParameterTree;
import heed.training.TextWindows;
import heed.training.Trainer;
import heed.training.TrainingLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/// Trains a language model of characters or tokens as a recipe says, in a folder that training can go on in.
public final class LanguageTraining implements Training {
    private final LanguageRecipe recipe;
    private final LearningText text;
    private final Vocabulary vocabulary;
    private final CausalModel model;
    private final Compute compute;
    private final TrainingRun run;

    /// Fetches the text and prepares everything, for a Transformer or a recurrent network as the recipe says.
    ///
    /// @param out where results go
    /// @throws RecipeException when the text cannot be had
    /// @throws IllegalArgumentException when it is too short
    public static Training of(LanguageRecipe recipe, Path out, Progress fetching, Kernels kernels, WorkerPool workers) {
        RecurrentCell cell = recipe.cell();
        return cell == null
                ? new LanguageTraining(recipe, out, fetching, kernels, workers)
                : new RecurrentTraining(recipe, cell, out, fetching, kernels, workers);
    }

    private LanguageTraining(LanguageRecipe recipe, Path out, Progress fetching, Kernels kernels, WorkerPool workers) {
        this.recipe = recipe;
        this.text = LearningText.of(recipe, fetching);
        this.vocabulary = text.vocabulary();
        TrainingSettings settings = recipe.training();
        this.model = CausalModel.fresh(recipe.sizes(vocabulary.size()), settings.seed());
        this.compute = new Compute(kernels, workers);
        Trainer trainer = new Trainer(
                ParameterTree.of(model), settings.trainer(text.stepsPerEpoch(recipe), recipe.width()), compute);
        MovingAverage average = settings.average().of(trainer.parameters());
        this.run = new TrainingRun(
                title(),
                trainer,
                average,
                task(),
                settings.plan(text.stepsPerEpoch(recipe)),
                new RunFolder(out, recipe.fingerprint(vocabulary)),
                this::write,
                compute);
    }

    private TextWindows task() {
        return new TextWindows(
                model,
                text.training(),
                text.validation(),
                recipe.context(),
                recipe.batch(),
                recipe.training().accumulate(),
                recipe.training().seed());
    }

    private String title() {
        return recipe.layers() + " layers, " + recipe.heads() + " heads, width " + recipe.width() + ", context "
                + recipe.context();
    }

    @Override
    public List<String> summary() {
        return text.summary(run.parameters());
    }

    @Override
    public TrainingLoop.End run(boolean resume, Watcher watcher, BooleanSupplier stopRequested) throws IOException {
        return run.run(resume, watcher, stopRequested);
    }

    /// What the model writes.
    @Override
    public List<String> results() {
        return recipe.samples() > 0 ? List.of(sample(recipe.training().seed()).strip()) : List.of();
    }

    private void write(Path folder) throws IOException {
        DurableFiles.write(
                folder.resolve("config.json"),
                Gpt2Files.configJson(model, recipe.training().dropout()));
        DurableFiles.write(folder.resolve("tokenizer.json"), vocabulary.tokenizerJson());
        DurableFiles.write(
                folder.resolve("tokenizer_config.json"),
                vocabulary
                        .settings()
                        .orElseGet(() ->
                                Gpt2Files.tokenizerConfigJson(model.positions().limit())));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), Gpt2Files.tensors(model));
    }

    /// A text that the model as it is now goes on with, drawn token by token.
    String sample(long seed) {
        String prompt = recipe.prompt();
        List<Integer> ids = new ArrayList<>();
        Arrays.stream(vocabulary.ids(prompt)).forEach(ids::add);
        SplittableRandom random = new SplittableRandom(seed);
        int length = ids.size() + recipe.samples();
        while (ids.size() < length) {
            int from = Math.max(0, ids.size() - recipe.context());
            int[] seen = ids.subList(from, ids.size()).stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
            ids.add(Drawing.draw(probabilities(seen), random));
        }
        return vocabulary.text(ids.stream().mapToInt(Integer::intValue).toArray());
    }

    private float[] probabilities(int[] seen) {
        Tensor logits = model.logits(seen, Sequences.single(seen.length), Pass.unwatched(compute));
        float[] probabilities = logits.part(seen.length - 1).softmax().values();
        compute.reset();
        return probabilities;
    }
}

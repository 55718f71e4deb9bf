package heed.recipe;

import heed.checkpoint.DurableFiles;
import heed.checkpoint.SafetensorsWriter;
import heed.family.ParameterSource;
import heed.family.RecurrentConfig;
import heed.family.RecurrentNetwork;
import heed.hub.Progress;
import heed.kernel.Kernels;
import heed.kernel.RecurrentCell;
import heed.kernel.WorkerPool;
import heed.pass.Pass;
import heed.recurrent.CarriedText;
import heed.recurrent.RecurrentLanguageModel;
import heed.recurrent.RecurrentState;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.training.MovingAverage;
import heed.training.ParameterTree;
import heed.training.Trainer;
import heed.training.TrainingLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Trains a recurrent language model of characters or tokens: the same recipe, trainer and folder as the
/// Transformer's.
final class RecurrentTraining implements Training {
    private final LanguageRecipe recipe;
    private final LearningText text;
    private final Vocabulary vocabulary;
    private final String config;
    private final ParameterSource.Learned parameters;
    private final RecurrentLanguageModel model;
    private final Compute compute;
    private final TrainingRun run;

    RecurrentTraining(
            LanguageRecipe recipe,
            RecurrentCell cell,
            Path out,
            Progress fetching,
            Kernels kernels,
            WorkerPool workers) {
        this.recipe = recipe;
        this.text = LearningText.of(recipe, fetching);
        this.vocabulary = text.vocabulary();
        TrainingSettings settings = recipe.training();
        this.config = RecurrentFiles.json(RecurrentFiles.config(
                RecurrentConfig.Kind.LANGUAGE_MODEL,
                cell,
                vocabulary.size(),
                recipe.width(),
                recipe.layers(),
                settings.dropout()));
        this.parameters = RecurrentFiles.fresh(RecurrentFiles.asIn(RecurrentLanguageModel.fresh(
                cell, vocabulary.size(), recipe.layers(), recipe.width(), settings.seed())));
        this.model = ((RecurrentNetwork.Writer) RecurrentFiles.begin(config, parameters)).model();
        this.compute = new Compute(kernels, workers);
        CarriedText task = new CarriedText(
                model, text.training(), text.validation(), recipe.context(), recipe.batch(), recipe.carry());
        Trainer trainer = new Trainer(
                ParameterTree.of(model), settings.trainer(text.stepsPerEpoch(recipe), recipe.width()), compute);
        MovingAverage average = settings.average().of(trainer.parameters());
        this.run = new TrainingRun(
                title(cell),
                trainer,
                average,
                task,
                settings.plan(text.stepsPerEpoch(recipe)),
                new RunFolder(out, recipe.fingerprint(vocabulary)),
                this::write,
                compute);
    }

    private String title(RecurrentCell cell) {
        return cell.name().toLowerCase(Locale.ROOT) + ", " + recipe.layers() + " layers, width " + recipe.width()
                + ", windows of " + recipe.context();
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
        DurableFiles.write(folder.resolve("config.json"), config);
        DurableFiles.write(folder.resolve("tokenizer.json"), vocabulary.tokenizerJson());
        if (vocabulary.settings().isPresent()) {
            DurableFiles.write(
                    folder.resolve("tokenizer_config.json"),
                    vocabulary.settings().get());
        }
        SafetensorsWriter.write(folder.resolve("model.safetensors"), parameters.tensors());
    }

    /// A text that the model goes on with, drawn token by token; each is read once, into the state.
    private String sample(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] unread = vocabulary.ids(recipe.prompt());
        List<Integer> ids = new ArrayList<>();
        Arrays.stream(unread).forEach(ids::add);
        RecurrentState state = null;
        for (int i = 0; i < recipe.samples(); i++) {
            Read read = read(unread, state);
            state = read.state;
            unread = new int[] {Drawing.draw(read.probabilities, random)};
            ids.add(unread[0]);
        }
        return vocabulary.text(ids.stream().mapToInt(Integer::intValue).toArray());
    }

    private record Read(float[] probabilities, RecurrentState state) {}

    private Read read(int[] ids, @Nullable RecurrentState before) {
        RecurrentLanguageModel.Scores scores =
                model.read(ids, Sequences.single(ids.length), before, Pass.unwatched(compute));
        Tensor last = scores.logits().part(ids.length - 1);
        Read read = new Read(last.softmax().values(), scores.last().copy());
        compute.reset();
        return read;
    }
}

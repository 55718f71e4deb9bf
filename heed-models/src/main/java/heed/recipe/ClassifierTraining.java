package heed.recipe;

import heed.autograd.Parameter;
import heed.family.ModelConfig;
import heed.family.Network;
import heed.family.TokenBatch;
import heed.hub.Progress;
import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.model.Outputs;
import heed.pass.Pass;
import heed.score.LabelSets;
import heed.tensor.Compute;
import heed.tensor.Tensor;
import heed.text.EncodeOptions;
import heed.text.Encoding;
import heed.text.Tokenizer;
import heed.text.Tokenizers;
import heed.training.EpochBatches;
import heed.training.ParameterTree;
import heed.training.TokenBudget;
import heed.training.Trainer;
import heed.training.TrainingLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Teaches a model to sort texts into classes as a recipe says, in a folder that training can go on in.
public final class ClassifierTraining implements Training {
    /// Windows share an eighth of their tokens, as those do in which a long comment is scored.
    private static final int OVERLAP_SHARE = 8;

    private final ClassifierRecipe recipe;
    private final Path out;
    private final LabelledTexts data;
    private final LabelledTexts.Split split;
    private final ClassifierModel model;
    private final ClassificationTask.Examples training;
    private final TrainingRun run;
    private final Kernels kernels;
    private final WorkerPool workers;

    /// Fetches model and data and prepares everything.
    ///
    /// @param out where results go
    /// @throws IllegalArgumentException when model or data cannot be had or used
    /// @throws IOException when the tokenizer of a new model cannot be written
    public ClassifierTraining(ClassifierRecipe recipe, Path out, Progress fetching, Kernels kernels, WorkerPool workers)
            throws IOException {
        this.recipe = recipe;
        this.out = out;
        this.kernels = kernels;
        this.workers = workers;
        this.data = recipe.data().load(fetching);
        this.split =
                data.split(recipe.validation(), recipe.test(), recipe.training().seed());
        this.model = recipe.start().begin(data, split.training(), recipe, out, fetching);
        ModelConfig understood = model.network().config();
        ClassificationTask.Examples validation;
        try (Tokenizer tokenizer = Tokenizers.open(model.tokenizerFolder())) {
            int most = Math.min(recipe.maxTokens(), understood.maxTokens());
            this.training = encoded(split.training(), tokenizer, most, recipe.windows());
            validation = encoded(split.validation(), tokenizer, most, recipe.windows());
        }
        this.run = prepare(validation, understood, recipe.training());
    }

    private TrainingRun prepare(
            ClassificationTask.Examples validation, ModelConfig understood, TrainingSettings settings) {
        EpochBatches batches = new EpochBatches(budget(training));
        long perEpoch = batches.stepsPerEpoch();
        Compute compute = new Compute(kernels, workers);
        Trainer trainer =
                new Trainer(model.learned(), model.settings(settings.trainer(perEpoch, understood.dModel())), compute);
        ClassificationTask task = new ClassificationTask(
                this::logits,
                training,
                validation,
                batches,
                settings.accumulate(),
                (float) recipe.smoothing(),
                weights(),
                data.labels().size(),
                recipe.several());
        return new TrainingRun(
                recipe.start().title() + ", " + data.labels().size() + " classes",
                trainer,
                settings.average().of(trainer.parameters()),
                task,
                settings.plan(perEpoch),
                new RunFolder(out, recipe.fingerprint(data.labels())),
                model::write,
                compute);
    }

    private float @Nullable [] weights() {
        return recipe.balanced()
                ? LabelledTexts.balanced(split.training(), data.labels().size())
                : null;
    }

    private TokenBudget budget(ClassificationTask.Examples examples) {
        long seed = recipe.training().seed();
        if (recipe.batchTokens().isPresent()) {
            int[] lengths = examples.ids().stream().mapToInt(ids -> ids.length).toArray();
            return new TokenBudget(
                    lengths,
                    (int) Math.min(Integer.MAX_VALUE, recipe.batchTokens().getAsLong()),
                    seed);
        }
        int[] ones = new int[examples.count()];
        Arrays.fill(ones, 1);
        return new TokenBudget(ones, recipe.batch(), seed);
    }

    /// Examples of at most `most` tokens each: of a longer text as many windows as are wanted, at even distances.
    private static ClassificationTask.Examples encoded(
            List<LabelledTexts.Example> examples, Tokenizer tokenizer, int most, int wanted) {
        EncodeOptions whole = EncodeOptions.defaults();
        List<Encoding> encodings = tokenizer.encode(
                examples.stream().map(LabelledTexts.Example::text).toList(),
                wanted == 1 ? whole.withMaxTokens(most) : whole);
        List<Encoding> parts = new ArrayList<>();
        List<int[]> classes = new ArrayList<>();
        for (int i = 0; i < examples.size(); i++) {
            for (Encoding part : parts(encodings.get(i), most, wanted)) {
                parts.add(part);
                classes.add(examples.get(i).classes());
            }
        }
        return new ClassificationTask.Examples(
                parts.stream().map(Encoding::ids).toList(),
                parts.stream().map(Encoding::typeIds).toList(),
                classes);
    }

    private static List<Encoding> parts(Encoding text, int most, int wanted) {
        List<Encoding> all = text.windows(most, most / OVERLAP_SHARE);
        int count = Math.min(wanted, all.size());
        return IntStream.range(0, count)
                .mapToObj(part -> all.get(count == 1 ? 0 : part * (all.size() - 1) / (count - 1)))
                .toList();
    }

    private Tensor logits(int[] examples, ClassificationTask.Examples of, Pass pass) {
        List<int[]> ids = new ArrayList<>();
        List<int[]> typeIds = new ArrayList<>();
        for (int example : examples) {
            ids.add(of.ids().get(example));
            typeIds.add(of.typeIds().get(example));
        }
        TokenBatch batch = TokenBatch.of(ids, typeIds);
        Network network = model.network();
        return Outputs.classLogits(network, network.represent(batch, pass), batch, pass);
    }

    @Override
    public List<String> summary() {
        long all = ParameterTree.of((Record) model.network()).stream()
                .mapToLong(Parameter::elements)
                .sum();
        List<String> classes = new ArrayList<>();
        for (int label = 0; label < data.labels().size(); label++) {
            classes.add(data.labels().get(label) + " " + data.count(label));
        }
        return List.of(
                recipe.start().title() + ": " + all + " parameters, of which " + run.parameters() + " learn",
                data.examples().size() + " texts"
                        + (data.empty() > 0 ? ", without " + data.empty() + " empty ones" : "") + ": "
                        + split.training().size() + " to learn from"
                        + (recipe.windows() > 1 ? " in " + training.count() + " windows, " : ", ")
                        + split.validation().size()
                        + " to choose by, " + split.test().size() + " to test; " + String.join(", ", classes));
    }

    @Override
    public TrainingLoop.End run(boolean resume, Watcher watcher, BooleanSupplier stopRequested) throws IOException {
        return run.run(resume, watcher, stopRequested);
    }

    /// How the model in the folder, opened as anybody opens it, does on the examples for testing.
    @Override
    public List<String> results() {
        if (split.test().isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(HeldOut.line(recipe.start().title(), HeldOut.ofModel(out, split.test(), recipe.maxTokens())));
        if (recipe.baseline()) {
            LabelSets words = BagOfWords.test(data.labels().size(), split, recipe, kernels, workers);
            lines.add(HeldOut.line("logistic regression over words", words));
        }
        return lines;
    }
}

package heed.recipe;

import heed.autograd.Parameter;
import heed.checkpoint.Checkpoint;
import heed.checkpoint.Checkpoints;
import heed.checkpoint.DurableFiles;
import heed.checkpoint.SafetensorsWriter;
import heed.family.ClassifierConfig;
import heed.family.EncoderNetwork;
import heed.family.ModelConfig;
import heed.family.Network;
import heed.family.ParameterSource;
import heed.family.TokenBatch;
import heed.hub.Hub;
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
import heed.training.Initializer;
import heed.training.ParameterTree;
import heed.training.TokenBudget;
import heed.training.Trainer;
import heed.training.TrainingLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Teaches a model to sort texts into classes as a recipe says, in a folder that training can go on in.
public final class ClassifierTraining implements Training {
    /// The deviation of a new head, as BERT began (Devlin et al. 2019, in the published code).
    private static final double HEAD_DEVIATION = 0.02;

    private final ClassifierRecipe recipe;
    private final Path base;
    private final Path out;
    private final LabelledTexts data;
    private final LabelledTexts.Split split;
    private final String config;
    private final Network network;
    private final ParameterSource.Learned parameters;
    private final @Nullable LowRankFiles updates;
    private final TrainingRun run;
    private final Kernels kernels;
    private final WorkerPool workers;

    /// Fetches model and data and prepares everything.
    ///
    /// @param out where results go
    /// @throws IllegalArgumentException when model or data cannot be had or used
    public ClassifierTraining(
            ClassifierRecipe recipe, Path out, Progress fetching, Kernels kernels, WorkerPool workers) {
        this.recipe = recipe;
        this.out = out;
        this.kernels = kernels;
        this.workers = workers;
        TrainingSettings settings = recipe.training();
        this.data = recipe.data().load(fetching);
        this.split = data.split(recipe.validation(), recipe.test(), settings.seed());
        this.base = Hub.standard().fetch(recipe.model(), fetching);
        this.config = ClassifierConfig.json(base, data.labels(), recipe.several());
        ModelConfig understood = ModelConfig.parse(config, base.resolve("config.json") + " with a head for texts");
        Initializer draw = new Initializer(settings.seed());
        try (Checkpoint checkpoint = Checkpoints.open(base)) {
            this.parameters = new ParameterSource.Learned(
                    checkpoint,
                    (path, shape) -> path.startsWith("head.") || path.startsWith("pooler.")
                            ? Optional.of(draw.normal(shape.rank() == 1 ? 0 : HEAD_DEVIATION, shape.toArray()))
                            : Optional.empty());
            Network loaded = Network.load(understood, parameters);
            parameters.readAll();
            this.updates =
                    recipe.tune() instanceof Tune.LowRankUpdates lora ? new LowRankFiles(lora, parameters) : null;
            this.network = updates == null ? loaded : updates.beside(loaded, settings.seed());
        }
        this.run = prepare(understood, settings);
    }

    private TrainingRun prepare(ModelConfig understood, TrainingSettings settings) {
        ClassificationTask.Examples training;
        ClassificationTask.Examples validation;
        try (Tokenizer tokenizer = Tokenizers.open(base)) {
            int most = Math.min(recipe.maxTokens(), understood.maxTokens());
            training = encoded(split.training(), tokenizer, most);
            validation = encoded(split.validation(), tokenizer, most);
        }
        EpochBatches batches = new EpochBatches(budget(training));
        long perEpoch = batches.stepsPerEpoch();
        Compute compute = new Compute(kernels, workers);
        Trainer trainer = new Trainer(learned(), trainerSettings(perEpoch, understood), compute);
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
                recipe.model() + ", " + data.labels().size() + " classes",
                trainer,
                settings.average().of(trainer.parameters()),
                task,
                settings.plan(perEpoch),
                new RunFolder(out, recipe.fingerprint(data.labels())),
                this::write,
                compute);
    }

    private Trainer.Settings trainerSettings(long perEpoch, ModelConfig understood) {
        Trainer.Settings usual = recipe.training().trainer(perEpoch, understood.dModel());
        return recipe.tune() instanceof Tune.LowRankUpdates lora
                ? new Trainer.Settings(
                        usual.optimizer(),
                        usual.schedule(),
                        usual.clip(),
                        usual.dropout().withUpdate((float) lora.dropout()),
                        usual.seed())
                : usual;
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

    private static ClassificationTask.Examples encoded(
            List<LabelledTexts.Example> examples, Tokenizer tokenizer, int most) {
        List<Encoding> encodings = tokenizer.encode(
                examples.stream().map(LabelledTexts.Example::text).toList(),
                EncodeOptions.defaults().withMaxTokens(most));
        return new ClassificationTask.Examples(
                encodings.stream().map(Encoding::ids).toList(),
                encodings.stream().map(Encoding::typeIds).toList(),
                examples.stream().map(LabelledTexts.Example::classes).toList());
    }

    private Tensor logits(int[] examples, ClassificationTask.Examples of, Pass pass) {
        List<int[]> ids = new ArrayList<>();
        List<int[]> typeIds = new ArrayList<>();
        for (int example : examples) {
            ids.add(of.ids().get(example));
            typeIds.add(of.typeIds().get(example));
        }
        TokenBatch batch = TokenBatch.of(ids, typeIds);
        return Outputs.classLogits(network, network.represent(batch, pass), batch, pass);
    }

    /// The parameters that the recipe lets learn, of those that the loss depends on.
    private List<Parameter> learned() {
        Record used = network instanceof EncoderNetwork encoder
                ? new EncoderNetwork(
                        encoder.config(),
                        encoder.embedding(),
                        encoder.encoder(),
                        encoder.rule(),
                        null,
                        encoder.head(),
                        null)
                : (Record) network;
        List<Parameter> all = ParameterTree.of(used);
        return switch (recipe.tune()) {
            case Tune.Full _ -> all;
            case Tune.HeadAlone _ ->
                all.stream().filter(ClassifierTraining::inHead).toList();
            case Tune.LowRankUpdates _ ->
                all.stream()
                        .filter(parameter ->
                                inHead(parameter) || parameter.path().contains(".update."))
                        .toList();
        };
    }

    private static boolean inHead(Parameter parameter) {
        return parameter.path().startsWith("head.");
    }

    @Override
    public List<String> summary() {
        long all = ParameterTree.of((Record) network).stream()
                .mapToLong(Parameter::elements)
                .sum();
        List<String> classes = new ArrayList<>();
        for (int label = 0; label < data.labels().size(); label++) {
            classes.add(data.labels().get(label) + " " + data.count(label));
        }
        return List.of(
                recipe.model() + ": " + all + " parameters, of which " + run.parameters() + " learn",
                data.examples().size() + " texts"
                        + (data.empty() > 0 ? ", without " + data.empty() + " empty ones" : "") + ": "
                        + split.training().size() + " to learn from, "
                        + split.validation().size()
                        + " to choose by, " + split.test().size() + " to test; " + String.join(", ", classes));
    }

    @Override
    public TrainingLoop.End run(boolean resume, Watcher watcher, BooleanSupplier stopRequested) throws IOException {
        return run.run(resume, watcher, stopRequested);
    }

    private void write(Path folder) throws IOException {
        TokenizerFiles.copy(base, folder);
        DurableFiles.write(folder.resolve("config.json"), config);
        if (updates == null) {
            SafetensorsWriter.write(folder.resolve("model.safetensors"), parameters.tensors());
        } else if (((Tune.LowRankUpdates) recipe.tune()).saved() == Tune.LowRankUpdates.Saved.MERGED) {
            SafetensorsWriter.write(folder.resolve("model.safetensors"), updates.merged());
        } else {
            List<Parameter> head =
                    learned().stream().filter(ClassifierTraining::inHead).toList();
            DurableFiles.write(folder.resolve("adapter_config.json"), updates.config(recipe.model(), head));
            SafetensorsWriter.write(folder.resolve("adapter_model.safetensors"), updates.adapter(head));
        }
    }

    /// How the model in the folder, opened as anybody opens it, does on the examples for testing.
    @Override
    public List<String> results() {
        if (split.test().isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(HeldOut.line(
                recipe.model() + ", " + recipe.tune(), HeldOut.ofModel(out, split.test(), recipe.maxTokens())));
        if (recipe.baseline()) {
            LabelSets words = BagOfWords.test(data.labels().size(), split, recipe, kernels, workers);
            lines.add(HeldOut.line("logistic regression over words", words));
        }
        return lines;
    }
}

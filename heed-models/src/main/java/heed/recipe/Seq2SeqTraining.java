package heed.recipe;

import heed.checkpoint.Checkpoint;
import heed.checkpoint.DurableFiles;
import heed.checkpoint.NamedTensor;
import heed.checkpoint.SafetensorsWriter;
import heed.corpus.Protection;
import heed.corpus.TextPair;
import heed.family.ModelConfig;
import heed.family.Network;
import heed.family.ParameterSource;
import heed.family.Seq2SeqNetwork;
import heed.hub.Progress;
import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.model.Models;
import heed.task.Translator;
import heed.tensor.Compute;
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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// Teaches an encoder and a decoder, from nothing, to write one text about another, in a folder that training
/// can go on in.
public final class Seq2SeqTraining implements Training {
    private static final int SAMPLES = 3;

    private final Seq2SeqRecipe recipe;
    private final Path out;
    private final List<Texts> tested;
    private final int left;
    private final int pairs;
    private final String config;
    private final String generation;
    private final ParameterSource.Learned parameters;
    private final TrainingRun run;
    private final int vocabulary;

    private record Texts(String source, String target) {}

    /// Fetches the data, makes the tokenizer and prepares everything.
    ///
    /// @param out where results go
    /// @throws IllegalArgumentException when the data cannot be had or used
    /// @throws IOException when the tokenizer cannot be written
    public Seq2SeqTraining(Seq2SeqRecipe recipe, Path out, Progress fetching, Kernels kernels, WorkerPool workers)
            throws IOException {
        this.recipe = recipe;
        this.out = out;
        TrainingSettings settings = recipe.training();
        List<Texts> all = shuffled(load(recipe.data(), fetching), settings.seed());
        boolean apart = !recipe.validated().files().isEmpty();
        List<Texts> validated = apart ? load(recipe.validated(), fetching) : List.of();
        List<String> sides = all.stream()
                .flatMap(pair -> Stream.of(pair.source, pair.target))
                .toList();
        recipe.tokenizer().write(out, sides, recipe.maxTokens(), recipe.protect());
        try (Tokenizer tokenizer = Tokenizers.open(out)) {
            int padding = id(tokenizer, tokenizer.padId().orElse(-1), "padding");
            int end = id(tokenizer, tokenizer.eosId().orElse(-1), "the end of a text");
            this.vocabulary = tokenizer.vocabularySize();
            this.config = recipe.configJson(vocabulary, padding, end);
            this.generation = recipe.generationJson(padding, end);
            List<Texts> fitting = new ArrayList<>();
            List<Seq2SeqTask.Pair> encoded = encode(all, tokenizer, end, fitting);
            List<Seq2SeqTask.Pair> held = encode(validated, tokenizer, end, new ArrayList<>());
            this.pairs = encoded.size();
            this.left = all.size() - pairs;
            int test = (int) Math.round(recipe.test() * pairs);
            int validation = apart ? 0 : (int) Math.round(recipe.validation() * pairs);
            if (validation + held.size() == 0 || test + validation >= pairs) {
                throw new RecipeException(pairs + " pairs of at most " + recipe.maxTokens()
                        + " tokens are too few for a validation share of " + recipe.validation()
                        + " and a test share of " + recipe.test());
            }
            this.tested = fitting.subList(0, test);
            ModelConfig understood = ModelConfig.parse(config, "the configuration of the recipe");
            this.parameters = new ParameterSource.Learned(
                    Checkpoint.empty(), recipe.architecture().beginning(vocabulary, settings.seed()));
            Seq2SeqNetwork network = (Seq2SeqNetwork) Network.load(understood, parameters);
            this.run = prepare(
                    network,
                    encoded.subList(test + validation, pairs),
                    apart ? held : encoded.subList(test, test + validation),
                    new Compute(kernels, workers));
        }
    }

    /// @param fitting gets the texts of the pairs that are short enough
    private List<Seq2SeqTask.Pair> encode(List<Texts> all, Tokenizer tokenizer, int end, List<Texts> fitting) {
        List<Seq2SeqTask.Pair> encoded = new ArrayList<>();
        for (Texts texts : all) {
            int[] source = ended(tokenizer.encode(texts.source), end);
            int[] target = ended(tokenizer.encode(texts.target), end);
            if (Math.max(source.length, target.length) <= recipe.maxTokens()) {
                fitting.add(texts);
                encoded.add(new Seq2SeqTask.Pair(source, target));
            }
        }
        return encoded;
    }

    private TrainingRun prepare(
            Seq2SeqNetwork network,
            List<Seq2SeqTask.Pair> training,
            List<Seq2SeqTask.Pair> validation,
            Compute compute) {
        TrainingSettings settings = recipe.training();
        int[] lengths = training.stream().mapToInt(Seq2SeqTask.Pair::tokens).toArray();
        EpochBatches batches = new EpochBatches(new TokenBudget(lengths, recipe.batchTokens(), settings.seed()));
        long perEpoch = batches.stepsPerEpoch();
        Trainer trainer = new Trainer(
                ParameterTree.of((Record) network),
                settings.trainer(perEpoch, recipe.architecture().width()),
                compute);
        return new TrainingRun(
                recipe.architecture().title(),
                trainer,
                settings.average().of(trainer.parameters()),
                new Seq2SeqTask(
                        network,
                        training,
                        validation,
                        batches,
                        settings.accumulate(),
                        (float) recipe.smoothing(),
                        SubwordCuts.sampler(out, recipe.sampling()),
                        recipe.maxTokens(),
                        settings.seed()),
                settings.plan(perEpoch),
                new RunFolder(out, recipe.fingerprint()),
                this::write,
                compute);
    }

    private List<Texts> load(DataFiles files, Progress fetching) {
        List<Texts> all = new ArrayList<>();
        for (DataFiles.Row row : files.rows(fetching)) {
            String source = row.value(recipe.source()).asString().strip();
            String target = row.value(recipe.target()).asString().strip();
            if (!source.isEmpty() && !target.isEmpty()) {
                learned(source, target).ifPresent(all::add);
            }
        }
        if (all.isEmpty()) {
            throw new RecipeException(
                    "the data has no pair of a text in '" + recipe.source() + "' and one in '" + recipe.target() + "'");
        }
        return all;
    }

    /// The pair as it is learned; nothing when a placeholder of one side is not on the other.
    private Optional<Texts> learned(String source, String target) {
        return recipe.protect()
                ? Protection.pair(new TextPair(source, target, "")).map(pair -> new Texts(pair.source(), pair.target()))
                : Optional.of(new Texts(source, target));
    }

    private static List<Texts> shuffled(List<Texts> all, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = all.size() - 1; i > 0; i--) {
            Collections.swap(all, i, random.nextInt(i + 1));
        }
        return all;
    }

    private static int id(Tokenizer tokenizer, int id, String what) {
        if (id < 0) {
            throw new RecipeException("the tokenizer has no token for " + what + " among its "
                    + tokenizer.vocabularySize() + " tokens, such as " + WordVocabulary.PADDING + " or "
                    + WordVocabulary.END);
        }
        return id;
    }

    private static int[] ended(Encoding encoding, int end) {
        int[] ids = encoding.ids();
        if (ids.length > 0 && ids[ids.length - 1] == end) {
            return ids;
        }
        int[] longer = Arrays.copyOf(ids, ids.length + 1);
        longer[ids.length] = end;
        return longer;
    }

    @Override
    public List<String> summary() {
        return List.of(
                run.parameters() + " parameters, " + vocabulary + " tokens",
                pairs + " pairs, of which " + tested.size() + " test"
                        + (left > 0 ? "; " + left + " are longer than " + recipe.maxTokens() + " tokens" : ""));
    }

    @Override
    public TrainingLoop.End run(boolean resume, Watcher watcher, BooleanSupplier stopRequested) throws IOException {
        return run.run(resume, watcher, stopRequested);
    }

    private void write(Path folder) throws IOException {
        DurableFiles.write(folder.resolve("config.json"), config);
        DurableFiles.write(folder.resolve("generation_config.json"), generation);
        List<NamedTensor> tensors = new ArrayList<>(parameters.tensors());
        tensors.addAll(recipe.architecture().constants(vocabulary));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors);
    }

    /// What the model in the folder, opened as anybody opens it, writes about the sources for testing.
    @Override
    public List<String> results() {
        if (tested.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        try (Model model = Models.open(out)) {
            var written = new Translator(model)
                    .translate(tested.stream().map(Texts::source).toList());
            int exact = 0;
            for (int i = 0; i < tested.size(); i++) {
                exact += written.get(i).text().equals(tested.get(i).target) ? 1 : 0;
                if (i < SAMPLES) {
                    Map<String, Object> line = new LinkedHashMap<>();
                    line.put("source", tested.get(i).source);
                    line.put("translation", written.get(i).text());
                    line.put("reference", tested.get(i).target);
                    lines.add(JsonMapper.shared().writeValueAsString(line));
                }
            }
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("examples", tested.size());
            line.put("exact", (double) exact / tested.size());
            lines.add(JsonMapper.shared().writeValueAsString(line));
        }
        return lines;
    }
}

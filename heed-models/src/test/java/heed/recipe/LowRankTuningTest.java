package heed.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.checkpoint.Checkpoint;
import heed.checkpoint.Checkpoints;
import heed.checkpoint.Safetensors;
import heed.hub.Progress;
import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.model.Models;
import heed.task.Classifier;
import heed.training.Trainer;
import heed.training.TrainingLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@NullMarked
class LowRankTuningTest {
    private static final Path BERT =
            Path.of("src/test/resources/golden/bert/base").toAbsolutePath();
    private static final String RECIPE = """
            model: %s
            tune: lora
            data: {file: data.csv}
            validation: 0.2
            batch: 4
            steps: 30
            optimizer: {rate: 1e-2}
            dropout: 0
            lora: {rank: 2, alpha: 4, dropout: 0.1, save: SAVED}
            """.formatted(BERT);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void writeData() throws IOException {
        Files.writeString(
                folder.resolve("data.csv"), "text,label\n" + "the cat sat,good\nthe dog ran away,bad\n".repeat(12));
    }

    private Path train(String recipe, String out) throws IOException {
        Path file = Files.writeString(folder.resolve("recipe.yaml"), recipe);
        try (WorkerPool workers = WorkerPool.of(1)) {
            new ClassifierTraining(
                            ClassifierRecipe.read(file, 0),
                            folder.resolve(out),
                            Progress.none(),
                            KernelProvider.vector().orElseThrow(),
                            workers)
                    .run(false, new Quiet(), () -> false);
        }
        return folder.resolve(out);
    }

    private static final class Quiet implements Training.Watcher {
        @Override
        public void stepped(Trainer.Step step, int tokens, long of) {}

        @Override
        public void evaluated(TrainingLoop.Evaluation evaluation, TrainingLoop.Progress progress) {}
    }

    private static Map<String, Double> classify(Path model) {
        try (Model opened = Models.open(model)) {
            return new Classifier(opened).classify("the cat ran");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", targets: [query, value, intermediate.dense, output.dense]"})
    void anAdapterOnItsModelIsTheMergedModel(String targets) throws IOException {
        String recipe = RECIPE.replace("rank: 2", "rank: 2" + targets);
        Path merged = train(recipe.replace("SAVED", "merged"), "merged");
        Path adapter = train(recipe.replace("SAVED", "adapter"), "adapter");
        assertThat(adapter.resolve("model.safetensors")).doesNotExist();
        assertThat(classify(adapter).get("good")).isCloseTo(classify(merged).get("good"), within(1e-6));
        String query = "encoder.layer.1.attention.self.query.weight";
        String key = "encoder.layer.1.attention.self.key.weight";
        try (Checkpoint before = Checkpoints.open(BERT);
                Checkpoint after = Checkpoints.open(merged)) {
            assertThat(after.read("bert." + query)).isNotEqualTo(before.read(query));
            assertThat(after.read("bert." + key)).isEqualTo(before.read(key));
        }
    }

    /// As PEFT 0.21 names and shapes them.
    @Test
    void anAdapterHasTheLayoutOfPeft() throws IOException {
        Path adapter = train(RECIPE.replace("SAVED", "adapter"), "adapter");
        JsonNode config = JsonMapper.shared().readTree(Files.readString(adapter.resolve("adapter_config.json")));
        assertThat(config.path("peft_type").asString()).isEqualTo("LORA");
        assertThat(config.path("r").asInt()).isEqualTo(2);
        assertThat(config.path("lora_alpha").asDouble()).isEqualTo(4);
        assertThat(config.path("modules_to_save").toString()).isEqualTo("[\"classifier\",\"pooler\"]");
        try (Checkpoint tensors = Safetensors.open(adapter.resolve("adapter_model.safetensors"));
                Checkpoint below = Checkpoints.open(BERT)) {
            String module = "bert.encoder.layer.0.attention.self.value";
            int d = below.tensor("encoder.layer.0.attention.self.value.weight")
                    .shape()
                    .getFirst();
            assertThat(tensors.tensor("base_model.model." + module + ".lora_A.weight")
                            .shape())
                    .containsExactly(2, d);
            assertThat(tensors.tensor("base_model.model." + module + ".lora_B.weight")
                            .shape())
                    .containsExactly(d, 2);
            assertThat(tensors.tensors()).containsKey("base_model.model.classifier.weight");
            assertThat(tensors.tensors()).doesNotContainKey("base_model.model.bert.embeddings.word_embeddings.weight");
        }
    }

    @Test
    void theFeedForwardNetworkCanHaveUpdates() throws IOException {
        Path adapter = train(
                RECIPE.replace("rank: 2", "rank: 2, targets: [intermediate.dense, layer.0.output.dense]")
                        .replace("SAVED", "adapter"),
                "adapter");
        try (Checkpoint tensors = Safetensors.open(adapter.resolve("adapter_model.safetensors"))) {
            assertThat(tensors.tensors())
                    .containsKeys(
                            "base_model.model.bert.encoder.layer.1.intermediate.dense.lora_A.weight",
                            "base_model.model.bert.encoder.layer.0.output.dense.lora_B.weight")
                    .doesNotContainKey("base_model.model.bert.encoder.layer.1.output.dense.lora_B.weight");
            assertThat(tensors.read("base_model.model.bert.encoder.layer.0.intermediate.dense.lora_B.weight"))
                    .as("what began with zeros has learned")
                    .doesNotContain(0f);
        }
    }

    @Test
    void anAdapterOfAnotherModelIsRefused() throws IOException {
        Path adapter = train(RECIPE.replace("SAVED", "adapter"), "adapter");
        Path config = adapter.resolve("adapter_config.json");
        String text = Files.readString(config);
        Path other = Path.of("src/test/resources/golden/distilbert/base").toAbsolutePath();
        Files.writeString(config, text.replace(BERT.toString(), other.toString()));
        assertThatThrownBy(() -> Models.open(adapter)).hasMessageContaining("the adapter belongs to another model");
        Files.writeString(config, text.replace("\"LORA\"", "\"IA3\""));
        assertThatThrownBy(() -> Models.open(adapter)).hasMessageContaining("is not supported, only LORA");
    }

    @Test
    void targetsThatTheModelLacksAreRefused() {
        assertThatThrownBy(() -> train(RECIPE.replace("rank: 2", "rank: 2, targets: [q_proj]"), "out"))
                .hasMessageContaining("save must be merged or adapter");
        assertThatThrownBy(() -> train(
                        RECIPE.replace("rank: 2", "rank: 2, targets: [q_proj]").replace("SAVED", "merged"), "out"))
                .hasMessageContaining("no matrix of the model has a name that ends in q_proj");
    }
}

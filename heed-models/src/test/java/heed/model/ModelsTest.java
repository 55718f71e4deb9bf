package heed.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.checkpoint.CheckpointException;
import heed.family.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Folders that are nearly models.
class ModelsTest {
    private static final Path VOCABULARY_ONLY = Path.of("src/test/resources/golden/bert/vocab-txt");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private void copy(String... files) throws IOException {
        for (String file : files) {
            Files.copy(VOCABULARY_ONLY.resolve(file), folder.resolve(file));
        }
    }

    @Test
    void aTokenizerWithMoreTokensThanEmbeddingsIsRefusedWithBothNumbers() throws IOException {
        copy("config.json", "model.safetensors", "vocab.txt", "tokenizer_config.json");
        Files.writeString(folder.resolve("vocab.txt"), "surplus\n", StandardOpenOption.APPEND);
        try (Model model = Models.open(folder)) {
            assertThatThrownBy(model::tokenizer)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("has 102 tokens, the model has embeddings for 101");
        }
    }

    @Test
    void aFolderWithoutWeightsSaysWhatWasLookedFor() throws IOException {
        copy("config.json");
        assertThatThrownBy(() -> Models.open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.safetensors");
    }

    @Test
    void weightsOfAnotherSizeThanTheConfigurationAreRefusedAllAtOnce() throws IOException {
        copy("model.safetensors");
        String config = Files.readString(VOCABULARY_ONLY.resolve("config.json"));
        Files.writeString(
                folder.resolve("config.json"),
                config.replace("\"intermediate_size\": 53", "\"intermediate_size\": 54")
                        .replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"));
        assertThatThrownBy(() -> Models.open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("'encoder.layer.0.intermediate.dense.weight' has shape [53, 35]")
                .hasMessageContaining("config.json says [54, 35]")
                .hasMessageContaining("missing 'encoder.layer.2.")
                .hasMessageContaining("more")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void aTruncatedFileOfWeightsIsNamed() throws IOException {
        copy("config.json");
        byte[] whole = Files.readAllBytes(VOCABULARY_ONLY.resolve("model.safetensors"));
        Files.write(folder.resolve("model.safetensors"), java.util.Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> Models.open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.safetensors");
    }

    @Test
    void aModelIsNamedAfterItsFolder() {
        try (Model model = Models.open(VOCABULARY_ONLY.toString())) {
            assertThat(model.name()).isEqualTo("vocab-txt");
        }
    }
}

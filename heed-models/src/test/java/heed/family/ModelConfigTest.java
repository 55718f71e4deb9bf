package heed.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ModelConfigTest {
    private static final String BERT = """
            {"model_type": "bert", "architectures": ["BertModel"], "vocab_size": 101, "hidden_size": 35,
             "num_hidden_layers": 3, "num_attention_heads": 5, "intermediate_size": 53, "hidden_act": "gelu",
             "max_position_embeddings": 23, "a_key_nobody_knows": [1, 2]}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private ModelConfig read(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
        return ModelConfig.read(folder);
    }

    @Test
    void readsBertAndIgnoresWhatChangesNothing() throws IOException {
        ModelConfig config = read(BERT);
        assertThat(config.layers()).isEqualTo(3);
        assertThat(config.heads()).isEqualTo(5);
        assertThat(config.maxTokens()).isEqualTo(23);
        assertThat(((BertConfig) config).layerNormEps()).isEqualTo(1e-12f);
    }

    @Test
    void saysWhichFolderHasNoConfig() {
        assertThatThrownBy(() -> ModelConfig.read(folder))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("has no config.json");
        assertThatThrownBy(() -> ModelConfig.read(folder.resolve("nowhere")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("there is no model folder");
    }

    static Stream<Arguments> refusals() {
        String known = "\"a_key_nobody_knows\": [1, 2]";
        return Stream.of(
                Arguments.of("\"bert\"", "\"xlnet\"", "model_type 'xlnet' is not supported; supported: "),
                Arguments.of("35", "34", "hidden_size 34 does not divide into num_attention_heads 5"),
                Arguments.of("35", "-35", "hidden_size should be a whole number of at least 1, it is -35"),
                Arguments.of("35", "\"35\"", "hidden_size should be a whole number of at least 1"),
                Arguments.of("35", "1e99", "hidden_size should be a whole number of at least 1"),
                Arguments.of("\"hidden_size\": 35", "\"x\": 1", "hidden_size is missing"),
                Arguments.of("\"gelu\"", "\"mish\"", "hidden_act 'mish' is not supported; supported: gelu"),
                Arguments.of("BertModel", "BertForMultipleChoice", "BertForMultipleChoice is not supported"),
                Arguments.of(known, "\"is_decoder\": true", "bert as a decoder is not supported"),
                Arguments.of(
                        known, "\"position_embedding_type\": \"relative_key\"", "'relative_key' is not supported"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesByNameWhatItCannotCompute(String found, String replaced, String reason) {
        assertThatThrownBy(() -> read(BERT.replace(found, replaced)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("\n");
    }

    static Stream<Arguments> noConfigs() {
        return Stream.of(
                Arguments.of("{\"model_type\": ", "is not valid JSON"),
                Arguments.of("[1, 2]", "holds no JSON object"),
                Arguments.of("\"text\"", "holds no JSON object"));
    }

    @ParameterizedTest
    @MethodSource("noConfigs")
    void refusesFilesThatAreNoConfig(String json, String reason) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void readsTheNamesOfClassesInTheOrderOfTheirIds() throws IOException {
        ModelConfig config = read(
                BERT.replace("\"a_key_nobody_knows\": [1, 2]", "\"id2label\": {\"1\": \"spam\", \"0\": \"fine\"}"));
        assertThat(config.labels()).containsExactly("fine", "spam");
    }
}

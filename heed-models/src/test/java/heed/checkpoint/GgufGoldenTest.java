package heed.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// GGUF files mean what the package `gguf` and Hugging Face's checkpoint of the same model say.
final class GgufGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/gguf");

    @Test
    void blocksAreUnpackedAsTheirAuthorsDo() {
        assertSame(Gguf.open(GOLDEN.resolve("blocks.gguf")), Safetensors.open(GOLDEN.resolve("blocks.safetensors")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-3", "qwen2", "gpt2"})
    void weightsHaveHuggingFacesNamesAndLayout(String family) {
        Path folder = GOLDEN.resolve(family);
        assertSame(Checkpoints.open(folder), Safetensors.open(folder.resolve("expected.safetensors")));
    }

    private static void assertSame(Checkpoint actual, Checkpoint expected) {
        try (actual;
                expected) {
            assertThat(actual.tensors().keySet())
                    .containsExactlyInAnyOrderElementsOf(expected.tensors().keySet());
            expected.tensors().forEach((name, info) -> {
                assertThat(actual.tensor(name).shape()).as(name).isEqualTo(info.shape());
                float[] values = actual.read(name);
                float[] golden = expected.read(name);
                for (int i = 0; i < golden.length; i++) {
                    assertThat(values[i]).as("%s at %d", name, i).isEqualTo(golden[i] + 0f); // -0 is 0
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "llama, 'model_type hidden_size intermediate_size num_hidden_layers num_attention_heads num_key_value_heads head_dim"
                + " max_position_embeddings rms_norm_eps hidden_act attention_bias mlp_bias'",
        "llama-3, 'model_type hidden_size intermediate_size num_hidden_layers num_attention_heads num_key_value_heads"
                + " head_dim max_position_embeddings rms_norm_eps'",
        "qwen2, 'model_type hidden_size intermediate_size num_hidden_layers num_attention_heads num_key_value_heads"
                + " max_position_embeddings rms_norm_eps hidden_act'",
        "gpt2, 'model_type n_embd n_layer n_head n_inner n_positions layer_norm_epsilon activation_function'"
    })
    void theConfigurationIsThatOfTheCheckpoint(String family, String keys) throws Exception {
        Path folder = GOLDEN.resolve(family);
        JsonNode actual =
                JsonMapper.shared().readTree(Gguf.config(Gguf.at(folder).orElseThrow()));
        JsonNode expected = JsonMapper.shared().readTree(Files.readString(folder.resolve("expected-config.json")));
        for (String key :
                (keys + " architectures vocab_size tie_word_embeddings bos_token_id eos_token_id").split(" ")) {
            assertThat(actual.path(key)).as(key).isEqualTo(expected.path(key));
        }
    }

    @Test
    void theScalingOfRotaryFrequenciesIsFoundInReverse() throws Exception {
        JsonNode actual = JsonMapper.shared().readTree(Gguf.config(GOLDEN.resolve("llama-3/llama-3.gguf")));
        JsonNode expected = JsonMapper.shared()
                .readTree(Files.readString(GOLDEN.resolve("llama-3/expected-config.json")))
                .path("rope_parameters");
        assertThat(actual.path("rope_theta").asDouble())
                .isEqualTo(expected.path("rope_theta").asDouble());
        for (String key :
                "rope_type factor low_freq_factor high_freq_factor original_max_position_embeddings".split(" ")) {
            assertThat(actual.path("rope_scaling").path(key).asString())
                    .as(key)
                    .isEqualTo(expected.path(key).asString());
        }
    }
}

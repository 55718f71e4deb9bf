package heed.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.checkpoint.Checkpoint;
import heed.checkpoint.CheckpointException;
import heed.checkpoint.Checkpoints;
import heed.kernel.Activation;
import heed.model.Model;
import heed.model.Models;
import heed.model.Outputs;
import heed.position.RelativeBuckets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the configurations of encoders and of encoders with a decoder say, and what is refused by name.
class FamilyConfigTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /// The configuration of a tiny checkpoint with one thing replaced.
    private ModelConfig changed(String model, String found, String replaced) throws IOException {
        String json = Files.readString(GOLDEN.resolve(model).resolve("config.json"));
        assertThat(json).contains(found);
        Files.writeString(folder.resolve("config.json"), json.replace(found, replaced));
        return ModelConfig.read(folder);
    }

    @Test
    void positionsThatStandForPaddingAreNoRoomForTokens() throws IOException {
        ModelConfig config =
                changed("roberta/base", "\"max_position_embeddings\": 19", "\"max_position_embeddings\": 514");
        assertThat(config.maxTokens()).isEqualTo(512);
    }

    @Test
    void aGateWithGeluMeansItsApproximation() throws IOException {
        assertThat(((T5Config) changed("t5/flan", "gated-gelu", "gated-gelu")).activation())
                .isEqualTo(Activation.GELU_TANH);
        assertThat(((T5Config) changed("t5/flan", "gated-gelu", "gelu")).activation())
                .isEqualTo(Activation.GELU);
        assertThat(((T5Config) changed("t5/flan", "gated-gelu", "gated-silu")).activation())
                .isEqualTo(Activation.SILU);
    }

    @Test
    void hiddenStatesAreScaledWhereTheConfigurationSaysThatEmbeddingsAreTiedOrNothing() throws IOException {
        assertThat(((T5Config) changed("t5/tied", "d_ff", "d_ff")).scaleDecoderOutputs())
                .isTrue();
        assertThat(((T5Config) changed("t5/flan", "d_ff", "d_ff")).scaleDecoderOutputs())
                .isFalse();
        assertThat(((T5Config) changed("t5/untied", "d_ff", "d_ff")).scaleDecoderOutputs())
                .isFalse();
        assertThat(((T5Config) changed("t5/legacy-names", "d_ff", "d_ff")).scaleDecoderOutputs())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "roberta/base|\"is_decoder\": false|\"is_decoder\": true|roberta as a decoder is not supported",
                "roberta/base|\"pad_token_id\": 1|\"pad_token_id\": 18|leaves no position behind pad_token_id 18",
                "roberta/base|\"RobertaModel\"|\"RobertaForMultipleChoice\"|RobertaForMultipleChoice is not supported",
                "roberta/base|\"hidden_act\": \"gelu\"|\"position_embedding_type\": \"relative_key\"|'relative_key'",
                "distilbert/base|\"dim\": 21|\"dim\": 22|dim 22 does not divide into n_heads 3",
                "distilbert/base|\"relu\"|\"mish\"|activation 'mish' is not supported",
                "electra/base|\"add_cross_attention\": false|\"add_cross_attention\": true|add_cross_attention is true",
                "electra/base|\"embedding_size\": 13|\"embedding_size\": 0|embedding_size should be a whole number",
                "t5/tied|\"relu\"|\"gated-mish\"|feed_forward_proj 'gated-mish' is not supported",
                "t5/tied|num_buckets\": 8|num_buckets\": 2|relative_attention_num_buckets 2",
                "t5/tied|max_distance\": 11|max_distance\": 4|relative_attention_max_distance 4",
                "t5/tied|T5ForConditionalGeneration|T5ForMars|supported: T5Model, T5ForConditionalGeneration",
                "marian/shared|\"vocab_size\": 47|\"vocab_size\": 46|decoder_vocab_size 47 is not vocab_size 46",
                "marian/shared|\"d_model\": 20|\"d_model\": 18|d_model 18 does not divide into encoder_attention_heads",
                "marian/shared|\"d_model\"|\"normalize_before\": true, \"d_model\"|normalize_before is true",
                "bart/base|\"d_model\"|\"normalize_embedding\": false, \"d_model\"|normalize_embedding is false",
                "mbart/conditional|\"d_model\"|\"add_final_layer_norm\": false, \"d_model\"|add_final_layer_norm is false"
            })
    void refusesByNameWhatItCannotCompute(String model, String found, String replaced, String reason) {
        assertThatThrownBy(() -> changed(model, found, replaced))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void keysThatChangeNothingAreIgnored() throws IOException {
        ModelConfig config = changed(
                "marian/shared",
                "\"d_model\"",
                "\"normalize_before\": false, \"add_bias_logits\": false, \"num_beams\": 6, \"dropout\": 0.5, \"d_model\"");
        assertThat(config.architecture()).isEqualTo("MarianMTModel");
    }

    @Test
    void aTiedParameterThatIsNowhereIsMissing() throws IOException {
        Files.copy(GOLDEN.resolve("marian/separate/config.json"), folder.resolve("config.json"));
        Files.copy(GOLDEN.resolve("marian/shared/model.safetensors"), folder.resolve("model.safetensors"));
        assertThatThrownBy(() -> Models.open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("missing 'encoder.embed_tokens.weight' [47, 20]")
                .hasMessageContaining("missing 'lm_head.weight' [53, 20]")
                .hasMessageContaining("unexpected 'model.shared.weight'");
    }

    @Test
    void distancesFallIntoTheBucketsOfT5() {
        try (Checkpoint golden = Checkpoints.open(GOLDEN.resolve("t5/buckets.safetensors"))) {
            for (String name : golden.tensors().keySet()) {
                String[] parts = name.split("\\.");
                RelativeBuckets buckets = new RelativeBuckets(
                        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), parts[2].equals("bidirectional"));
                long[] expected = golden.readIntegers(name);
                for (int i = 0; i < expected.length; i++) {
                    int distance = i - expected.length / 2;
                    assertThat(buckets.bucket(distance))
                            .as("%s, distance %d", name, distance)
                            .isEqualTo((int) expected[i]);
                }
            }
        }
    }

    @Test
    void aTextWithoutItsEndIsNotClassifiedByIt() {
        try (Model model = Models.open(GOLDEN.resolve("bart/sequence-classification"))) {
            assertThatThrownBy(() -> Outputs.of(model, TokenBatch.of(5, 6, 7), false, false))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has no token 2");
            assertThatThrownBy(() -> Outputs.of(model, TokenBatch.of(5, 6, 2), TokenBatch.of(2, 5), false, false))
                    .hasMessageContaining("with 3 tokens there, its decoder needs as many, not 2");
        }
    }
}

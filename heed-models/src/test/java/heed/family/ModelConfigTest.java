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

    private static final String LLAMA = """
            {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 53, "hidden_size": 18,
             "num_hidden_layers": 2, "num_attention_heads": 6, "num_key_value_heads": 2, "intermediate_size": 29,
             "max_position_embeddings": 31, "pretraining_tp": 2, "x": 1, "head_dim": 10}
            """;

    private static final String QWEN2 = LLAMA.replace("llama", "qwen2")
            .replace("Llama", "Qwen2")
            .replace("\"x\": 1", "\"use_sliding_window\": true," + " \"sliding_window\": 3, \"max_window_layers\": 1");

    private static final String GPT2 = """
            {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": 53, "n_embd": 15, "n_layer": 2,
             "n_head": 3, "n_positions": 23, "x": 1}
            """;

    static Stream<Arguments> refusalsOfDecoders() {
        String rope = "\"rope_scaling\": {\"type\": ";
        return Stream.of(
                Arguments.of(LLAMA, "\"x\": 1", rope + "\"axial\"}", "rotary positions of type 'axial' are not"),
                Arguments.of(LLAMA, "\"x\": 1", rope + "\"longrope\"}", "rope_scaling: short_factor is missing"),
                Arguments.of(
                        LLAMA,
                        "\"x\": 1",
                        rope + "\"longrope\", \"short_factor\": [1, 0], \"long_factor\": [2]}",
                        "short_factor should be a list of numbers above 0, it is [1,0]"),
                Arguments.of(
                        LLAMA,
                        "\"x\": 1",
                        rope + "\"longrope\", \"short_factor\": [1, 2], \"long_factor\": [2, 3]}",
                        "rotary positions: 2 factors for the 5 pairs of columns that are turned"),
                Arguments.of(
                        LLAMA,
                        "\"x\": 1",
                        "\"rope_parameters\": {\"partial_rotary_factor\": 0.5}",
                        "partial_rotary_factor is 0.5, and"),
                Arguments.of(LLAMA, "\"x\": 1", rope + "\"linear\"}", "rope_scaling: factor is missing"),
                Arguments.of(LLAMA, "\"x\": 1", rope + "\"linear\", \"factor\": 0.5}", "factor should be at least 1"),
                Arguments.of(LLAMA, "\"x\": 1", "\"rope_parameters\": 3", "rope_parameters should be an object"),
                Arguments.of(LLAMA, "\"x\": 1", "\"rope_theta\": 0", "a rotary base of 0.0 turns nothing"),
                Arguments.of(LLAMA, "\"x\": 1", "\"partial_rotary_factor\": 0.5", "partial_rotary_factor is 0.5, and"),
                Arguments.of(
                        LLAMA,
                        "\"x\": 1",
                        "\"quantization_config\": {\"bits\": 4}",
                        "quantization_config is given, and"),
                Arguments.of(LLAMA, "\"head_dim\": 10", "\"head_dim\": 9", "cannot turn 9 columns of heads of width 9"),
                Arguments.of(
                        LLAMA,
                        "\"num_key_value_heads\": 2",
                        "\"num_key_value_heads\": 4",
                        "num_attention_heads 6 does not divide into num_key_value_heads 4"),
                Arguments.of(LLAMA, "ForCausalLM", "ForMultipleChoice", "LlamaForMultipleChoice is not supported"),
                Arguments.of(
                        QWEN2,
                        "\"head_dim\": 10",
                        "\"layer_types\": [\"full_attention\"]",
                        "layer_types has 1 entries, there are 2 layers"),
                Arguments.of(
                        QWEN2,
                        "\"head_dim\": 10",
                        "\"layer_types\": [\"full_attention\", \"linear_attention\"]",
                        "layer_types has 'linear_attention', which is not supported"),
                Arguments.of(
                        GPT2, "\"x\": 1", "\"add_cross_attention\": true", "add_cross_attention is true, and GPT-2"),
                Arguments.of(GPT2, "\"x\": 1", "\"pruned_heads\": {\"0\": [1]}", "pruned_heads is given, and"),
                Arguments.of(
                        GPT2, "\"x\": 1", "\"activation_function\": \"mish\"", "activation_function 'mish' is not"),
                Arguments.of(GPT2, "\"n_layer\": 2", "\"n_layer\": 2000000000", "n_layer is 2000000000, at most 10000"),
                Arguments.of(GPT2, "\"n_head\": 3", "\"n_head\": 4", "n_embd 15 does not divide into n_head 4"));
    }

    @ParameterizedTest
    @MethodSource("refusalsOfDecoders")
    void refusesByNameWhatADecoderHasAndHeedDoesNot(String json, String found, String replaced, String reason) {
        assertThat(json).contains(found);
        assertThatThrownBy(() -> read(json.replace(found, replaced)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void readsTheWindowsOfEveryLayer() throws IOException {
        assertThat(((LlamaConfig) read(QWEN2)).windows()).containsExactly(0, 3);
        assertThat(((LlamaConfig) read(QWEN2.replace("true", "false"))).windows())
                .containsExactly(0, 0);
        assertThat(((LlamaConfig) read(LLAMA)).windows()).containsExactly(0, 0);
    }

    @Test
    void dynamicPositionsTakeTextsOfAnyLength() throws IOException {
        String dynamic = "\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 2.0}";
        assertThat(read(LLAMA.replace("\"x\": 1", dynamic)).maxTokens()).isEqualTo(Integer.MAX_VALUE);
        assertThat(read(LLAMA).maxTokens()).isEqualTo(31);
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

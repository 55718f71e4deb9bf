package heed.family;

import heed.kernel.Activation;
import heed.position.Rotary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The configuration of a Llama checkpoint or one of its kin, which differ in a few switches: Mistral, Qwen2,
/// Qwen3, and all that call themselves `llama`, as SmolLM does. In the words of `config.json`.
///
/// @param headDim Dh, `hidden_size / num_attention_heads` unless said otherwise
/// @param projectionBias whether queries, keys and values have biases
/// @param outputBias whether the map after attention has a bias
/// @param mlpBias whether the maps of the feed-forward network have biases
/// @param headNorms whether the queries and keys of every head are normalised
/// @param windows of every layer: only so many last positions are visible; 0 for all
public record LlamaConfig(
        String modelType,
        DecoderHead head,
        int vocabSize,
        int hiddenSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int numKeyValueHeads,
        int headDim,
        int intermediateSize,
        int maxTokens,
        Activation hiddenAct,
        float rmsNormEps,
        boolean projectionBias,
        boolean outputBias,
        boolean mlpBias,
        boolean headNorms,
        List<Integer> windows,
        Rotary rotary)
        implements ModelConfig {
    static LlamaConfig llama(ConfigFile file) {
        boolean attentionBias = file.flag("attention_bias", false);
        Switches switches = new Switches(attentionBias, attentionBias, file.flag("mlp_bias", false), false);
        return of(file, "Llama", switches, noWindows(file));
    }

    static LlamaConfig mistral(ConfigFile file) {
        int window = file.has("sliding_window") ? file.positive("sliding_window") : 0;
        List<Integer> windows = noWindows(file).stream().map(none -> window).toList();
        return of(file, "Mistral", new Switches(false, false, false, false), windows);
    }

    static LlamaConfig qwen2(ConfigFile file) {
        return of(file, "Qwen2", new Switches(true, false, false, false), windowsOfSomeLayers(file));
    }

    static LlamaConfig qwen3(ConfigFile file) {
        boolean attentionBias = file.flag("attention_bias", false);
        Switches switches = new Switches(attentionBias, attentionBias, false, true);
        return of(file, "Qwen3", switches, windowsOfSomeLayers(file));
    }

    private record Switches(boolean projectionBias, boolean outputBias, boolean mlpBias, boolean headNorms) {}

    private static LlamaConfig of(ConfigFile file, String family, Switches switches, List<Integer> windows) {
        int width = file.positive("hidden_size");
        int heads = file.positive("num_attention_heads");
        int keyValueHeads = file.has("num_key_value_heads") ? file.positive("num_key_value_heads") : heads;
        file.requireHeads("num_attention_heads", heads, "num_key_value_heads", keyValueHeads);
        if (!file.has("head_dim")) {
            file.requireHeads("hidden_size", width, "num_attention_heads", heads);
        }
        int headDim = file.has("head_dim") ? file.positive("head_dim") : width / heads;
        RotaryKeys rotary = RotaryKeys.of(file, "rope_theta", "partial_rotary_factor", 1);
        if (rotary.part() != 1) {
            throw file.refuse("partial_rotary_factor is " + rotary.part() + ", and this family turns whole heads");
        }
        return new LlamaConfig(
                file.text("model_type"),
                DecoderHead.of(file, family, HeadKind.CAUSAL_LM, false),
                file.positive("vocab_size"),
                width,
                file.layers("num_hidden_layers"),
                heads,
                keyValueHeads,
                headDim,
                file.positive("intermediate_size"),
                rotary.maxTokens(),
                file.activation("hidden_act", "silu"),
                file.real("rms_norm_eps", 1e-6),
                switches.projectionBias,
                switches.outputBias,
                switches.mlpBias,
                switches.headNorms,
                windows,
                rotary.rotary(headDim));
    }

    private static List<Integer> noWindows(ConfigFile file) {
        return Collections.nCopies(file.layers("num_hidden_layers"), 0);
    }

    /// Qwen names the kind of every layer, or says from which on there is a window.
    private static List<Integer> windowsOfSomeLayers(ConfigFile file) {
        int layers = file.layers("num_hidden_layers");
        boolean windowed = file.flag("use_sliding_window", false) && file.has("sliding_window");
        int window = windowed ? file.positive("sliding_window") : 0;
        int first = file.whole("max_window_layers", 28);
        List<String> types = file.texts("layer_types");
        if (!types.isEmpty() && types.size() != layers) {
            throw file.refuse("layer_types has " + types.size() + " entries, there are " + layers + " layers");
        }
        List<Integer> windows = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            String type =
                    types.isEmpty() ? (windowed && i >= first ? "sliding_attention" : "full_attention") : types.get(i);
            windows.add(
                    switch (type) {
                        case "full_attention" -> 0;
                        case "sliding_attention" -> window;
                        default ->
                            throw file.refuse("layer_types has '" + type
                                    + "', which is not supported; supported: full_attention, sliding_attention");
                    });
        }
        return List.copyOf(windows);
    }

    @Override
    public String architecture() {
        return head.architecture();
    }

    @Override
    public int vocabularySize() {
        return vocabSize;
    }

    @Override
    public int layers() {
        return numHiddenLayers;
    }

    @Override
    public int heads() {
        return numAttentionHeads;
    }

    @Override
    public int dModel() {
        return hiddenSize;
    }

    @Override
    public List<String> labels() {
        return head.labels();
    }

    @Override
    public boolean multiLabel() {
        return head.multiLabel();
    }
}

package heed.family;

import heed.kernel.Activation;
import heed.position.Rotary;
import java.util.List;

/// The configuration of a GPT-NeoX checkpoint (Pythia is one), in the words of its `config.json`.
///
/// @param useParallelResidual whether attention and feed-forward network read the same input
/// @param attentionBias whether the maps of attention have biases
/// @param rotary what `rotary_pct`, `rotary_emb_base` and the scaling come to
public record GptNeoXConfig(
        DecoderHead head,
        int vocabSize,
        int hiddenSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int intermediateSize,
        int maxTokens,
        Activation hiddenAct,
        float layerNormEps,
        boolean useParallelResidual,
        boolean attentionBias,
        Rotary rotary)
        implements ModelConfig {
    static GptNeoXConfig of(ConfigFile file) {
        int width = file.positive("hidden_size");
        int heads = file.positive("num_attention_heads");
        file.requireHeads("hidden_size", width, "num_attention_heads", heads);
        RotaryKeys rotary = RotaryKeys.of(file, "rotary_emb_base", "rotary_pct", 0.25);
        return new GptNeoXConfig(
                DecoderHead.of(file, "GPTNeoX", HeadKind.CAUSAL_LM, false),
                file.positive("vocab_size"),
                width,
                file.layers("num_hidden_layers"),
                heads,
                file.positive("intermediate_size"),
                rotary.maxTokens(),
                file.activation("hidden_act", "gelu"),
                file.real("layer_norm_eps", 1e-5),
                file.flag("use_parallel_residual", true),
                file.flag("attention_bias", true),
                rotary.rotary(width / heads));
    }

    @Override
    public String modelType() {
        return "gpt_neox";
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

package heed.family;

import heed.kernel.Activation;
import java.util.List;

/// The configuration of a GPT-2 checkpoint, in the words of its `config.json`.
///
/// @param nInner width of the feed-forward network, `4 · n_embd` unless said otherwise
/// @param scaleAttnWeights whether scores are multiplied by `1/√Dh`
/// @param scaleAttnByInverseLayerIdx whether the scores of layer `i`, from 0, are also divided by `i + 1`
public record Gpt2Config(
        DecoderHead head,
        int vocabSize,
        int nEmbd,
        int nLayer,
        int nHead,
        int nPositions,
        int nInner,
        Activation activationFunction,
        float layerNormEpsilon,
        boolean scaleAttnWeights,
        boolean scaleAttnByInverseLayerIdx)
        implements ModelConfig {
    static Gpt2Config of(ConfigFile file) {
        file.requireFalse("add_cross_attention", "GPT-2 as the decoder of another model is not supported");
        int width = file.positive("n_embd");
        Gpt2Config config = new Gpt2Config(
                DecoderHead.of(file, "GPT2", HeadKind.LM_HEAD, true),
                file.positive("vocab_size"),
                width,
                file.layers("n_layer"),
                file.positive("n_head"),
                file.positive(file.has("n_positions") ? "n_positions" : "n_ctx"),
                file.has("n_inner") ? file.positive("n_inner") : 4 * width,
                file.activation("activation_function", "gelu_new"),
                file.real("layer_norm_epsilon", 1e-5),
                file.flag("scale_attn_weights", true),
                file.flag("scale_attn_by_inverse_layer_idx", false));
        file.requireHeads("n_embd", width, "n_head", config.nHead);
        return config;
    }

    /// The factor on the scores of a layer.
    float scale(int layer) {
        double scale = scaleAttnWeights ? 1 / Math.sqrt((double) nEmbd / nHead) : 1;
        return (float) (scaleAttnByInverseLayerIdx ? scale / (layer + 1) : scale);
    }

    @Override
    public String modelType() {
        return "gpt2";
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
        return nLayer;
    }

    @Override
    public int heads() {
        return nHead;
    }

    @Override
    public int dModel() {
        return nEmbd;
    }

    @Override
    public int maxTokens() {
        return nPositions;
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

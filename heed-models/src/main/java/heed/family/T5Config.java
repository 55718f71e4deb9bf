package heed.family;

import heed.kernel.Activation;
import java.util.List;

/// The configuration of a T5, Flan-T5 or mT5 checkpoint, in the words of its `config.json`.
///
/// @param variant which of them it calls itself
/// @param architecture the class the weights were saved from, such as `T5ForConditionalGeneration`; decides the
/// head, and whether there is a decoder
/// @param dKv the width of a head; `numHeads · dKv` need not be `dModel`
/// @param activation of the feed-forward networks
/// @param gated whether they have a gate, as from T5 1.1 on (Shazeer 2020)
/// @param scaleDecoderOutputs whether the last hidden states are divided by `√dModel` before they meet the
/// vocabulary, as where word embeddings are the decoder's output as well
/// @param decoderStartTokenId the token that every target begins with
/// @param multiLabel whether a sequence may belong to several classes at once (`problem_type`)
/// @param labels the names of the classes, by index
public record T5Config(
        Variant variant,
        String architecture,
        int vocabSize,
        int dModel,
        int dKv,
        int dFf,
        int numLayers,
        int numDecoderLayers,
        int numHeads,
        int relativeAttentionNumBuckets,
        int relativeAttentionMaxDistance,
        Activation activation,
        boolean gated,
        float layerNormEpsilon,
        boolean scaleDecoderOutputs,
        int padTokenId,
        int eosTokenId,
        int decoderStartTokenId,
        boolean multiLabel,
        List<String> labels)
        implements ModelConfig {
    /// What tells the checkpoints of one kind of layer apart.
    public enum Variant {
        /// Raffel et al. 2020.
        T5("t5", "T5", "relu", 6),
        /// Xue et al. 2021.
        MT5("mt5", "MT5", "gated-gelu", 8);

        private final String modelType;
        private final String prefix;
        private final String feedForward;
        private final int layers;

        Variant(String modelType, String prefix, String feedForward, int layers) {
            this.modelType = modelType;
            this.prefix = prefix;
            this.feedForward = feedForward;
            this.layers = layers;
        }
    }

    private static final List<HeadKind> HEADS = List.of(
            HeadKind.NONE,
            HeadKind.CONDITIONAL_GENERATION,
            HeadKind.ENCODER_ALONE,
            HeadKind.SEQUENCE_CLASSIFICATION,
            HeadKind.TOKEN_CLASSIFICATION,
            HeadKind.QUESTION_ANSWERING);

    static T5Config of(ConfigFile file, Variant variant) {
        String architecture = HeadKind.architecture(file, variant.prefix, HEADS);
        String projection = file.text("feed_forward_proj", variant.feedForward);
        boolean gated = projection.startsWith("gated-");
        int buckets = file.positive("relative_attention_num_buckets", 32);
        int furthest = file.positive("relative_attention_max_distance", 128);
        int layers = file.has("num_layers") ? file.layers("num_layers") : variant.layers;
        int pad = file.whole("pad_token_id", 0);
        if (buckets < 4 || furthest <= buckets / 2) {
            throw file.refuse("relative_attention_num_buckets " + buckets + " and relative_attention_max_distance "
                    + furthest + " make no buckets: at least 4, and a distance above half of them, are needed");
        }
        return new T5Config(
                variant,
                architecture,
                file.positive("vocab_size"),
                file.positive("d_model"),
                file.positive("d_kv", 64),
                file.positive("d_ff"),
                layers,
                file.has("num_decoder_layers") ? file.layers("num_decoder_layers") : layers,
                file.positive("num_heads"),
                buckets,
                furthest,
                activation(file, projection, gated),
                gated,
                file.real("layer_norm_epsilon", 1e-6),
                variant == Variant.T5 && file.flag("scale_decoder_outputs", file.flag("tie_word_embeddings", true)),
                pad,
                file.whole("eos_token_id", 1),
                file.whole("decoder_start_token_id", pad),
                file.multiLabel(),
                file.labels());
    }

    /// A gate with `gelu` means its approximation by tanh, for that is what such checkpoints were trained with.
    private static Activation activation(ConfigFile file, String projection, boolean gated) {
        String name = gated ? projection.substring("gated-".length()) : projection;
        return gated && name.equals("gelu")
                ? Activation.GELU_TANH
                : file.activation("feed_forward_proj", name, projection);
    }

    HeadKind head() {
        return HeadKind.of(architecture, variant.prefix);
    }

    /// Whether there is a decoder as well.
    boolean hasDecoder() {
        return head() != HeadKind.ENCODER_ALONE && head() != HeadKind.TOKEN_CLASSIFICATION;
    }

    @Override
    public String modelType() {
        return variant.modelType;
    }

    @Override
    public int vocabularySize() {
        return vocabSize;
    }

    @Override
    public int layers() {
        return numLayers;
    }

    @Override
    public int heads() {
        return numHeads;
    }

    /// Relative positions have no end.
    @Override
    public int maxTokens() {
        return Integer.MAX_VALUE;
    }
}

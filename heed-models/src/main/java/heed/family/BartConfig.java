package heed.family;

import heed.kernel.Activation;
import heed.stack.NormPlacement;
import java.util.List;

/// The configuration of a BART, mBART or MarianMT checkpoint, in the words of its `config.json`. The three have
/// the same layers under the same names; they differ in their positions and in where they normalise.
///
/// @param variant BART, mBART or MarianMT
/// @param architecture the class the weights were saved from, such as `MarianMTModel`; decides the head
/// @param decoderVocabSize the words of the decoder: those of the encoder unless the embeddings are not shared
/// @param scaleEmbedding whether embeddings are multiplied by `√dModel`
/// @param shareEncoderDecoderEmbeddings whether one table serves both sides
/// @param decoderStartTokenId the token that every target begins with
/// @param multiLabel whether a sequence may belong to several classes at once (`problem_type`)
/// @param labels the names of the classes, by index
public record BartConfig(
        Variant variant,
        String architecture,
        int vocabSize,
        int decoderVocabSize,
        int dModel,
        int encoderLayers,
        int decoderLayers,
        int encoderAttentionHeads,
        int decoderAttentionHeads,
        int encoderFfnDim,
        int decoderFfnDim,
        Activation activationFunction,
        int maxPositionEmbeddings,
        boolean scaleEmbedding,
        boolean shareEncoderDecoderEmbeddings,
        int padTokenId,
        int eosTokenId,
        int decoderStartTokenId,
        boolean multiLabel,
        List<String> labels)
        implements ModelConfig {
    /// What tells the checkpoints of one kind of layer apart.
    public enum Variant {
        /// Lewis et al. 2020: learned positions, embeddings normalised, norms after each block.
        BART("bart", "Bart", NormPlacement.AFTER),
        /// Liu et al. 2020: as BART, with norms before each block and after the last.
        MBART("mbart", "MBart", NormPlacement.BEFORE),
        /// Junczys-Dowmunt et al. 2018: the paper's Transformer, with sinusoidal positions.
        MARIAN("marian", "Marian", NormPlacement.AFTER);

        private final String modelType;
        private final String prefix;
        private final NormPlacement norms;

        Variant(String modelType, String prefix, NormPlacement norms) {
            this.modelType = modelType;
            this.prefix = prefix;
            this.norms = norms;
        }

        NormPlacement norms() {
            return norms;
        }

        /// Whether positions are learned, and embeddings normalised.
        boolean learnedPositions() {
            return this != MARIAN;
        }

        EncoderDecoderNetwork.Unasked unasked() {
            return switch (this) {
                case BART -> EncoderDecoderNetwork.Unasked.SOURCE;
                case MBART -> EncoderDecoderNetwork.Unasked.SOURCE_FROM_ITS_LAST;
                case MARIAN -> EncoderDecoderNetwork.Unasked.START;
            };
        }

        private List<HeadKind> heads() {
            return this == MARIAN
                    ? List.of(HeadKind.NONE, HeadKind.TRANSLATION)
                    : List.of(
                            HeadKind.NONE,
                            HeadKind.CONDITIONAL_GENERATION,
                            HeadKind.SEQUENCE_CLASSIFICATION,
                            HeadKind.QUESTION_ANSWERING);
        }
    }

    /// The eps of every norm: the code that trained the families has it as PyTorch's default.
    static final float LAYER_NORM_EPS = 1e-5f;

    static BartConfig of(ConfigFile file, Variant variant) {
        String architecture = HeadKind.architecture(file, variant.prefix, variant.heads());
        refuseOtherNorms(file, variant);
        int vocabulary = file.positive("vocab_size");
        int pad = file.whole("pad_token_id", variant == Variant.MARIAN ? vocabulary - 1 : 1);
        int eos = file.whole("eos_token_id", variant == Variant.MARIAN ? 0 : 2);
        BartConfig config = new BartConfig(
                variant,
                architecture,
                vocabulary,
                file.positive("decoder_vocab_size", vocabulary),
                file.positive("d_model"),
                file.layers("encoder_layers"),
                file.layers("decoder_layers"),
                file.positive("encoder_attention_heads"),
                file.positive("decoder_attention_heads"),
                file.positive("encoder_ffn_dim"),
                file.positive("decoder_ffn_dim"),
                file.activation("activation_function", "gelu"),
                file.positive("max_position_embeddings"),
                file.flag("scale_embedding", false),
                variant != Variant.MARIAN || file.flag("share_encoder_decoder_embeddings", true),
                pad,
                eos,
                file.whole("decoder_start_token_id", variant == Variant.MARIAN ? pad : eos),
                file.multiLabel(),
                file.labels());
        file.requireHeads("d_model", config.dModel, "encoder_attention_heads", config.encoderAttentionHeads);
        file.requireHeads("d_model", config.dModel, "decoder_attention_heads", config.decoderAttentionHeads);
        if (config.shareEncoderDecoderEmbeddings && config.decoderVocabSize != vocabulary) {
            throw file.refuse("decoder_vocab_size " + config.decoderVocabSize + " is not vocab_size " + vocabulary
                    + ", though encoder and decoder share their embeddings");
        }
        return config;
    }

    /// Older configurations say where norms stand; what they say must be what the variant does.
    private static void refuseOtherNorms(ConfigFile file, Variant variant) {
        boolean before = variant.norms == NormPlacement.BEFORE;
        for (String key : List.of("normalize_before", "add_final_layer_norm")) {
            if (file.flag(key, before) != before) {
                throw file.refuse(
                        key + " is " + !before + ", for " + variant.modelType + " only " + before + " is supported");
            }
        }
        if (file.flag("normalize_embedding", variant.learnedPositions()) != variant.learnedPositions()) {
            throw file.refuse("normalize_embedding is " + !variant.learnedPositions() + ", for " + variant.modelType
                    + " only " + variant.learnedPositions() + " is supported");
        }
    }

    HeadKind head() {
        return HeadKind.of(architecture, variant.prefix);
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
        return encoderLayers;
    }

    @Override
    public int heads() {
        return encoderAttentionHeads;
    }

    @Override
    public int maxTokens() {
        return maxPositionEmbeddings;
    }
}

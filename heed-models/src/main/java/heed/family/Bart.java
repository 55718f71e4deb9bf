package heed.family;

import heed.attention.Heads;
import heed.attention.ScoringRule;
import heed.kernel.Activation;
import heed.layer.Embedding;
import heed.layer.LayerNorm;
import heed.layer.Linear;
import heed.position.PositionalEncoding;
import heed.stack.NormPlacement;
import heed.tensor.Tensor;
import java.util.List;

/// BART (Lewis et al. 2020), mBART (Liu et al. 2020) and MarianMT (Junczys-Dowmunt et al. 2018): the encoder
/// and decoder of the paper, with the positions and norms that [BartConfig.Variant] says.
public final class Bart {
    /// Learned positions begin at the third row of their table: fairseq kept two for padding.
    private static final int FIRST_POSITION = 2;

    private Bart() {}

    /// Reads the model that `config` describes from a checkpoint.
    ///
    /// @throws heed.checkpoint.CheckpointException when the two do not match, with all misfits
    public static EncoderDecoderNetwork load(BartConfig config, ParameterSource source) {
        Parameters parameters = table(config).bind(source, Naming.below("model"));
        Tensor sourceWords = parameters.tensor("encoder.words");
        Tensor targetWords = parameters.tied("decoder.words", sourceWords);
        Heads heads = Heads.of(config.encoderAttentionHeads(), config.dModel());
        return new EncoderDecoderNetwork(
                config,
                embedding("encoder", new Embedding("token id", sourceWords), config, parameters),
                BartRows.encoder(config, parameters),
                ScoringRule.full(heads),
                embedding("decoder", new Embedding("decoder token id", targetWords), config, parameters),
                BartRows.decoder(config, parameters),
                head(config, targetWords, parameters),
                config.decoderStartTokenId(),
                config.variant().unasked());
    }

    private static WeightTable table(BartConfig config) {
        int d = config.dModel();
        WeightTable table = new WeightTable()
                .tied("encoder.words", words("encoder", config), config.vocabSize(), d)
                .tied("decoder.words", words("decoder", config), config.decoderVocabSize(), d)
                .ignore("(en|de)coder\\.version", "a number that fairseq kept");
        BartRows.declare(table, config);
        for (String stack : List.of("encoder", "decoder")) {
            if (config.variant().learnedPositions()) {
                int rows = config.maxPositionEmbeddings() + FIRST_POSITION;
                table.row(stack + ".positions", stack + ".embed_positions.weight", rows, d)
                        .norm(stack + ".norm", stack + ".layernorm_embedding", d);
            } else {
                table.optional(
                        stack + " positions",
                        stack + ".positions",
                        stack + ".embed_positions.weight",
                        config.maxPositionEmbeddings(),
                        d);
            }
            if (config.variant().norms() == NormPlacement.BEFORE) {
                table.norm(stack + ".layer_norm", stack + ".layer_norm", d);
            }
        }
        return headRows(table, config);
    }

    /// The names that the words of a stack may have.
    private static List<String> words(String stack, BartConfig config) {
        String own = stack + ".embed_tokens.weight";
        return config.shareEncoderDecoderEmbeddings() ? List.of(own, "shared.weight") : List.of(own);
    }

    private static WeightTable headRows(WeightTable table, BartConfig config) {
        int d = config.dModel();
        int classes = config.labels().size();
        return switch (config.head()) {
            case CONDITIONAL_GENERATION, TRANSLATION -> {
                List<String> names = config.shareEncoderDecoderEmbeddings()
                        ? List.of("lm_head.weight", "decoder.embed_tokens.weight", "shared.weight")
                        : List.of("lm_head.weight", "decoder.embed_tokens.weight");
                yield table.tied("head.weight", names, config.decoderVocabSize(), d)
                        .optional("bias", "head.bias", "final_logits_bias", 1, config.decoderVocabSize());
            }
            case SEQUENCE_CLASSIFICATION ->
                table.linear("head.dense", "classification_head.dense", d, d)
                        .linear("head.classifier", "classification_head.out_proj", classes, d)
                        .ignore("lm_head\\..*|final_logits_bias", "the head of pre-training");
            case QUESTION_ANSWERING ->
                table.linear("head", "qa_outputs", 2, d)
                        .ignore("lm_head\\..*|final_logits_bias", "the head of pre-training");
            default -> table.ignore("lm_head\\..*|final_logits_bias", "the bare model leaves the head aside");
        };
    }

    private static TextEmbedding embedding(String stack, Embedding words, BartConfig config, Parameters parameters) {
        LayerNorm norm = config.variant().learnedPositions()
                ? parameters.layerNorm(stack + ".norm", BartConfig.LAYER_NORM_EPS)
                : null;
        return new TextEmbedding(
                words,
                config.scaleEmbedding() ? (float) Math.sqrt(config.dModel()) : 1,
                TokenPositions.counted(positions(stack, config, parameters)),
                null,
                norm,
                null);
    }

    private static PositionalEncoding positions(String stack, BartConfig config, Parameters parameters) {
        if (config.variant().learnedPositions()) {
            return new PositionalEncoding.Learned(parameters.tensor(stack + ".positions"), FIRST_POSITION);
        }
        return parameters.has(stack + ".positions") // older checkpoints have the sines and cosines in them
                ? new PositionalEncoding.Learned(parameters.tensor(stack + ".positions"))
                : PositionalEncoding.Sinusoidal.inHalves(config.maxPositionEmbeddings(), config.dModel());
    }

    private static Head head(BartConfig config, Tensor words, Parameters parameters) {
        return switch (config.head()) {
            case CONDITIONAL_GENERATION, TRANSLATION -> {
                Tensor decoder = parameters.tied("head.weight", words);
                yield parameters.has("head.bias")
                        ? parameters.languageModel(
                                decoder, parameters.tensor("head.bias").reshape(config.decoderVocabSize()))
                        : new Head.LanguageModel(1, new Linear(parameters.weight(decoder), null));
            }
            case SEQUENCE_CLASSIFICATION ->
                new Head.SequenceClassification(
                        parameters.linear("head.dense"),
                        Activation.TANH,
                        parameters.linear("head.classifier"),
                        config.eosTokenId());
            case QUESTION_ANSWERING -> new Head.SpanClassification(parameters.linear("head"));
            default -> new Head.None();
        };
    }
}

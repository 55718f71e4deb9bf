package heed.family;

import heed.attention.Heads;
import heed.attention.ScoringRule;
import heed.kernel.Activation;
import heed.layer.Embedding;
import heed.layer.Linear;
import heed.tensor.Tensor;
import java.util.List;

/// RoBERTa (Liu et al. 2019) and XLM-RoBERTa (Conneau et al. 2020): BERT's layers with positions that skip
/// padding, and heads of its own.
public final class Roberta {
    private static final String WORDS = "embeddings.word_embeddings.weight";

    private Roberta() {}

    /// Reads the model that `config` describes from a checkpoint.
    ///
    /// @throws heed.checkpoint.CheckpointException when the two do not match, with all misfits
    public static EncoderNetwork load(RobertaConfig config, ParameterSource source) {
        Parameters parameters = table(config).bind(source, Naming.below("roberta"));
        Heads heads = Heads.of(config.numAttentionHeads(), config.hiddenSize());
        Tensor words = parameters.tensor("words");
        TextEmbedding embedding = new TextEmbedding(
                new Embedding("token id", words),
                1,
                new TokenPositions.SkippingPadding(
                        new Embedding("position", parameters.tensor("positions")), config.padTokenId()),
                new Embedding("token type id", parameters.tensor("types")),
                parameters.layerNorm("norm", config.layerNormEps()),
                null);
        return new EncoderNetwork(
                config,
                embedding,
                EncoderRows.encoder(
                        config.numHiddenLayers(), heads, config.hiddenAct(), config.layerNormEps(), parameters),
                ScoringRule.full(heads),
                parameters.has("pooler.weight") ? parameters.linear("pooler") : null,
                head(config, words, parameters),
                null);
    }

    private static WeightTable table(RobertaConfig config) {
        int d = config.hiddenSize();
        WeightTable table = new WeightTable()
                .row("words", WORDS, config.vocabSize(), d)
                .row("positions", "embeddings.position_embeddings.weight", config.maxPositionEmbeddings(), d)
                .row("types", "embeddings.token_type_embeddings.weight", config.typeVocabSize(), d)
                .norm("norm", "embeddings.LayerNorm", d)
                .optional("pooler", "pooler.weight", "pooler.dense.weight", d, d)
                .optional("pooler", "pooler.bias", "pooler.dense.bias", d)
                .ignore("embeddings\\.(position|token_type)_ids", "buffers that count and that are zero");
        EncoderRows.BERT.declare(table, config.numHiddenLayers(), d, config.intermediateSize());
        int classes = config.labels().size();
        return switch (config.head()) {
            case MASKED_LM ->
                table.linear("head.transform", "lm_head.dense", d, d)
                        .norm("head.norm", "lm_head.layer_norm", d)
                        .tied("head.weight", List.of("lm_head.decoder.weight", WORDS), config.vocabSize(), d)
                        .tied("head.bias", List.of("lm_head.decoder.bias", "lm_head.bias"), config.vocabSize());
            case SEQUENCE_CLASSIFICATION ->
                table.linear("head.dense", "classifier.dense", d, d)
                        .linear("head.classifier", "classifier.out_proj", classes, d);
            case TOKEN_CLASSIFICATION -> table.linear("head", "classifier", classes, d);
            case QUESTION_ANSWERING -> table.linear("head", "qa_outputs", 2, d);
            default -> table.ignore("lm_head\\..*", "the head of pre-training, which the bare model leaves aside");
        };
    }

    private static Head head(RobertaConfig config, Tensor words, Parameters parameters) {
        return switch (config.head()) {
            case MASKED_LM ->
                new Head.MaskedLanguageModel(
                        parameters.linear("head.transform"),
                        Activation.GELU, // whatever hidden_act says
                        parameters.layerNorm("head.norm", config.layerNormEps()),
                        new Linear(
                                parameters.weight(parameters.tied("head.weight", words)),
                                parameters.tensor("head.bias")));
            case SEQUENCE_CLASSIFICATION ->
                new Head.SequenceClassification(
                        parameters.linear("head.dense"), Activation.TANH, parameters.linear("head.classifier"));
            case TOKEN_CLASSIFICATION -> new Head.TokenClassification(parameters.linear("head"));
            case QUESTION_ANSWERING -> new Head.SpanClassification(parameters.linear("head"));
            default -> new Head.None();
        };
    }
}

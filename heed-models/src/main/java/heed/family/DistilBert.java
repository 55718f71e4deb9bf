package heed.family;

import heed.attention.Heads;
import heed.attention.ScoringRule;
import heed.kernel.Activation;
import heed.layer.Embedding;
import heed.layer.Linear;
import heed.position.PositionalEncoding;
import heed.tensor.Tensor;
import java.util.List;

/// DistilBERT (Sanh et al. 2019): BERT with half the layers, without segments and without a pooler.
public final class DistilBert {
    private static final String WORDS = "embeddings.word_embeddings.weight";

    private static final float EPS = DistilBertConfig.LAYER_NORM_EPS;

    private DistilBert() {}

    /// Reads the model that `config` describes from a checkpoint.
    ///
    /// @throws heed.checkpoint.CheckpointException when the two do not match, with all misfits
    public static EncoderNetwork load(DistilBertConfig config, ParameterSource source) {
        Parameters parameters = table(config).bind(source, Naming.below("distilbert"));
        Heads heads = Heads.of(config.nHeads(), config.dim());
        Tensor words = parameters.tensor("words");
        TextEmbedding embedding = new TextEmbedding(
                new Embedding("token id", words),
                1,
                TokenPositions.counted(new PositionalEncoding.Learned(parameters.tensor("positions"))),
                null,
                parameters.layerNorm("norm", EPS),
                null);
        return new EncoderNetwork(
                config,
                embedding,
                EncoderRows.encoder(config.nLayers(), heads, config.activation(), EPS, parameters),
                ScoringRule.full(heads),
                null,
                head(config, words, parameters),
                null);
    }

    private static WeightTable table(DistilBertConfig config) {
        int d = config.dim();
        WeightTable table = new WeightTable()
                .row("words", WORDS, config.vocabSize(), d)
                .row("positions", "embeddings.position_embeddings.weight", config.maxPositionEmbeddings(), d)
                .norm("norm", "embeddings.LayerNorm", d)
                .ignore("embeddings\\.position_ids", "a buffer that counts 0, 1, 2, …");
        EncoderRows.DISTILBERT.declare(table, config.nLayers(), d, config.hiddenDim());
        int classes = config.labels().size();
        return switch (config.head()) {
            case MASKED_LM ->
                table.linear("head.transform", "vocab_transform", d, d)
                        .norm("head.norm", "vocab_layer_norm", d)
                        .tied("head.weight", List.of("vocab_projector.weight", WORDS), config.vocabSize(), d)
                        .row("head.bias", "vocab_projector.bias", config.vocabSize());
            case SEQUENCE_CLASSIFICATION ->
                table.linear("head.dense", "pre_classifier", d, d).linear("head.classifier", "classifier", classes, d);
            case TOKEN_CLASSIFICATION -> table.linear("head", "classifier", classes, d);
            case QUESTION_ANSWERING -> table.linear("head", "qa_outputs", 2, d);
            default -> table.ignore("vocab_.*", "the head of pre-training, which the bare model leaves aside");
        };
    }

    private static Head head(DistilBertConfig config, Tensor words, Parameters parameters) {
        return switch (config.head()) {
            case MASKED_LM ->
                new Head.MaskedLanguageModel(
                        parameters.linear("head.transform"),
                        config.activation(),
                        parameters.layerNorm("head.norm", EPS),
                        new Linear(
                                parameters.weight(parameters.tied("head.weight", words)),
                                parameters.tensor("head.bias")));
            case SEQUENCE_CLASSIFICATION ->
                new Head.SequenceClassification(
                        parameters.linear("head.dense"), Activation.RELU, parameters.linear("head.classifier"));
            case TOKEN_CLASSIFICATION -> new Head.TokenClassification(parameters.linear("head"));
            case QUESTION_ANSWERING -> new Head.SpanClassification(parameters.linear("head"));
            default -> new Head.None();
        };
    }
}

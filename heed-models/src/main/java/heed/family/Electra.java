package heed.family;

import heed.attention.Heads;
import heed.attention.ScoringRule;
import heed.kernel.Activation;
import heed.layer.Embedding;
import heed.layer.Linear;
import heed.position.PositionalEncoding;
import heed.tensor.Tensor;
import java.util.List;

/// ELECTRA (Clark et al. 2020): BERT's layers over embeddings that may be narrower, trained as a pair of a
/// generator, which fills masks, and a discriminator, which finds the tokens that the generator replaced.
public final class Electra {
    private static final String WORDS = "embeddings.word_embeddings.weight";

    private Electra() {}

    /// Reads the model that `config` describes from a checkpoint.
    ///
    /// @throws heed.checkpoint.CheckpointException when the two do not match, with all misfits
    public static EncoderNetwork load(ElectraConfig config, ParameterSource source) {
        Parameters parameters = table(config).bind(source, Naming.below("electra"));
        Heads heads = Heads.of(config.numAttentionHeads(), config.hiddenSize());
        Tensor words = parameters.tensor("words");
        TextEmbedding embedding = new TextEmbedding(
                new Embedding("token id", words),
                1,
                TokenPositions.counted(new PositionalEncoding.Learned(parameters.tensor("positions"))),
                new Embedding("token type id", parameters.tensor("types")),
                parameters.layerNorm("norm", config.layerNormEps()),
                parameters.has("projection.weight") ? parameters.linear("projection") : null);
        return new EncoderNetwork(
                config,
                embedding,
                EncoderRows.encoder(
                        config.numHiddenLayers(), heads, config.hiddenAct(), config.layerNormEps(), parameters),
                ScoringRule.full(heads),
                null,
                head(config, words, parameters),
                null);
    }

    private static WeightTable table(ElectraConfig config) {
        int d = config.hiddenSize();
        int e = config.embeddingSize();
        WeightTable table = new WeightTable()
                .row("words", WORDS, config.vocabSize(), e)
                .row("positions", "embeddings.position_embeddings.weight", config.maxPositionEmbeddings(), e)
                .row("types", "embeddings.token_type_embeddings.weight", config.typeVocabSize(), e)
                .norm("norm", "embeddings.LayerNorm", e)
                .ignore("embeddings\\.position_ids", "a buffer that counts 0, 1, 2, …");
        if (e != d) {
            table.linear("projection", "embeddings_project", d, e);
        }
        EncoderRows.BERT.declare(table, config.numHiddenLayers(), d, config.intermediateSize());
        int classes = config.labels().size();
        return switch (config.head()) {
            case PRE_TRAINING ->
                table.linear("head.dense", "discriminator_predictions.dense", d, d)
                        .linear("head.prediction", "discriminator_predictions.dense_prediction", 1, d);
            case MASKED_LM ->
                table.linear("head.transform", "generator_predictions.dense", e, d)
                        .norm("head.norm", "generator_predictions.LayerNorm", e)
                        .tied("head.weight", List.of("generator_lm_head.weight", WORDS), config.vocabSize(), e)
                        .row("head.bias", "generator_lm_head.bias", config.vocabSize());
            case SEQUENCE_CLASSIFICATION ->
                table.linear("head.dense", "classifier.dense", d, d)
                        .linear("head.classifier", "classifier.out_proj", classes, d);
            case TOKEN_CLASSIFICATION -> table.linear("head", "classifier", classes, d);
            case QUESTION_ANSWERING -> table.linear("head", "qa_outputs", 2, d);
            default ->
                table.ignore(
                        "(discriminator|generator)_.*", "the heads of pre-training, which the bare model leaves aside");
        };
    }

    private static Head head(ElectraConfig config, Tensor words, Parameters parameters) {
        return switch (config.head()) {
            case PRE_TRAINING ->
                new Head.ReplacedTokenDetection(
                        parameters.linear("head.dense"), config.hiddenAct(), parameters.linear("head.prediction"));
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
                        parameters.linear("head.dense"), Activation.GELU, parameters.linear("head.classifier"));
            case TOKEN_CLASSIFICATION -> new Head.TokenClassification(parameters.linear("head"));
            case QUESTION_ANSWERING -> new Head.SpanClassification(parameters.linear("head"));
            default -> new Head.None();
        };
    }
}

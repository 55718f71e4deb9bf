package heed.family;

import heed.attention.Heads;
import heed.attention.ScoringRule;
import heed.kernel.Activation;
import heed.layer.Embedding;
import heed.layer.Linear;
import heed.position.PositionalEncoding;
import heed.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// BERT (Devlin et al. 2019): an encoder over words, learned positions and segments, normalised after each
/// block.
public final class Bert {
    private static final List<String> POOLED =
            List.of("BertForSequenceClassification", "BertForNextSentencePrediction");

    /// The bias of predicted words. Both names are there, and mean the same numbers unless words are not tied:
    /// then the second is the one that counts.
    private static final List<String> BIASES = List.of("cls.predictions.bias", "cls.predictions.decoder.bias");

    private Bert() {}

    /// Reads the model that `config` describes from a checkpoint.
    ///
    /// @throws heed.checkpoint.CheckpointException when the two do not match, with all misfits
    public static EncoderNetwork load(BertConfig config, ParameterSource source) {
        Parameters parameters = table(config).bind(source, Naming.ofBert(source.checkpoint()));
        return assemble(config, parameters);
    }

    private static WeightTable table(BertConfig config) {
        int d = config.hiddenSize();
        int f = config.intermediateSize();
        WeightTable table = new WeightTable()
                .row("words", "embeddings.word_embeddings.weight", config.vocabSize(), d)
                .row("positions", "embeddings.position_embeddings.weight", config.maxPositionEmbeddings(), d)
                .row("types", "embeddings.token_type_embeddings.weight", config.typeVocabSize(), d)
                .norm("norm", "embeddings.LayerNorm", d)
                .ignore("embeddings\\.position_ids", "a buffer that counts 0, 1, 2, …");
        EncoderRows.BERT.declare(table, config.numHiddenLayers(), d, f);
        if (POOLED.contains(config.architecture())) {
            table.linear("pooler", "pooler.dense", d, d);
        } else {
            table.optional("pooler", "pooler.weight", "pooler.dense.weight", d, d);
            table.optional("pooler", "pooler.bias", "pooler.dense.bias", d);
            table.optional("next sentence", "nextSentence.weight", "cls.seq_relationship.weight", 2, d);
            table.optional("next sentence", "nextSentence.bias", "cls.seq_relationship.bias", 2);
        }
        return headRows(table, config);
    }

    private static WeightTable headRows(WeightTable table, BertConfig config) {
        int d = config.hiddenSize();
        int v = config.vocabSize();
        int classes = config.labels().size();
        switch (config.architecture()) {
            case "BertForPreTraining", "BertForMaskedLM" -> {
                table.linear("head.transform", "cls.predictions.transform.dense", d, d);
                table.norm("head.norm", "cls.predictions.transform.LayerNorm", d);
                table.tied("head.bias", config.tieWordEmbeddings() ? BIASES : BIASES.reversed(), v);
                if (config.tieWordEmbeddings()) {
                    table.ignore("cls\\.predictions\\.decoder\\.weight", "tied to the word embeddings");
                } else {
                    table.row("head.decoder", "cls.predictions.decoder.weight", v, d);
                }
            }
            case "BertForNextSentencePrediction" ->
                table.linear("head", "cls.seq_relationship", 2, d)
                        .ignore("cls\\.predictions\\..*", "the other head of pre-training");
            case "BertForSequenceClassification" ->
                table.linear("head", "classifier", classes, d).ignore("cls\\..*", "the heads of pre-training");
            case "BertForTokenClassification" -> table.linear("head", "classifier", classes, d);
            case "BertForQuestionAnswering" -> table.linear("head", "qa_outputs", 2, d);
            default -> table.ignore("cls\\..*", "the heads of pre-training, which BertModel leaves aside");
        }
        return table;
    }

    private static EncoderNetwork assemble(BertConfig config, Parameters parameters) {
        Heads heads = Heads.of(config.numAttentionHeads(), config.hiddenSize());
        Linear pooler = parameters.has("pooler.weight") ? parameters.linear("pooler") : null;
        Tensor words = parameters.tensor("words");
        TextEmbedding embedding = new TextEmbedding(
                new Embedding("token id", words),
                1,
                TokenPositions.counted(new PositionalEncoding.Learned(parameters.tensor("positions"))),
                new Embedding("token type id", parameters.tensor("types")),
                parameters.layerNorm("norm", config.layerNormEps()),
                null);
        return new EncoderNetwork(
                config,
                embedding,
                EncoderRows.encoder(
                        config.numHiddenLayers(), heads, config.hiddenAct(), config.layerNormEps(), parameters),
                ScoringRule.full(heads),
                pooler,
                head(config, words, pooler, parameters),
                parameters.has("nextSentence.weight") ? parameters.linear("nextSentence") : null);
    }

    private static Head head(BertConfig config, Tensor words, @Nullable Linear pooler, Parameters parameters) {
        return switch (config.architecture()) {
            case "BertForPreTraining", "BertForMaskedLM" ->
                new Head.MaskedLanguageModel(
                        parameters.linear("head.transform"),
                        config.hiddenAct(),
                        parameters.layerNorm("head.norm", config.layerNormEps()),
                        new Linear(
                                config.tieWordEmbeddings()
                                        ? parameters.weight(words)
                                        : parameters.weight("head.decoder"),
                                parameters.tensor("head.bias")));
            case "BertForSequenceClassification", "BertForNextSentencePrediction" ->
                new Head.SequenceClassification(
                        Objects.requireNonNull(pooler, "required by the table"),
                        Activation.TANH,
                        parameters.linear("head"));
            case "BertForTokenClassification" -> new Head.TokenClassification(parameters.linear("head"));
            case "BertForQuestionAnswering" -> new Head.SpanClassification(parameters.linear("head"));
            default -> new Head.None();
        };
    }
}

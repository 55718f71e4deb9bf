package heed.family;

import heed.attention.Attention;
import heed.attention.Heads;
import heed.attention.MultiHeadAttention;
import heed.attention.ScoringRule;
import heed.checkpoint.Checkpoint;
import heed.kernel.WeightFormat;
import heed.layer.Embedding;
import heed.layer.FeedForward;
import heed.layer.Linear;
import heed.position.PositionalEncoding;
import heed.stack.Encoder;
import heed.stack.EncoderLayer;
import heed.stack.NormPlacement;
import heed.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/// BERT (Devlin et al. 2019): an encoder over words, learned positions and segments, normalised after each
/// block.
public final class Bert {
    private Bert() {}

    /// Reads the model that `config` describes from a checkpoint.
    ///
    /// @throws heed.checkpoint.CheckpointException when the two do not match, with all misfits
    public static EncoderNetwork load(BertConfig config, Checkpoint checkpoint, WeightFormat format) {
        Parameters parameters = table(config).bind(checkpoint, Naming.ofBert(checkpoint), format);
        return assemble(config, parameters);
    }

    private static WeightTable table(BertConfig config) {
        int d = config.hiddenSize();
        int f = config.intermediateSize();
        WeightTable table = new WeightTable()
                .row("words", "embeddings.word_embeddings.weight", config.vocabSize(), d)
                .row("positions", "embeddings.position_embeddings.weight", config.maxPositionEmbeddings(), d)
                .row("types", "embeddings.token_type_embeddings.weight", config.typeVocabSize(), d)
                .row("norm.weight", "embeddings.LayerNorm.weight", d)
                .row("norm.bias", "embeddings.LayerNorm.bias", d)
                .ignore("embeddings\\.position_ids", "a buffer that counts 0, 1, 2, …");
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            String ours = "layers." + i + ".";
            String theirs = "encoder.layer." + i + ".";
            linear(table, ours + "attention.wQ", theirs + "attention.self.query", d, d);
            linear(table, ours + "attention.wK", theirs + "attention.self.key", d, d);
            linear(table, ours + "attention.wV", theirs + "attention.self.value", d, d);
            linear(table, ours + "attention.wO", theirs + "attention.output.dense", d, d);
            table.row(ours + "attentionNorm.weight", theirs + "attention.output.LayerNorm.weight", d);
            table.row(ours + "attentionNorm.bias", theirs + "attention.output.LayerNorm.bias", d);
            linear(table, ours + "feedForward.inner", theirs + "intermediate.dense", f, d);
            linear(table, ours + "feedForward.outer", theirs + "output.dense", d, f);
            table.row(ours + "feedForwardNorm.weight", theirs + "output.LayerNorm.weight", d);
            table.row(ours + "feedForwardNorm.bias", theirs + "output.LayerNorm.bias", d);
        }
        if (config.architecture().equals("BertForSequenceClassification")) {
            linear(table, "pooler", "pooler.dense", d, d);
        } else {
            table.optional("pooler", "pooler.weight", "pooler.dense.weight", d, d);
            table.optional("pooler", "pooler.bias", "pooler.dense.bias", d);
        }
        table.optional("next sentence", "nextSentence.weight", "cls.seq_relationship.weight", 2, d);
        table.optional("next sentence", "nextSentence.bias", "cls.seq_relationship.bias", 2);
        return headRows(table, config);
    }

    private static WeightTable headRows(WeightTable table, BertConfig config) {
        int d = config.hiddenSize();
        int v = config.vocabSize();
        int classes = config.labels().size();
        switch (config.architecture()) {
            case "BertForPreTraining", "BertForMaskedLM" -> {
                linear(table, "head.transform", "cls.predictions.transform.dense", d, d);
                table.row("head.norm.weight", "cls.predictions.transform.LayerNorm.weight", d);
                table.row("head.norm.bias", "cls.predictions.transform.LayerNorm.bias", d);
                table.row("head.bias", "cls.predictions.bias", v);
                table.ignore("cls\\.predictions\\.decoder\\.bias", "the same numbers as cls.predictions.bias");
                if (config.tieWordEmbeddings()) {
                    table.ignore("cls\\.predictions\\.decoder\\.weight", "tied to the word embeddings");
                } else {
                    table.row("head.decoder", "cls.predictions.decoder.weight", v, d);
                }
            }
            case "BertForSequenceClassification", "BertForTokenClassification" ->
                linear(table, "head", "classifier", classes, d);
            case "BertForQuestionAnswering" -> linear(table, "head", "qa_outputs", 2, d);
            default -> table.ignore("cls\\..*", "the heads of pre-training, which BertModel leaves aside");
        }
        return table;
    }

    private static void linear(WeightTable table, String ours, String theirs, int out, int in) {
        table.row(ours + ".weight", theirs + ".weight", out, in);
        table.row(ours + ".bias", theirs + ".bias", out);
    }

    private static EncoderNetwork assemble(BertConfig config, Parameters parameters) {
        Heads heads = Heads.of(config.numAttentionHeads(), config.hiddenSize());
        Attention attention = Attention.standard();
        List<EncoderLayer> layers = IntStream.range(0, config.numHiddenLayers())
                .parallel() // packing is most of the time to load
                .mapToObj(i -> layer("layers." + i, config, heads, attention, parameters))
                .toList();
        Tensor words = parameters.tensor("words");
        TextEmbedding embedding = new TextEmbedding(
                new Embedding("token id", words),
                1,
                new PositionalEncoding.Learned(parameters.tensor("positions")),
                new Embedding("token type id", parameters.tensor("types")),
                parameters.layerNorm("norm", config.layerNormEps()),
                null);
        return new EncoderNetwork(
                config,
                embedding,
                new Encoder(layers, null),
                ScoringRule.full(heads),
                parameters.has("pooler.weight") ? parameters.linear("pooler") : null,
                head(config, words, parameters),
                parameters.has("nextSentence.weight") ? parameters.linear("nextSentence") : null);
    }

    private static EncoderLayer layer(
            String path, BertConfig config, Heads heads, Attention attention, Parameters parameters) {
        return new EncoderLayer(
                new MultiHeadAttention(
                        heads,
                        parameters.linear(path + ".attention.wQ"),
                        parameters.linear(path + ".attention.wK"),
                        parameters.linear(path + ".attention.wV"),
                        parameters.linear(path + ".attention.wO"),
                        attention),
                parameters.layerNorm(path + ".attentionNorm", config.layerNormEps()),
                new FeedForward(
                        parameters.linear(path + ".feedForward.inner"),
                        config.hiddenAct(),
                        parameters.linear(path + ".feedForward.outer")),
                parameters.layerNorm(path + ".feedForwardNorm", config.layerNormEps()),
                NormPlacement.AFTER);
    }

    private static Head head(BertConfig config, Tensor words, Parameters parameters) {
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
            case "BertForSequenceClassification" -> new Head.SequenceClassification(parameters.linear("head"));
            case "BertForTokenClassification" -> new Head.TokenClassification(parameters.linear("head"));
            case "BertForQuestionAnswering" -> new Head.SpanClassification(parameters.linear("head"));
            default -> new Head.None();
        };
    }
}

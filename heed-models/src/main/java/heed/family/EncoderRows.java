package heed.family;

import heed.attention.Attention;
import heed.attention.Heads;
import heed.attention.MultiHeadAttention;
import heed.kernel.Activation;
import heed.layer.FeedForward;
import heed.stack.Encoder;
import heed.stack.EncoderLayer;
import heed.stack.NormPlacement;
import java.util.List;
import java.util.stream.IntStream;

/// What a family calls the parts of an encoder layer that normalises after each block.
///
/// @param layer the prefix of a layer, ending before its number
record EncoderRows(
        String layer,
        String query,
        String key,
        String value,
        String output,
        String attentionNorm,
        String inner,
        String outer,
        String feedForwardNorm) {
    /// The names of BERT, which most of its descendants kept.
    static final EncoderRows BERT = new EncoderRows(
            "encoder.layer.",
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
            "attention.output.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm");

    static final EncoderRows DISTILBERT = new EncoderRows(
            "transformer.layer.",
            "attention.q_lin",
            "attention.k_lin",
            "attention.v_lin",
            "attention.out_lin",
            "sa_layer_norm",
            "ffn.lin1",
            "ffn.lin2",
            "output_layer_norm");

    /// Declares the rows of all layers.
    ///
    /// @param d the width of the model
    /// @param f the width of the feed-forward network
    void declare(WeightTable table, int layers, int d, int f) {
        for (int i = 0; i < layers; i++) {
            String ours = "layers." + i + ".";
            String theirs = layer + i + ".";
            table.linear(ours + "attention.wQ", theirs + query, d, d);
            table.linear(ours + "attention.wK", theirs + key, d, d);
            table.linear(ours + "attention.wV", theirs + value, d, d);
            table.linear(ours + "attention.wO", theirs + output, d, d);
            table.norm(ours + "attentionNorm", theirs + attentionNorm, d);
            table.linear(ours + "feedForward.inner", theirs + inner, f, d);
            table.linear(ours + "feedForward.outer", theirs + outer, d, f);
            table.norm(ours + "feedForwardNorm", theirs + feedForwardNorm, d);
        }
    }

    /// The layers that were declared.
    static Encoder encoder(int layers, Heads heads, Activation activation, float eps, Parameters parameters) {
        Attention attention = Attention.standard();
        List<EncoderLayer> all = IntStream.range(0, layers)
                .parallel() // packing is most of the time to load
                .mapToObj(i -> layer("layers." + i, heads, activation, eps, attention, parameters))
                .toList();
        return new Encoder(all, null);
    }

    private static EncoderLayer layer(
            String path, Heads heads, Activation activation, float eps, Attention attention, Parameters parameters) {
        return new EncoderLayer(
                new MultiHeadAttention(
                        heads,
                        parameters.linear(path + ".attention.wQ"),
                        parameters.linear(path + ".attention.wK"),
                        parameters.linear(path + ".attention.wV"),
                        parameters.linear(path + ".attention.wO"),
                        attention),
                parameters.layerNorm(path + ".attentionNorm", eps),
                new FeedForward(
                        parameters.linear(path + ".feedForward.inner"),
                        activation,
                        parameters.linear(path + ".feedForward.outer")),
                parameters.layerNorm(path + ".feedForwardNorm", eps),
                NormPlacement.AFTER);
    }
}

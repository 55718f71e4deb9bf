package heed.family;

import heed.attention.Attention;
import heed.attention.Heads;
import heed.attention.ScoringRule;
import heed.layer.Embedding;
import heed.layer.FeedForward;
import heed.stack.Decoder;
import heed.stack.DecoderLayer;
import heed.stack.NormPlacement;
import heed.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/// GPT-NeoX (Black et al. 2022): a decoder whose queries and keys are turned in part of their columns, and
/// whose attention and feed-forward network run side by side.
///
/// Query, key and value are stored in one matrix, side by side for each head.
public final class GptNeoX {
    private static final Naming NAMES = Naming.below("gpt_neox");

    private GptNeoX() {}

    /// Reads the model that `config` describes from a checkpoint.
    ///
    /// @throws heed.checkpoint.CheckpointException when the two do not match, with all misfits
    public static DecoderNetwork load(GptNeoXConfig config, ParameterSource source) {
        return assemble(config, table(config).bind(source, NAMES));
    }

    private static WeightTable table(GptNeoXConfig config) {
        int d = config.hiddenSize();
        int f = config.intermediateSize();
        WeightTable table = new WeightTable()
                .norm("finalNorm", "final_layer_norm", d)
                .ignore("layers\\.\\d+\\.attention\\.(masked_)?bias", "a buffer that holds the causal mask")
                .ignore("layers\\.\\d+\\.attention\\.rotary_emb\\.inv_freq", "a buffer that config.json determines");
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            String ours = "layers." + i + ".";
            String theirs = "layers." + i + ".";
            table.norm(ours + "attentionNorm", theirs + "input_layernorm", d);
            List<String> projections = List.of("wQ", "wK", "wV");
            int heads = config.numAttentionHeads();
            for (int part = 0; part < 3; part++) {
                String projection = ours + "attention." + projections.get(part);
                String fused = theirs + "attention.query_key_value";
                table.slice(projection + ".weight", fused + ".weight", part, 3, heads, d, d);
                if (config.attentionBias()) {
                    table.slice(projection + ".bias", fused + ".bias", part, 3, heads, d);
                }
            }
            table.linear(ours + "attention.wO", theirs + "attention.dense", config.attentionBias(), d, d);
            table.norm(ours + "feedForwardNorm", theirs + "post_attention_layernorm", d);
            table.linear(ours + "feedForward.inner", theirs + "mlp.dense_h_to_4h", f, d);
            table.linear(ours + "feedForward.outer", theirs + "mlp.dense_4h_to_h", d, f);
        }
        config.head().declare(table, "embed_in.weight", "embed_out.weight", "classifier", config.vocabSize(), d);
        return table;
    }

    private static DecoderNetwork assemble(GptNeoXConfig config, Parameters parameters) {
        Heads heads = Heads.of(config.numAttentionHeads(), config.hiddenSize());
        List<DecoderLayer> layers = IntStream.range(0, config.numHiddenLayers())
                .parallel() // packing is most of the time to load
                .mapToObj(i -> layer("layers." + i, config, heads, parameters))
                .toList();
        Tensor words = parameters.tensor("words");
        Decoder decoder =
                new Decoder(layers, config.rotary(), parameters.layerNorm("finalNorm", config.layerNormEps()));
        return new DecoderNetwork(
                config,
                TextEmbedding.of(new Embedding("token id", words)),
                decoder,
                config.head().assemble(parameters, words));
    }

    private static DecoderLayer layer(String path, GptNeoXConfig config, Heads heads, Parameters parameters) {
        return new DecoderLayer(
                parameters.attention(path + ".attention", heads, Attention.standard()),
                ScoringRule.causal(heads),
                parameters.layerNorm(path + ".attentionNorm", config.layerNormEps()),
                null,
                new FeedForward(
                        parameters.linear(path + ".feedForward.inner"),
                        config.hiddenAct(),
                        parameters.linear(path + ".feedForward.outer")),
                parameters.layerNorm(path + ".feedForwardNorm", config.layerNormEps()),
                config.useParallelResidual() ? NormPlacement.PARALLEL : NormPlacement.BEFORE);
    }
}

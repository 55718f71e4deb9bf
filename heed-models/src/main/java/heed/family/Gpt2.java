package heed.family;

import heed.attention.Attention;
import heed.attention.Heads;
import heed.attention.ScoringRule;
import heed.layer.Embedding;
import heed.layer.FeedForward;
import heed.position.PositionalEncoding;
import heed.stack.Decoder;
import heed.stack.DecoderLayer;
import heed.stack.NormPlacement;
import heed.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/// GPT-2 (Radford et al. 2019): a decoder over words and learned positions, normalised before each block.
///
/// Its linear maps are stored `[in, out]`, with query, key and value in one.
public final class Gpt2 {
    private static final Naming NAMES = Naming.below("transformer").transposing(".*\\.(c_attn|c_proj|c_fc)\\.weight");

    private Gpt2() {}

    /// Reads the model that `config` describes from a checkpoint.
    ///
    /// @throws heed.checkpoint.CheckpointException when the two do not match, with all misfits
    public static DecoderNetwork load(Gpt2Config config, ParameterSource source) {
        return assemble(config, table(config).bind(source, NAMES));
    }

    private static WeightTable table(Gpt2Config config) {
        int d = config.nEmbd();
        WeightTable table = new WeightTable()
                .row("positions", "wpe.weight", config.nPositions(), d)
                .norm("finalNorm", "ln_f", d)
                .ignore("h\\.\\d+\\.attn\\.(masked_)?bias", "a buffer that holds the causal mask");
        for (int i = 0; i < config.nLayer(); i++) {
            String ours = "layers." + i + ".";
            String theirs = "h." + i + ".";
            table.norm(ours + "attentionNorm", theirs + "ln_1", d);
            List<String> projections = List.of("wQ", "wK", "wV");
            for (int part = 0; part < 3; part++) {
                String projection = ours + "attention." + projections.get(part);
                table.slice(projection + ".weight", theirs + "attn.c_attn.weight", part, 3, 1, d, d);
                table.slice(projection + ".bias", theirs + "attn.c_attn.bias", part, 3, 1, d);
            }
            table.linear(ours + "attention.wO", theirs + "attn.c_proj", d, d);
            table.norm(ours + "feedForwardNorm", theirs + "ln_2", d);
            table.linear(ours + "feedForward.inner", theirs + "mlp.c_fc", config.nInner(), d);
            table.linear(ours + "feedForward.outer", theirs + "mlp.c_proj", d, config.nInner());
        }
        config.head().declare(table, "wte.weight", "lm_head.weight", "classifier", config.vocabSize(), d);
        return table;
    }

    private static DecoderNetwork assemble(Gpt2Config config, Parameters parameters) {
        Heads heads = Heads.of(config.nHead(), config.nEmbd());
        List<DecoderLayer> layers = IntStream.range(0, config.nLayer())
                .parallel() // packing is most of the time to load
                .mapToObj(i -> layer("layers." + i, config, heads, config.scale(i), parameters))
                .toList();
        Tensor words = parameters.tensor("words");
        TextEmbedding embedding = new TextEmbedding(
                new Embedding("token id", words),
                1,
                TokenPositions.counted(new PositionalEncoding.Learned(parameters.tensor("positions"))),
                null,
                null,
                null);
        Decoder decoder = new Decoder(layers, null, parameters.layerNorm("finalNorm", config.layerNormEpsilon()));
        return new DecoderNetwork(config, embedding, decoder, config.head().assemble(parameters, words));
    }

    private static DecoderLayer layer(String path, Gpt2Config config, Heads heads, float scale, Parameters parameters) {
        return new DecoderLayer(
                parameters.attention(path + ".attention", heads, Attention.standard()),
                ScoringRule.causal(heads).scaled(scale),
                parameters.layerNorm(path + ".attentionNorm", config.layerNormEpsilon()),
                null,
                new FeedForward(
                        parameters.linear(path + ".feedForward.inner"),
                        config.activationFunction(),
                        parameters.linear(path + ".feedForward.outer")),
                parameters.layerNorm(path + ".feedForwardNorm", config.layerNormEpsilon()),
                NormPlacement.BEFORE);
    }
}

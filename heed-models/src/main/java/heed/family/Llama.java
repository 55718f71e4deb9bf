package heed.family;

import heed.attention.Attention;
import heed.attention.Heads;
import heed.attention.Mask;
import heed.attention.MultiHeadAttention;
import heed.attention.ScoringRule;
import heed.layer.Embedding;
import heed.layer.FeedForward;
import heed.stack.Decoder;
import heed.stack.DecoderLayer;
import heed.stack.NormPlacement;
import heed.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/// Llama (Touvron et al. 2023) and its kin Mistral (Jiang et al. 2023), Qwen2 and Qwen3: a decoder with rotary
/// positions, RMS norms before each block, gated feed-forward networks, and groups of query heads that share a
/// key head.
public final class Llama {
    private static final Naming NAMES = Naming.below("model", "transformer");

    private Llama() {}

    /// Reads the model that `config` describes from a checkpoint.
    ///
    /// @throws heed.checkpoint.CheckpointException when the two do not match, with all misfits
    public static DecoderNetwork load(LlamaConfig config, ParameterSource source) {
        return assemble(config, table(config).bind(source, NAMES));
    }

    private static WeightTable table(LlamaConfig config) {
        int d = config.hiddenSize();
        int f = config.intermediateSize();
        int queries = config.numAttentionHeads() * config.headDim();
        int keys = config.numKeyValueHeads() * config.headDim();
        WeightTable table = new WeightTable()
                .row("finalNorm.weight", "norm.weight", d)
                .ignore("(layers\\.\\d+\\.self_attn\\.)?rotary_emb\\.inv_freq", "a buffer that config.json determines");
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            String layer = "layers." + i + ".";
            String attention = layer + "self_attn.";
            table.row(layer + "attentionNorm.weight", layer + "input_layernorm.weight", d);
            table.linear(layer + "attention.wQ", attention + "q_proj", config.projectionBias(), queries, d);
            table.linear(layer + "attention.wK", attention + "k_proj", config.projectionBias(), keys, d);
            table.linear(layer + "attention.wV", attention + "v_proj", config.projectionBias(), keys, d);
            table.linear(layer + "attention.wO", attention + "o_proj", config.outputBias(), d, queries);
            if (config.headNorms()) {
                table.row(layer + "attention.queryNorm.weight", attention + "q_norm.weight", config.headDim());
                table.row(layer + "attention.keyNorm.weight", attention + "k_norm.weight", config.headDim());
            }
            table.row(layer + "feedForwardNorm.weight", layer + "post_attention_layernorm.weight", d);
            table.linear(layer + "feedForward.inner", layer + "mlp.gate_proj", config.mlpBias(), f, d);
            table.linear(layer + "feedForward.linear", layer + "mlp.up_proj", config.mlpBias(), f, d);
            table.linear(layer + "feedForward.outer", layer + "mlp.down_proj", config.mlpBias(), d, f);
        }
        config.head().declare(table, "embed_tokens.weight", "lm_head.weight", "score", config.vocabSize(), d);
        return table;
    }

    private static DecoderNetwork assemble(LlamaConfig config, Parameters parameters) {
        Heads heads = new Heads(config.numAttentionHeads(), config.numKeyValueHeads(), config.headDim());
        List<DecoderLayer> layers = IntStream.range(0, config.numHiddenLayers())
                .parallel() // packing is most of the time to load
                .mapToObj(i ->
                        layer("layers." + i, config, heads, config.windows().get(i), parameters))
                .toList();
        Tensor words = parameters.tensor("words");
        Decoder decoder = new Decoder(layers, config.rotary(), parameters.rmsNorm("finalNorm", config.rmsNormEps()));
        return new DecoderNetwork(
                config,
                TextEmbedding.of(new Embedding("token id", words)),
                decoder,
                config.head().assemble(parameters, words));
    }

    private static DecoderLayer layer(String path, LlamaConfig config, Heads heads, int window, Parameters parameters) {
        MultiHeadAttention attention = parameters.attention(path + ".attention", heads, Attention.standard());
        Mask mask = window == 0 ? Mask.causal() : Mask.causal().and(new Mask.Window(window));
        return new DecoderLayer(
                config.headNorms()
                        ? attention.withHeadNorms(
                                parameters.rmsNorm(path + ".attention.queryNorm", config.rmsNormEps()),
                                parameters.rmsNorm(path + ".attention.keyNorm", config.rmsNormEps()))
                        : attention,
                ScoringRule.causal(heads).masked(mask),
                parameters.rmsNorm(path + ".attentionNorm", config.rmsNormEps()),
                null,
                new FeedForward(
                        parameters.linear(path + ".feedForward.inner"),
                        config.hiddenAct(),
                        parameters.linear(path + ".feedForward.linear"),
                        parameters.linear(path + ".feedForward.outer")),
                parameters.rmsNorm(path + ".feedForwardNorm", config.rmsNormEps()),
                NormPlacement.BEFORE);
    }
}

package heed.family;

import heed.attention.Attention;
import heed.attention.Heads;
import heed.attention.MultiHeadAttention;
import heed.attention.ScoringRule;
import heed.layer.FeedForward;
import heed.layer.LayerNorm;
import heed.stack.CrossAttention;
import heed.stack.Decoder;
import heed.stack.DecoderLayer;
import heed.stack.Encoder;
import heed.stack.EncoderLayer;
import heed.stack.NormPlacement;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The layers that BART, mBART and MarianMT have under the same names.
final class BartRows {
    private static final float EPS = BartConfig.LAYER_NORM_EPS;

    private BartRows() {}

    static void declare(WeightTable table, BartConfig config) {
        int d = config.dModel();
        for (int i = 0; i < config.encoderLayers(); i++) {
            String path = "encoder.layers." + i + ".";
            attention(table, path, "self_attn", d);
            feedForward(table, path, d, config.encoderFfnDim());
        }
        for (int i = 0; i < config.decoderLayers(); i++) {
            String path = "decoder.layers." + i + ".";
            attention(table, path, "self_attn", d);
            attention(table, path, "encoder_attn", d);
            feedForward(table, path, d, config.decoderFfnDim());
        }
    }

    private static void attention(WeightTable table, String path, String name, int d) {
        for (String part : new String[] {".q_proj", ".k_proj", ".v_proj", ".out_proj"}) {
            table.linear(path + name + part, path + name + part, d, d);
        }
        table.norm(path + name + "_layer_norm", path + name + "_layer_norm", d);
    }

    private static void feedForward(WeightTable table, String path, int d, int f) {
        table.linear(path + "fc1", path + "fc1", f, d)
                .linear(path + "fc2", path + "fc2", d, f)
                .norm(path + "final_layer_norm", path + "final_layer_norm", d);
    }

    static Encoder encoder(BartConfig config, Parameters parameters) {
        Heads heads = Heads.of(config.encoderAttentionHeads(), config.dModel());
        return new Encoder(
                IntStream.range(0, config.encoderLayers())
                        .parallel() // packing is most of the time to load
                        .mapToObj(i -> "encoder.layers." + i + ".")
                        .map(path -> new EncoderLayer(
                                attention(path + "self_attn", heads, parameters),
                                norm(path + "self_attn_layer_norm", parameters),
                                feedForward(path, config, parameters),
                                norm(path + "final_layer_norm", parameters),
                                config.variant().norms()))
                        .toList(),
                finalNorm("encoder.layer_norm", config, parameters));
    }

    static Decoder decoder(BartConfig config, Parameters parameters) {
        Heads heads = Heads.of(config.decoderAttentionHeads(), config.dModel());
        return new Decoder(
                IntStream.range(0, config.decoderLayers())
                        .parallel()
                        .mapToObj(i -> "decoder.layers." + i + ".")
                        .map(path -> new DecoderLayer(
                                attention(path + "self_attn", heads, parameters),
                                ScoringRule.causal(heads),
                                norm(path + "self_attn_layer_norm", parameters),
                                new CrossAttention(
                                        attention(path + "encoder_attn", heads, parameters),
                                        ScoringRule.full(heads),
                                        norm(path + "encoder_attn_layer_norm", parameters)),
                                feedForward(path, config, parameters),
                                norm(path + "final_layer_norm", parameters),
                                config.variant().norms()))
                        .toList(),
                null,
                finalNorm("decoder.layer_norm", config, parameters));
    }

    private static MultiHeadAttention attention(String path, Heads heads, Parameters parameters) {
        return new MultiHeadAttention(
                heads,
                parameters.linear(path + ".q_proj"),
                parameters.linear(path + ".k_proj"),
                parameters.linear(path + ".v_proj"),
                parameters.linear(path + ".out_proj"),
                Attention.standard());
    }

    private static FeedForward feedForward(String path, BartConfig config, Parameters parameters) {
        return new FeedForward(
                parameters.linear(path + "fc1"), config.activationFunction(), parameters.linear(path + "fc2"));
    }

    private static LayerNorm norm(String path, Parameters parameters) {
        return parameters.layerNorm(path, EPS);
    }

    private static @Nullable LayerNorm finalNorm(String path, BartConfig config, Parameters parameters) {
        return config.variant().norms() == NormPlacement.BEFORE ? norm(path, parameters) : null;
    }
}

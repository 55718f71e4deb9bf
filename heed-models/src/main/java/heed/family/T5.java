package heed.family;

import heed.attention.Attention;
import heed.attention.Heads;
import heed.attention.Mask;
import heed.attention.MultiHeadAttention;
import heed.attention.ScoreBias;
import heed.attention.ScoringRule;
import heed.kernel.Activation;
import heed.layer.Embedding;
import heed.layer.FeedForward;
import heed.layer.Linear;
import heed.position.RelativeBuckets;
import heed.stack.CrossAttention;
import heed.stack.Decoder;
import heed.stack.DecoderLayer;
import heed.stack.Encoder;
import heed.stack.EncoderLayer;
import heed.stack.NormPlacement;
import heed.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/// T5 (Raffel et al. 2020), Flan-T5 (Chung et al. 2022) and mT5 (Xue et al. 2021): encoder and decoder without
/// a single bias, normalised before each block by the root mean square alone, whose scores are not scaled and
/// know positions by their distance. One table of distances serves all layers of a stack; attention to the
/// encoder has none.
public final class T5 {
    private static final List<String> ENCODER_WORDS = List.of("encoder.embed_tokens.weight", "shared.weight");
    private static final List<String> DECODER_WORDS = List.of("decoder.embed_tokens.weight", "shared.weight");

    private T5() {}

    /// Reads the model that `config` describes from a checkpoint.
    ///
    /// @throws heed.checkpoint.CheckpointException when the two do not match, with all misfits
    public static Network load(T5Config config, ParameterSource from) {
        Parameters parameters = table(config).bind(from, Naming.below(prefix(config.head()), "transformer"));
        Heads heads = new Heads(config.numHeads(), config.numHeads(), config.dKv());
        Tensor words = parameters.tensor("encoder.words");
        TextEmbedding source = TextEmbedding.of(new Embedding("token id", words));
        Encoder encoder = encoder(config, heads, parameters);
        ScoringRule reading = rule("encoder", true, config, parameters);
        Head head = head(config, words, parameters);
        if (!config.hasDecoder()) {
            return new EncoderNetwork(config, source, encoder, reading, null, head, null);
        }
        Tensor targetWords = parameters.tied("decoder.words", words);
        return new EncoderDecoderNetwork(
                config,
                source,
                encoder,
                reading,
                TextEmbedding.of(new Embedding("decoder token id", targetWords)),
                decoder(config, heads, parameters),
                head,
                config.decoderStartTokenId(),
                config.head() == HeadKind.SEQUENCE_CLASSIFICATION || config.head() == HeadKind.QUESTION_ANSWERING
                        ? EncoderDecoderNetwork.Unasked.SOURCE
                        : EncoderDecoderNetwork.Unasked.START);
    }

    private static WeightTable table(T5Config config) {
        int d = config.dModel();
        int v = config.vocabSize();
        WeightTable table = new WeightTable().tied("encoder.words", ENCODER_WORDS, v, d);
        stack(table, "encoder", config.numLayers(), 1, config);
        if (config.hasDecoder()) {
            table.tied("decoder.words", DECODER_WORDS, v, d);
            stack(table, "decoder", config.numDecoderLayers(), 2, config);
            table.ignore(
                    "decoder\\.block\\.0\\.layer\\.1\\.EncDecAttention\\.relative_attention_bias\\.weight",
                    "of the first checkpoints, never used");
        } else {
            table.ignore("decoder\\..*|lm_head\\..*", "a model with the encoder alone leaves the decoder aside");
        }
        int classes = config.labels().size();
        return switch (config.head()) {
            case CONDITIONAL_GENERATION ->
                table.tied("head.weight", List.of("lm_head.weight", DECODER_WORDS.getFirst(), "shared.weight"), v, d);
            case SEQUENCE_CLASSIFICATION ->
                table.linear("head.dense", "classification_head.dense", d, d)
                        .linear("head.classifier", "classification_head.out_proj", classes, d);
            case TOKEN_CLASSIFICATION -> table.linear("head", "classifier", classes, d);
            case QUESTION_ANSWERING -> table.linear("head", "qa_outputs", 2, d);
            default -> table.ignore("lm_head\\..*", "the head of pre-training, which the bare model leaves aside");
        };
    }

    /// @param attentions of a layer: to its own stack, and in a decoder to the encoder
    private static void stack(WeightTable table, String stack, int layers, int attentions, T5Config config) {
        int d = config.dModel();
        int inner = config.numHeads() * config.dKv();
        table.row(
                stack + ".bias",
                stack + ".block.0.layer.0.SelfAttention.relative_attention_bias.weight",
                config.relativeAttentionNumBuckets(),
                config.numHeads());
        for (int i = 0; i < layers; i++) {
            String block = stack + ".block." + i + ".layer.";
            for (int part = 0; part < attentions; part++) {
                String path = block + part + (part == 0 ? ".SelfAttention." : ".EncDecAttention.");
                for (String name : List.of("q.weight", "k.weight", "v.weight")) {
                    table.row(path + name, path + name, inner, d);
                }
                table.row(path + "o.weight", path + "o.weight", d, inner);
                table.row(block + part + ".layer_norm.weight", block + part + ".layer_norm.weight", d);
            }
            String feedForward = block + attentions + ".DenseReluDense.";
            for (String name : config.gated() ? List.of("wi_0.weight", "wi_1.weight") : List.of("wi.weight")) {
                table.row(feedForward + name, feedForward + name, config.dFf(), d);
            }
            table.row(feedForward + "wo.weight", feedForward + "wo.weight", d, config.dFf());
            table.row(block + attentions + ".layer_norm.weight", block + attentions + ".layer_norm.weight", d);
        }
        table.row(stack + ".norm.weight", stack + ".final_layer_norm.weight", d);
    }

    private static Encoder encoder(T5Config config, Heads heads, Parameters parameters) {
        float eps = config.layerNormEpsilon();
        return new Encoder(
                IntStream.range(0, config.numLayers())
                        .parallel() // packing is most of the time to load
                        .mapToObj(i -> "encoder.block." + i + ".layer.")
                        .map(path -> new EncoderLayer(
                                attention(path + "0.SelfAttention", heads, parameters),
                                parameters.rmsNorm(path + "0.layer_norm", eps),
                                feedForward(path + "1.DenseReluDense", config, parameters),
                                parameters.rmsNorm(path + "1.layer_norm", eps),
                                NormPlacement.BEFORE))
                        .toList(),
                parameters.rmsNorm("encoder.norm", eps));
    }

    private static Decoder decoder(T5Config config, Heads heads, Parameters parameters) {
        float eps = config.layerNormEpsilon();
        ScoringRule writing = rule("decoder", false, config, parameters);
        ScoringRule listening = new ScoringRule(1, Mask.none(), ScoreBias.none());
        return new Decoder(
                IntStream.range(0, config.numDecoderLayers())
                        .parallel()
                        .mapToObj(i -> "decoder.block." + i + ".layer.")
                        .map(path -> new DecoderLayer(
                                attention(path + "0.SelfAttention", heads, parameters),
                                writing,
                                parameters.rmsNorm(path + "0.layer_norm", eps),
                                new CrossAttention(
                                        attention(path + "1.EncDecAttention", heads, parameters),
                                        listening,
                                        parameters.rmsNorm(path + "1.layer_norm", eps)),
                                feedForward(path + "2.DenseReluDense", config, parameters),
                                parameters.rmsNorm(path + "2.layer_norm", eps),
                                NormPlacement.BEFORE))
                        .toList(),
                null,
                parameters.rmsNorm("decoder.norm", eps));
    }

    /// What Hugging Face has before the names of both stacks: a classifier has them inside a model of their
    /// own.
    private static String prefix(HeadKind head) {
        return switch (head) {
            case SEQUENCE_CLASSIFICATION, TOKEN_CLASSIFICATION -> "transformer";
            default -> "";
        };
    }

    /// Scores as they are, plus what the stack's table has for their distance.
    private static ScoringRule rule(String stack, boolean bothDirections, T5Config config, Parameters parameters) {
        RelativeBuckets buckets = new RelativeBuckets(
                config.relativeAttentionNumBuckets(), config.relativeAttentionMaxDistance(), bothDirections);
        ScoreBias bias = ScoreBias.byBucket(parameters.tensor(stack + ".bias"), buckets);
        return new ScoringRule(1, bothDirections ? Mask.none() : Mask.causal(), bias);
    }

    private static MultiHeadAttention attention(String path, Heads heads, Parameters parameters) {
        return new MultiHeadAttention(
                heads,
                parameters.linear(path + ".q"),
                parameters.linear(path + ".k"),
                parameters.linear(path + ".v"),
                parameters.linear(path + ".o"),
                Attention.standard());
    }

    private static FeedForward feedForward(String path, T5Config config, Parameters parameters) {
        return new FeedForward(
                parameters.linear(path + (config.gated() ? ".wi_0" : ".wi")),
                config.activation(),
                config.gated() ? parameters.linear(path + ".wi_1") : null,
                parameters.linear(path + ".wo"));
    }

    private static Head head(T5Config config, Tensor words, Parameters parameters) {
        return switch (config.head()) {
            case CONDITIONAL_GENERATION ->
                new Head.LanguageModel(
                        config.scaleDecoderOutputs() ? (float) (1 / Math.sqrt(config.dModel())) : 1,
                        new Linear(parameters.weight(parameters.tied("head.weight", words)), null));
            case SEQUENCE_CLASSIFICATION ->
                new Head.SequenceClassification(
                        parameters.linear("head.dense"),
                        Activation.TANH,
                        parameters.linear("head.classifier"),
                        config.eosTokenId());
            case TOKEN_CLASSIFICATION -> new Head.TokenClassification(parameters.linear("head"));
            case QUESTION_ANSWERING -> new Head.SpanClassification(parameters.linear("head"));
            default -> new Head.None();
        };
    }
}

package heed.claims;

import heed.attention.Attention;
import heed.attention.Heads;
import heed.attention.Mask;
import heed.attention.MultiHeadAttention;
import heed.attention.Scoring;
import heed.kernel.Activation;
import heed.layer.Embedding;
import heed.layer.FeedForward;
import heed.layer.LayerNorm;
import heed.layer.Linear;
import heed.pass.Pass;
import heed.position.PositionalEncoding;
import heed.stack.Encoder;
import heed.stack.EncoderLayer;
import heed.stack.NormPlacement;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import heed.training.Initializer;
import java.util.stream.IntStream;

/// The encoder of the paper, small and with parameters to be learned, which gives a text a class. What claims
/// are about can be left out of it.
///
/// @param positions sines and cosines, added where the plan says so
/// @param head `[C, D]`
public record SmallEncoder(
        Embedding words, PositionalEncoding.Sinusoidal positions, Encoder stack, Linear head, Heads heads, Plan plan) {
    private static final float EPS = 1e-5f;

    /// @param width D
    /// @param positions whether a token is told where it stands
    /// @param causal whether a token sees only itself and those before it
    /// @param scale what scores are multiplied by; NaN for `1/√Dh`
    public record Plan(
            int vocabulary,
            int classes,
            int longest,
            int layers,
            int headCount,
            int width,
            boolean positions,
            boolean causal,
            float scale) {
        static Plan of(int vocabulary, int classes, int longest) {
            return new Plan(vocabulary, classes, longest, 2, 4, 64, true, false, Float.NaN);
        }

        Plan withPositions(boolean are) {
            return new Plan(vocabulary, classes, longest, layers, headCount, width, are, causal, scale);
        }

        Plan withCausal(boolean is) {
            return new Plan(vocabulary, classes, longest, layers, headCount, width, positions, is, scale);
        }

        Plan withHeads(int count, int dModel) {
            return new Plan(vocabulary, classes, longest, layers, count, dModel, positions, causal, scale);
        }

        Plan withScale(float factor) {
            return new Plan(vocabulary, classes, longest, layers, headCount, width, positions, causal, factor);
        }
    }

    static SmallEncoder fresh(Plan plan, long seed) {
        var draw = new Initializer(seed);
        int d = plan.width;
        Heads heads = Heads.of(plan.headCount, d);
        Embedding words = new Embedding("token id", draw.normal(1, plan.vocabulary, d));
        var layers = IntStream.range(0, plan.layers)
                .mapToObj(_ -> new EncoderLayer(
                        new MultiHeadAttention(
                                heads,
                                linear(draw, d, d),
                                linear(draw, d, d),
                                linear(draw, d, d),
                                linear(draw, d, d),
                                Attention.standard()),
                        norm(d),
                        new FeedForward(linear(draw, 2 * d, d), Activation.RELU, linear(draw, d, 2 * d)),
                        norm(d),
                        NormPlacement.AFTER))
                .toList();
        return new SmallEncoder(
                words,
                PositionalEncoding.Sinusoidal.of(plan.longest, d),
                new Encoder(layers, null),
                linear(draw, plan.classes, d),
                heads,
                plan);
    }

    private static Linear linear(Initializer draw, int out, int in) {
        return new Linear(Weight.learned(draw.xavier(out, in)), Tensor.zeros(out));
    }

    private static LayerNorm norm(int d) {
        return new LayerNorm(Initializer.constant(1, d), Tensor.zeros(d), EPS);
    }

    /// `[N] → [N, D]`
    Tensor hidden(int[] ids, Sequences sequences, Pass pass) {
        Tensor x = words.apply(ids, pass);
        if (plan.positions) {
            positions.addTo(x, sequences, pass);
        }
        Scoring scoring = Scoring.self(sequences, heads);
        if (!Float.isNaN(plan.scale)) {
            scoring = scoring.scaled(plan.scale);
        }
        return stack.apply(x, plan.causal ? scoring.masked(Mask.causal()) : scoring, pass);
    }

    /// The scores of the classes of each text, from the mean of its tokens: `[N] → [B, C]`.
    Tensor logits(int[] ids, Sequences sequences, Pass pass) {
        return head.apply(pass.compute().means(hidden(ids, sequences, pass), sequences), pass);
    }
}

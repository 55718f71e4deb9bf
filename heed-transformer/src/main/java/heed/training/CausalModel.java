package heed.training;

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
import java.util.List;
import java.util.stream.IntStream;

/// A language model in the architecture of GPT-2 (Radford et al. 2019), with parameters to be learned: learned
/// positions, norms before each block, and an output tied to the embeddings of the words.
public record CausalModel(
        Embedding words, PositionalEncoding.Learned positions, Encoder stack, Linear head, Heads heads) {
    /// @param vocabulary V
    /// @param context the longest sequence
    /// @param width D
    public record Sizes(int vocabulary, int context, int layers, int heads, int width) {
        public Sizes {
            if (vocabulary < 1 || context < 1 || layers < 1 || heads < 1 || width < 1 || width % heads != 0) {
                throw new IllegalArgumentException("a model of width " + width + " with " + heads + " heads, " + layers
                        + " layers, a context of " + context + " and " + vocabulary
                        + " tokens cannot be: all must be positive and the width divisible by the heads");
            }
        }
    }

    /// A model that knows nothing yet, its parameters drawn as nanoGPT draws them: from a normal distribution
    /// of deviation 0.02, divided by `√(2 · layers)` where a block hands to the residual connection (Radford et
    /// al. 2019, §2.3).
    public static CausalModel fresh(Sizes sizes, long seed) {
        return fresh(sizes, Activation.GELU_TANH, true, seed);
    }

    /// As [#fresh(Sizes, long)], with another activation, or without biases. The biases of the norms are then
    /// zeros that are not to be learned.
    public static CausalModel fresh(Sizes sizes, Activation activation, boolean biases, long seed) {
        Initializer draw = new Initializer(seed);
        int d = sizes.width();
        Heads heads = Heads.of(sizes.heads(), d);
        Tensor words = draw.normal(0.02, sizes.vocabulary(), d);
        Tensor positions = draw.normal(0.02, sizes.context(), d);
        double handed = 0.02 / Math.sqrt(2.0 * sizes.layers());
        List<EncoderLayer> layers = IntStream.range(0, sizes.layers())
                .mapToObj(_ -> new EncoderLayer(
                        new MultiHeadAttention(
                                heads,
                                linear(draw, 0.02, d, d, biases),
                                linear(draw, 0.02, d, d, biases),
                                linear(draw, 0.02, d, d, biases),
                                linear(draw, handed, d, d, biases),
                                Attention.standard()),
                        norm(d),
                        new FeedForward(
                                linear(draw, 0.02, 4 * d, d, biases),
                                activation,
                                linear(draw, handed, d, 4 * d, biases)),
                        norm(d),
                        NormPlacement.BEFORE))
                .toList();
        return new CausalModel(
                new Embedding("token id", words),
                new PositionalEncoding.Learned(positions),
                new Encoder(layers, norm(d)),
                new Linear(Weight.learned(words), null),
                heads);
    }

    private static Linear linear(Initializer draw, double deviation, int out, int in, boolean biases) {
        return new Linear(Weight.learned(draw.normal(deviation, out, in)), biases ? Tensor.zeros(out) : null);
    }

    private static LayerNorm norm(int d) {
        return new LayerNorm(Initializer.constant(1, d), Tensor.zeros(d), 1e-5f);
    }

    /// The scores of every next token: `[N] → [N, V]`.
    public Tensor logits(int[] ids, Sequences sequences, Pass pass) {
        return head.apply(hidden(ids, sequences, pass), pass);
    }

    /// The last hidden states, after the final norm: `[N] → [N, D]`.
    public Tensor hidden(int[] ids, Sequences sequences, Pass pass) {
        Tensor x = words.apply(ids, pass);
        positions.addTo(x, sequences, pass);
        Tensor embedded = pass.noise().dropEmbedding(x, pass.compute());
        return stack.apply(embedded, Scoring.self(sequences, heads).masked(Mask.causal()), pass);
    }
}

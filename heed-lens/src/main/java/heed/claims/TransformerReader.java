package heed.claims;

import heed.attention.Attention;
import heed.attention.Heads;
import heed.attention.MultiHeadAttention;
import heed.attention.Past;
import heed.attention.ScoringRule;
import heed.kernel.Activation;
import heed.layer.Embedding;
import heed.layer.FeedForward;
import heed.layer.LayerNorm;
import heed.layer.Linear;
import heed.pass.Pass;
import heed.position.PositionalEncoding;
import heed.stack.Decoder;
import heed.stack.DecoderLayer;
import heed.stack.NormPlacement;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.training.Initializer;
import java.util.stream.IntStream;

/// A Transformer that sees no later position: with sines and cosines, and norms before each block.
public record TransformerReader(Embedding words, PositionalEncoding.Sinusoidal positions, Decoder stack, Linear head)
        implements SequenceModel {
    /// Which of the matrices of queries, keys and values are the same.
    enum Shared {
        NONE,
        QUERY_AND_KEY,
        KEY_AND_VALUE,
        ALL
    }

    /// @param width D
    /// @param inner F, the width inside the feed-forward networks
    record Plan(Reading reading, int layers, int heads, int width, int inner, Shared shared) {
        /// With matrices of their own, and feed-forward networks of four times the width.
        static Plan of(Reading reading, int layers, int heads, int width) {
            return new Plan(reading, layers, heads, width, 4 * width, Shared.NONE);
        }

        Plan sharing(Shared other) {
            return new Plan(reading, layers, heads, width, inner, other);
        }

        Plan withInner(int other) {
            return new Plan(reading, layers, heads, width, other, shared);
        }
    }

    /// A network that knows nothing yet.
    static TransformerReader fresh(Plan plan, long seed) {
        Initializer draw = new Initializer(seed);
        int d = plan.width;
        Heads heads = Heads.of(plan.heads, d);
        Embedding words = plan.reading.words(d, draw);
        var layers = IntStream.range(0, plan.layers)
                .mapToObj(_ -> new DecoderLayer(
                        attention(plan, heads, draw),
                        ScoringRule.causal(heads),
                        norm(d),
                        null,
                        new FeedForward(
                                Reading.linear(draw, plan.inner, d),
                                Activation.GELU_TANH,
                                Reading.linear(draw, d, plan.inner)),
                        norm(d),
                        NormPlacement.BEFORE))
                .toList();
        return new TransformerReader(
                words,
                PositionalEncoding.Sinusoidal.of(plan.reading.longest(), d),
                new Decoder(layers, null, norm(d)),
                Reading.linear(draw, plan.reading.classes(), d));
    }

    private static MultiHeadAttention attention(Plan plan, Heads heads, Initializer draw) {
        int d = plan.width;
        Linear query = Reading.linear(draw, d, d);
        Linear key =
                plan.shared == Shared.QUERY_AND_KEY || plan.shared == Shared.ALL ? query : Reading.linear(draw, d, d);
        Linear value =
                plan.shared == Shared.KEY_AND_VALUE || plan.shared == Shared.ALL ? key : Reading.linear(draw, d, d);
        return new MultiHeadAttention(heads, query, key, value, Reading.linear(draw, d, d), Attention.standard());
    }

    private static LayerNorm norm(int d) {
        return new LayerNorm(Initializer.constant(1, d), Tensor.zeros(d), 1e-5f);
    }

    @Override
    public Tensor hidden(int[] ids, Sequences sequences, Pass pass) {
        return goOn(ids, sequences, Past.none(), pass);
    }

    /// The hidden states of new tokens: `[N] → [N, D]`.
    Tensor goOn(int[] ids, Sequences added, Past past, Pass pass) {
        Tensor x = words.apply(ids, pass);
        Sequences whole = past.keys(added);
        positions.addTo(x, added, whole, pass);
        return stack.apply(x, added, whole, null, past, pass);
    }
}

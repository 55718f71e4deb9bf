package heed.cli.bench;

import heed.attention.Attention;
import heed.attention.Heads;
import heed.attention.MultiHeadAttention;
import heed.attention.Past;
import heed.attention.Scoring;
import heed.attention.ScoringRule;
import heed.kernel.Activation;
import heed.layer.Embedding;
import heed.layer.FeedForward;
import heed.layer.LayerNorm;
import heed.layer.Linear;
import heed.pass.Pass;
import heed.position.PositionalEncoding;
import heed.stack.CrossAttention;
import heed.stack.Decoder;
import heed.stack.DecoderLayer;
import heed.stack.Encoder;
import heed.stack.EncoderLayer;
import heed.stack.Memory;
import heed.stack.NormPlacement;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import heed.training.Initializer;
import java.util.stream.IntStream;

/// The encoder–decoder that is trained for time: as PyTorch's `nn.Transformer`, norms after the blocks and
/// after both stacks, embeddings shared by both sides and the output, positions that are not learned.
public record TranslationModel(
        Embedding words,
        PositionalEncoding.Sinusoidal positions,
        Encoder encoder,
        Decoder decoder,
        Linear head,
        Heads heads) {
    private static final int WIDTH = 256;
    private static final int INNER = 1024;
    private static final int LAYERS = 3;
    private static final int LONGEST = 64;

    static TranslationModel fresh(int vocabulary, long seed) {
        Initializer draw = new Initializer(seed);
        Heads heads = Heads.of(4, WIDTH);
        Tensor words = draw.normal(Math.pow(WIDTH, -0.5), vocabulary, WIDTH);
        var encoder = IntStream.range(0, LAYERS)
                .mapToObj(_ -> new EncoderLayer(
                        attention(draw, heads), norm(), feedForward(draw), norm(), NormPlacement.AFTER))
                .toList();
        var decoder = IntStream.range(0, LAYERS)
                .mapToObj(_ -> new DecoderLayer(
                        attention(draw, heads),
                        ScoringRule.causal(heads),
                        norm(),
                        new CrossAttention(attention(draw, heads), ScoringRule.full(heads), norm()),
                        feedForward(draw),
                        norm(),
                        NormPlacement.AFTER))
                .toList();
        return new TranslationModel(
                new Embedding("token id", words),
                PositionalEncoding.Sinusoidal.of(LONGEST, WIDTH),
                new Encoder(encoder, norm()),
                new Decoder(decoder, null, norm()),
                new Linear(Weight.learned(words), null),
                heads);
    }

    private static MultiHeadAttention attention(Initializer draw, Heads heads) {
        return new MultiHeadAttention(
                heads,
                linear(draw, WIDTH, WIDTH),
                linear(draw, WIDTH, WIDTH),
                linear(draw, WIDTH, WIDTH),
                linear(draw, WIDTH, WIDTH),
                Attention.standard());
    }

    private static FeedForward feedForward(Initializer draw) {
        return new FeedForward(linear(draw, INNER, WIDTH), Activation.RELU, linear(draw, WIDTH, INNER));
    }

    private static Linear linear(Initializer draw, int out, int in) {
        return new Linear(Weight.learned(draw.xavier(out, in)), Tensor.zeros(out));
    }

    private static LayerNorm norm() {
        return new LayerNorm(Initializer.constant(1, WIDTH), Tensor.zeros(WIDTH), 1e-5f);
    }

    /// `[N, V]` for the target's positions.
    Tensor logits(int[] source, Sequences sources, int[] target, Sequences targets, Pass pass) {
        Tensor read = encoder.apply(embed(source, sources, pass), Scoring.self(sources, heads), pass);
        Memory memory = new Memory(read, sources);
        Tensor written = decoder.apply(embed(target, targets, pass), targets, targets, memory, Past.none(), pass);
        return head.apply(written, pass);
    }

    private Tensor embed(int[] ids, Sequences sequences, Pass pass) {
        Tensor x = pass.compute().scaled(words.apply(ids, pass), (float) Math.sqrt(WIDTH));
        positions.addTo(x, sequences, pass);
        return x;
    }
}

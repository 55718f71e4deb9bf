package heed.training;

import heed.attention.FusedAttention;
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
import heed.tensor.Targets;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;

/// A language model small enough for tests, its output tied to its input embeddings.
@NullMarked
public record TinyLanguageModel(
        Embedding words, PositionalEncoding.Learned positions, Encoder stack, Linear head, Heads heads) {
    private static final int VOCABULARY = 11;
    private static final int LONGEST = 13;
    private static final int WIDTH = 12;

    static TinyLanguageModel of(int layers, long seed) {
        Random random = new Random(seed);
        Heads heads = Heads.of(3, WIDTH);
        Tensor words = normal(random, VOCABULARY, WIDTH);
        List<EncoderLayer> stack = IntStream.range(0, layers)
                .mapToObj(_ -> new EncoderLayer(
                        new MultiHeadAttention(
                                heads,
                                linear(random, WIDTH, WIDTH),
                                linear(random, WIDTH, WIDTH),
                                linear(random, WIDTH, WIDTH),
                                linear(random, WIDTH, WIDTH),
                                new FusedAttention()),
                        norm(),
                        new FeedForward(linear(random, 29, WIDTH), Activation.GELU_TANH, linear(random, WIDTH, 29)),
                        norm(),
                        NormPlacement.BEFORE))
                .toList();
        return new TinyLanguageModel(
                new Embedding("token id", words),
                new PositionalEncoding.Learned(normal(random, LONGEST, WIDTH)),
                new Encoder(stack, norm()),
                new Linear(Weight.learned(words), null),
                heads);
    }

    private static Linear linear(Random random, int out, int in) {
        return new Linear(Weight.learned(normal(random, out, in)), normal(random, out));
    }

    private static LayerNorm norm() {
        Tensor gain = Tensor.zeros(WIDTH);
        Arrays.fill(gain.values(), 1);
        return new LayerNorm(gain, Tensor.zeros(WIDTH), 1e-5f);
    }

    private static Tensor normal(Random random, int... sizes) {
        Tensor tensor = Tensor.zeros(sizes);
        for (int i = 0; i < tensor.values().length; i++) {
            tensor.values()[i] = (float) (0.2 * random.nextGaussian());
        }
        return tensor;
    }

    /// The mean loss of predicting each next id of some sequences.
    Tensor loss(List<int[]> texts, Pass pass) {
        int[] lengths = texts.stream().mapToInt(text -> text.length - 1).toArray();
        Sequences sequences = Sequences.ofLengths(lengths);
        int[] ids = texts.stream()
                .flatMapToInt(text -> Arrays.stream(text, 0, text.length - 1))
                .toArray();
        int[] next = texts.stream()
                .flatMapToInt(text -> Arrays.stream(text, 1, text.length))
                .toArray();
        Tensor x = words.apply(ids, pass);
        positions.addTo(x, sequences, pass);
        Tensor embedded = pass.noise().dropEmbedding(x, pass.compute());
        Tensor hidden = stack.apply(embedded, Scoring.self(sequences, heads).masked(Mask.causal()), pass);
        return pass.compute().crossEntropy(head.apply(hidden, pass), Targets.of(next));
    }

    static List<int[]> texts(long seed, int count) {
        Random random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(_ -> random.ints(2 + random.nextInt(LONGEST - 1), 0, VOCABULARY)
                        .toArray())
                .toList();
    }
}

package heed.testing;

import heed.attention.Attention;
import heed.attention.Heads;
import heed.attention.MultiHeadAttention;
import heed.kernel.Activation;
import heed.kernel.Kernels;
import heed.layer.FeedForward;
import heed.layer.LayerNorm;
import heed.layer.Linear;
import heed.stack.Encoder;
import heed.stack.EncoderLayer;
import heed.stack.NormPlacement;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Random tensors and layers that are the same in every run.
public final class Seeded {
    private static final float EPS = 1e-5f;

    private final Random random;

    public Seeded(long seed) {
        this.random = new Random(seed);
    }

    /// Independent values of mean 0 and variance 1.
    public Tensor normal(int... sizes) {
        Tensor tensor = Tensor.zeros(sizes);
        for (int i = 0; i < tensor.shape().elements(); i++) {
            tensor.values()[i] = (float) random.nextGaussian();
        }
        return tensor;
    }

    /// A number from 0 to `bound - 1`.
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /// One of several.
    @SafeVarargs
    public final <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /// A map whose outputs have about the variance of its inputs.
    public Linear linear(int out, int in, Kernels kernels) {
        return new Linear(
                Weight.of(normal(out, in).times((float) (1 / Math.sqrt(in))), kernels),
                normal(out).times(0.1f));
    }

    public LayerNorm layerNorm(int d) {
        Tensor gain = normal(d).times(0.2f);
        for (int i = 0; i < d; i++) {
            gain.values()[i] += 1;
        }
        return new LayerNorm(gain, normal(d).times(0.1f), EPS);
    }

    public MultiHeadAttention attention(Heads heads, int dModel, Attention attention, Kernels kernels) {
        int queryWidth = heads.count() * heads.width();
        int keyWidth = heads.keyValueCount() * heads.width();
        return new MultiHeadAttention(
                heads,
                linear(queryWidth, dModel, kernels),
                linear(keyWidth, dModel, kernels),
                linear(keyWidth, dModel, kernels),
                linear(dModel, queryWidth, kernels),
                attention);
    }

    public EncoderLayer encoderLayer(
            Heads heads, int dModel, int dFeedForward, NormPlacement norms, Attention attention, Kernels kernels) {
        return new EncoderLayer(
                attention(heads, dModel, attention, kernels),
                layerNorm(dModel),
                new FeedForward(
                        linear(dFeedForward, dModel, kernels), Activation.GELU, linear(dModel, dFeedForward, kernels)),
                layerNorm(dModel),
                norms);
    }

    /// Layers of width `heads · width` with a feed-forward network of width 23; a final norm where they
    /// normalise before.
    public Encoder encoder(int layers, Heads heads, NormPlacement norms, Attention attention, Kernels kernels) {
        int dModel = heads.count() * heads.width();
        Stream<EncoderLayer> stack =
                IntStream.range(0, layers).mapToObj(i -> encoderLayer(heads, dModel, 23, norms, attention, kernels));
        return new Encoder(stack.toList(), norms != NormPlacement.AFTER ? layerNorm(dModel) : null);
    }
}

package heed.training;

import heed.tensor.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Draws the parameters of models that know nothing yet. The same seed draws the same numbers.
public final class Initializer {
    private final SplittableRandom random;

    public Initializer(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /// Independent values of mean 0.
    public Tensor normal(double deviation, int... sizes) {
        Tensor tensor = Tensor.zeros(sizes);
        for (int i = 0; i < tensor.values().length; i++) {
            tensor.values()[i] = (float) (deviation * random.nextGaussian());
        }
        return tensor;
    }

    /// Independent values spread evenly from `-bound` to `bound`.
    public Tensor uniform(double bound, int... sizes) {
        Tensor tensor = Tensor.zeros(sizes);
        for (int i = 0; i < tensor.values().length; i++) {
            tensor.values()[i] = (float) random.nextDouble(-bound, bound);
        }
        return tensor;
    }

    /// A matrix `[out, in]` whose values are spread evenly up to `√(6 / (in + out))`, so that neither
    /// activations nor gradients grow from layer to layer (Glorot and Bengio 2010, equation 16).
    public Tensor xavier(int out, int in) {
        return uniform(Math.sqrt(6.0 / (in + out)), out, in);
    }

    public static Tensor constant(float value, int... sizes) {
        Tensor tensor = Tensor.zeros(sizes);
        Arrays.fill(tensor.values(), value);
        return tensor;
    }
}

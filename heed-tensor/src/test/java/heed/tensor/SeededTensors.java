package heed.tensor;

import java.util.Random;

/// Random tensors that are the same in every run.
final class SeededTensors {
    private final Random random;

    SeededTensors(long seed) {
        this.random = new Random(seed);
    }

    /// Independent values of mean 0 and variance 1.
    Tensor normal(int... sizes) {
        Tensor tensor = Tensor.zeros(sizes);
        for (int i = 0; i < tensor.shape().elements(); i++) {
            tensor.values()[i] = (float) random.nextGaussian();
        }
        return tensor;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }
}

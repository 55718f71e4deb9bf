package heed.tensor;

/// Takes down what [Compute] does, in order, so that gradients can be computed afterwards.
@FunctionalInterface
public interface Recorder {
    void record(Op op);
}

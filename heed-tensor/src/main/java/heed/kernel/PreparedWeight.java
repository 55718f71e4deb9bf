package heed.kernel;

/// The matrix `[out, in]` of a linear map, in the form that its [LinearEngine] multiplies with. It never
/// changes and is safe for any number of threads at once.
public interface PreparedWeight {
    /// The number of outputs.
    int out();

    /// The number of inputs.
    int in();

    /// How the numbers are kept.
    WeightType type();

    /// Bytes of memory that the prepared form takes.
    long bytes();

    /// The matrix `[out, in]` in row-major order, in a new array: the numbers that products use, after any
    /// rounding that the type asks for.
    float[] toArray();

    /// `y = activation(x Wᵀ + bias)`, the work shared among the threads of a pool. A row of the result depends
    /// on that row of `x` alone: its bits are the same whatever other rows there are and however many threads.
    void multiply(Product product, WorkerPool workers);
}

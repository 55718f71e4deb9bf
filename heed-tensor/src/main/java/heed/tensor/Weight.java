package heed.tensor;

import heed.kernel.Kernels;
import heed.kernel.PreparedWeight;
import heed.kernel.WeightFormat;
import heed.kernel.WeightType;

/// The learned matrix of a linear map, `[out, in]`, kept in the form that an engine multiplies with.
public final class Weight {
    private final PreparedWeight prepared;

    private Weight(PreparedWeight prepared) {
        this.prepared = prepared;
    }

    /// Prepares `values` `[out, in]` in row-major order for exact products on the given kernels; the array is
    /// not kept.
    public static Weight of(float[] values, int out, int in, Kernels kernels) {
        return of(values, out, in, WeightFormat.f32(kernels));
    }

    /// Prepares a matrix `[out, in]` for exact products on the given kernels.
    public static Weight of(Tensor matrix, Kernels kernels) {
        return of(matrix, WeightFormat.f32(kernels));
    }

    /// Prepares `values` `[out, in]` in row-major order; the array is not kept.
    ///
    /// @throws IllegalArgumentException when a value cannot be kept in the type of the format
    public static Weight of(float[] values, int out, int in, WeightFormat format) {
        return new Weight(format.prepare(values, out, in));
    }

    /// Prepares a matrix `[out, in]`.
    ///
    /// @throws IllegalArgumentException when a value cannot be kept in the type of the format
    public static Weight of(Tensor matrix, WeightFormat format) {
        return of(matrix.toArray(), matrix.size(0), matrix.size(1), format);
    }

    /// The number of outputs.
    public int out() {
        return prepared.out();
    }

    /// The number of inputs.
    public int in() {
        return prepared.in();
    }

    /// How the numbers are kept.
    public WeightType type() {
        return prepared.type();
    }

    /// Bytes of memory that the prepared form takes.
    public long bytes() {
        return prepared.bytes();
    }

    PreparedWeight prepared() {
        return prepared;
    }

    /// The matrix `[out, in]` as products use it, in a new tensor: exactly what was prepared if the type is
    /// [WeightType#F32], otherwise rounded to what the type can hold.
    public Tensor toTensor() {
        return Tensor.of(Shape.of(out(), in()), prepared.toArray());
    }
}

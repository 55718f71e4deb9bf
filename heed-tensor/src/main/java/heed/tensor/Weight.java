package heed.tensor;

import heed.kernel.Kernels;
import heed.kernel.PreparedWeight;
import heed.kernel.WeightFormat;
import heed.kernel.WeightType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The learned matrix of a linear map, `[out, in]`, kept in the form that an engine multiplies with.
public final class Weight {
    private final @Nullable PreparedWeight prepared;
    private final @Nullable Tensor matrix;

    private Weight(@Nullable PreparedWeight prepared, @Nullable Tensor matrix) {
        this.prepared = prepared;
        this.matrix = matrix;
    }

    /// A weight that is the given matrix `[out, in]`, now and after an optimiser has changed it. Products
    /// arrange the matrix anew each time, so it is for training.
    public static Weight learned(Tensor matrix) {
        return new Weight(null, matrix);
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
        return new Weight(format.prepare(values, out, in), null);
    }

    /// Prepares a matrix `[out, in]`.
    ///
    /// @throws IllegalArgumentException when a value cannot be kept in the type of the format
    public static Weight of(Tensor matrix, WeightFormat format) {
        return of(matrix.toArray(), matrix.size(0), matrix.size(1), format);
    }

    /// The number of outputs.
    public int out() {
        return matrix != null ? matrix.size(0) : prepared().out();
    }

    /// The number of inputs.
    public int in() {
        return matrix != null ? matrix.size(1) : prepared().in();
    }

    /// How the numbers are kept.
    public WeightType type() {
        return matrix != null ? WeightType.F32 : prepared().type();
    }

    /// Bytes of memory that the prepared form takes.
    public long bytes() {
        return matrix != null ? (long) Float.BYTES * out() * in() : prepared().bytes();
    }

    /// The matrix `[out, in]` that this weight is, if it is [#learned]; otherwise null.
    public @Nullable Tensor matrix() {
        return matrix;
    }

    PreparedWeight prepared() {
        return Objects.requireNonNull(prepared, "prepared");
    }

    /// The matrix `[out, in]` as products use it, in a new tensor: exactly what was prepared if the type is
    /// [WeightType#F32], otherwise rounded to what the type can hold.
    public Tensor toTensor() {
        return matrix != null
                ? matrix.copy()
                : Tensor.of(Shape.of(out(), in()), prepared().toArray());
    }
}

package heed.tensor;

import heed.kernel.Kernels;
import heed.kernel.PackedMatrix;

/// The learned matrix of a linear map, `[out, in]`, kept in the packed form that products read.
public final class Weight {
    private final PackedMatrix packed; // Wᵀ: [in, out]

    private Weight(PackedMatrix packed) {
        this.packed = packed;
    }

    /// Packs `values` `[out, in]` in row-major order for the given kernels; the array is not kept.
    public static Weight of(float[] values, int out, int in, Kernels kernels) {
        if (values.length != (long) out * in) {
            throw new IllegalArgumentException(
                    "a [" + out + ", " + in + "] weight has " + (long) out * in + " values, got " + values.length);
        }
        return new Weight(PackedMatrix.ofTransposed(values, 0, out, in, kernels.panelWidth()));
    }

    /// Packs a matrix `[out, in]` for the given kernels.
    public static Weight of(Tensor matrix, Kernels kernels) {
        return of(matrix.toArray(), matrix.size(0), matrix.size(1), kernels);
    }

    /// The number of outputs.
    public int out() {
        return packed.columns();
    }

    /// The number of inputs.
    public int in() {
        return packed.rows();
    }

    PackedMatrix packed() {
        return packed;
    }

    /// The matrix `[out, in]` as checkpoints store it, unpacked into a new tensor.
    public Tensor toTensor() {
        Tensor matrix = Tensor.zeros(out(), in());
        float[] values = matrix.values();
        for (int o = 0; o < out(); o++) {
            for (int i = 0; i < in(); i++) {
                values[o * in() + i] = packed.at(i, o);
            }
        }
        return matrix;
    }
}

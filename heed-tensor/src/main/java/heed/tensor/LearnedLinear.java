package heed.tensor;

import heed.kernel.Activation;
import heed.kernel.Kernels;
import org.jspecify.annotations.Nullable;

/// A linear map whose matrix changes between calls.
final class LearnedLinear {
    private final Compute compute;
    private final Kernels kernels;

    LearnedLinear(Compute compute) {
        this.compute = compute;
        this.kernels = compute.kernels();
    }

    Tensor apply(Tensor x, Tensor weight, @Nullable Tensor bias, Activation activation) {
        Tensor sums = sums(x, weight, bias);
        Tensor y = activation == Activation.IDENTITY ? sums : activated(sums, activation);
        compute.record(() -> new Op.Linear(x, weight, bias, activation, sums, y));
        return y;
    }

    /// `x Wᵀ + bias`, not taken down: `[N, out]`.
    Tensor sums(Tensor x, Tensor weight, @Nullable Tensor bias) {
        Tensor sums = compute.product(x, weight.transpose());
        int out = sums.size(1);
        if (bias != null) {
            float[] values = bias.values();
            int offset = bias.offset();
            compute.rowBlocks(sums.size(0), row -> kernels.add(values, offset, sums.values(), row * out, out));
        }
        return sums;
    }

    /// In a buffer of its own where the way back needs the sums.
    private Tensor activated(Tensor sums, Activation activation) {
        int out = sums.size(1);
        boolean apart = compute.recording();
        Tensor y = apart ? compute.take(sums.size(0), out) : sums;
        compute.rowBlocks(sums.size(0), row -> {
            if (apart) {
                System.arraycopy(sums.values(), row * out, y.values(), row * out, out);
            }
            kernels.activate(activation, y.values(), row * out, out);
        });
        return y;
    }
}

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
        int out = weight.size(0);
        Tensor sums = compute.take(x.size(0), out);
        // The way back needs the sums, so there the activation goes to a buffer of its own.
        boolean apart = activation != Activation.IDENTITY && compute.recording();
        Tensor y = apart ? compute.take(x.size(0), out) : sums;
        new Products(compute)
                .multiply(
                        x,
                        weight.transpose(),
                        bias,
                        sums,
                        activation == Activation.IDENTITY
                                ? Products.Finish.NOTHING
                                : activated(sums, y, apart, activation));
        compute.record(() -> new Op.Linear(x, weight, bias, activation, sums, y));
        return y;
    }

    /// `x Wᵀ + bias`, not taken down: `[N, out]`.
    Tensor sums(Tensor x, Tensor weight, @Nullable Tensor bias) {
        Tensor sums = compute.take(x.size(0), weight.size(0));
        new Products(compute).multiply(x, weight.transpose(), bias, sums, Products.Finish.NOTHING);
        return sums;
    }

    private Products.Finish activated(Tensor sums, Tensor y, boolean apart, Activation activation) {
        int out = sums.size(1);
        return (firstRow, rows, column, columns) -> {
            for (int row = firstRow; row < firstRow + rows; row++) {
                int at = row * out + column;
                if (apart) {
                    System.arraycopy(sums.values(), at, y.values(), at, columns);
                }
                kernels.activate(activation, y.values(), at, columns);
            }
        };
    }
}

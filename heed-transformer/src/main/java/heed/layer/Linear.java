package heed.layer;

import heed.kernel.Activation;
import heed.pass.Pass;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import org.jspecify.annotations.Nullable;

/// A linear map `x Wᵀ + b`.
///
/// @param weight `[out, in]`
/// @param bias `[out]`, or null for none
public record Linear(Weight weight, @Nullable Tensor bias) {
    public Linear {
        if (bias != null && bias.size(0) != weight.out()) {
            throw new IllegalArgumentException(
                    "weight has " + weight.out() + " outputs, bias has " + bias.size(0) + " values");
        }
    }

    /// `[N, in] → [N, out]`
    public Tensor apply(Tensor x, Pass pass) {
        return apply(x, Activation.IDENTITY, pass);
    }

    /// `activation(x Wᵀ + b)`, the activation applied while the product is still in the cache.
    public Tensor apply(Tensor x, Activation activation, Pass pass) {
        return pass.compute().linear(x, weight, bias, activation);
    }
}

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
/// @param update what is learned beside a weight that stays; null for nothing
public record Linear(
        Weight weight, @Nullable Tensor bias, @Nullable LowRank update) {
    public Linear(Weight weight, @Nullable Tensor bias) {
        this(weight, bias, null);
    }

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

    /// `activation(x Wᵀ + b)`, the activation applied while the product is still in the cache; with an update,
    /// which comes before it, afterwards.
    public Tensor apply(Tensor x, Activation activation, Pass pass) {
        if (update == null) {
            return pass.compute().linear(x, weight, bias, activation);
        }
        Tensor sums =
                pass.compute().sum(pass.compute().linear(x, weight, bias, Activation.IDENTITY), update.apply(x, pass));
        return activation == Activation.IDENTITY ? sums : pass.compute().activated(sums, activation);
    }

    /// The same map with something to be learned beside its weight.
    public Linear updated(LowRank beside) {
        return new Linear(weight, bias, beside);
    }
}

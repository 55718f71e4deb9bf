package heed.layer;

import heed.kernel.Activation;
import heed.pass.Pass;
import heed.tensor.Tensor;

/// The position-wise feed-forward network: `activation(x W₁ + b₁) W₂ + b₂` (Vaswani et al. 2017, §3.3).
public record FeedForward(Linear inner, Activation activation, Linear outer) {
    /// `[N, D] → [N, D]`
    public Tensor apply(Tensor x, Pass pass) {
        return outer.apply(pass.noise().dropActivation(inner.apply(x, activation, pass), pass.compute()), pass);
    }
}

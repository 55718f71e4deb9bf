package heed.layer;

import heed.kernel.Activation;
import heed.pass.Pass;
import heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The position-wise feed-forward network: `activation(x W₁ + b₁) W₂ + b₂` (Vaswani et al. 2017, §3.3), or with
/// a gate `(activation(x W₁ + b₁) ⊙ (x V + c)) W₂ + b₂` (Shazeer 2020; with SiLU it is SwiGLU).
///
/// @param inner `[F, D]`, W₁
/// @param linear `[F, D]`, V: what the activated values let through; null for a network without a gate
/// @param outer `[D, F]`, W₂
public record FeedForward(
        Linear inner, Activation activation, @Nullable Linear linear, Linear outer) {
    /// A network without a gate.
    public FeedForward(Linear inner, Activation activation, Linear outer) {
        this(inner, activation, null, outer);
    }

    /// `[N, D] → [N, D]`
    public Tensor apply(Tensor x, Pass pass) {
        Tensor activated = inner.apply(x, activation, pass); // [N, F]
        Tensor through = linear == null ? activated : pass.compute().times(activated, linear.apply(x, pass));
        return outer.apply(pass.noise().dropActivation(through, pass.compute()), pass);
    }
}

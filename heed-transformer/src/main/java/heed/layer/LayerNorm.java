package heed.layer;

import heed.pass.Pass;
import heed.tensor.Tensor;

/// Layer normalisation (Ba et al. 2016): every row brought to mean 0 and variance 1, then scaled and shifted.
/// `eps` stands inside the root, and the variance divides by D, as in PyTorch.
///
/// @param gain `[D]`, γ
/// @param bias `[D]`, β
public record LayerNorm(Tensor gain, Tensor bias, float eps) implements Norm {
    @Override
    public Tensor apply(Tensor x, Pass pass) {
        return pass.compute().layerNorm(x, null, gain, bias, eps);
    }

    @Override
    public Tensor applyToSum(Tensor x, Tensor residual, Pass pass) {
        return pass.compute().layerNorm(x, residual, gain, bias, eps);
    }
}

package heed.layer;

import heed.pass.Pass;
import heed.tensor.Tensor;

/// Root mean square normalisation (Zhang and Sennrich 2019): `x / √(mean x² + eps) · gain`. A layer norm
/// without the mean and without a bias, as in T5 and Llama.
///
/// @param gain `[D]`
public record RmsNorm(Tensor gain, float eps) implements Norm {
    @Override
    public Tensor apply(Tensor x, Pass pass) {
        return pass.compute().rmsNorm(x, null, gain, eps);
    }

    @Override
    public Tensor applyToSum(Tensor x, Tensor residual, Pass pass) {
        return pass.compute().rmsNorm(x, residual, gain, eps);
    }

    /// The same gain for every head: `[N, H·Dh] → [N, H·Dh]`, each stretch of Dh columns by itself.
    public Tensor applyToHeads(Tensor x, Pass pass) {
        Tensor heads = x.reshape(x.shape().elements() / gain.size(0), gain.size(0)); // [N·H, Dh]
        return apply(heads, pass).reshape(x.size(0), x.size(1));
    }
}

package heed.layer;

import heed.pass.Pass;
import heed.tensor.Tensor;

/// Brings every row to a common size, so that layers on layers neither explode nor vanish.
public sealed interface Norm permits LayerNorm, RmsNorm {
    /// `[N, D] → [N, D]`
    Tensor apply(Tensor x, Pass pass);

    /// `norm(x + residual)`, in one walk over the rows.
    Tensor applyToSum(Tensor x, Tensor residual, Pass pass);
}

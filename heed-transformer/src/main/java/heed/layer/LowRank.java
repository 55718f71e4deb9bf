package heed.layer;

import heed.kernel.Activation;
import heed.pass.Pass;
import heed.tensor.Tensor;
import heed.tensor.Weight;

/// A change of a weight that has few parameters: `ΔW = B A · scale`, with `scale = α / r` (LoRA, Hu et al.
/// 2021, §4.1). The weight itself stays.
///
/// @param down `[r, in]`, A
/// @param up `[out, r]`, B; zeros at the beginning, so that nothing has changed yet
public record LowRank(Tensor down, Tensor up, float scale) {
    public LowRank {
        if (down.size(0) != up.size(1)) {
            throw new IllegalArgumentException(
                    "an update goes down to rank " + down.size(0) + " and up from rank " + up.size(1));
        }
    }

    /// `x ΔWᵀ`: `[N, in] → [N, out]`
    public Tensor apply(Tensor x, Pass pass) {
        Tensor dropped = pass.noise().dropUpdate(x, pass.compute());
        Tensor low = pass.compute().linear(dropped, Weight.learned(down), null, Activation.IDENTITY); // [N, r]
        Tensor change = pass.compute().linear(low, Weight.learned(up), null, Activation.IDENTITY); // [N, out]
        return scale == 1 ? change : pass.compute().scaled(change, scale);
    }

    /// Adds ΔW to a weight in row-major order.
    ///
    /// @param weight `[out, in]`
    public void addTo(float[] weight) {
        int in = down.size(1);
        for (int o = 0; o < up.size(0); o++) {
            for (int i = 0; i < in; i++) {
                double change = 0;
                for (int r = 0; r < down.size(0); r++) {
                    change += (double) up.at(o, r) * down.at(r, i);
                }
                weight[o * in + i] += (float) (scale * change);
            }
        }
    }
}

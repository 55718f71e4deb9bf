package heed.attention;

import heed.pass.Pass;
import heed.pass.Point;
import heed.tensor.Tensor;

/// Scaled dot-product attention over all heads: `softmax(Q Kᵀ · scale + bias, hidden pairs left out) V`
/// (Vaswani et al. 2017, §3.2.1, equation 1). [ScaledDotProduct] is written to be read, [FusedAttention] to be
/// fast; one set of tests holds for both.
///
/// Promised: a row of weights sums to 1; a hidden pair has weight 0 and its key and value leave no trace,
/// however large they are; a query that sees nothing gets zeros, never NaN; a result depends on its own
/// sequence alone. Not promised: the weights themselves, see [Point#WEIGHTS] for those; and that a hidden
/// infinity or NaN stays hidden, for fast loops multiply it by 0.
public interface Attention {
    /// @param query `[Nq, H·Dh]`
    /// @param key `[Nk, Hkv·Dh]`, Nk the rows of `scoring.keys()`
    /// @param value `[Nk, Hkv·Dh]`
    /// @return context `[Nq, H·Dh]`
    Tensor attend(Tensor query, Tensor key, Tensor value, Heads heads, Scoring scoring, Pass pass);

    /// The fused attention, or the readable one where somebody wants to see the weights.
    static Attention standard() {
        Attention readable = new ScaledDotProduct();
        Attention fused = new FusedAttention();
        return (query, key, value, heads, scoring, pass) -> (pass.wants(Point.WEIGHTS) || pass.wants(Point.SCORES)
                        ? readable
                        : fused)
                .attend(query, key, value, heads, scoring, pass);
    }

    /// @throws IllegalArgumentException when rows or columns do not fit `heads` and `scoring`, or a row's
    /// values do not follow each other
    static void check(Tensor query, Tensor key, Tensor value, Heads heads, Scoring scoring) {
        check("query", query, scoring.queries().tokens(), heads.count() * heads.width());
        check("key", key, scoring.keys().rows(), heads.keyValueCount() * heads.width());
        check("value", value, scoring.keys().rows(), heads.keyValueCount() * heads.width());
    }

    private static void check(String role, Tensor tensor, int positions, int width) {
        if (tensor.shape().rank() != 2 || tensor.size(0) != positions || tensor.size(1) != width) {
            throw new IllegalArgumentException(
                    role + " has shape " + tensor.shape() + ", expected [" + positions + ", " + width + "]");
        }
        if (width > 1 && tensor.stride(1) != 1) { // the kernels run along rows
            throw new IllegalArgumentException(role + ", a " + tensor.shape() + " view, has stride " + tensor.stride(1)
                    + " within its rows, expected 1: copy it first");
        }
    }
}

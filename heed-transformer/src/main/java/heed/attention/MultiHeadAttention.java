package heed.attention;

import heed.layer.Linear;
import heed.pass.Pass;
import heed.pass.Point;
import heed.tensor.Tensor;

/// Multi-head attention: `Concat(head_1 … head_H) W^O`, where `head_h = Attention(Q W_h^Q, K W_h^K, V W_h^V)`
/// (Vaswani et al. 2017, §3.2.2). The projections of all heads stand side by side in one matrix each, so head
/// `h` is a stretch of columns and concatenation costs nothing.
///
/// @param wQ `[H·Dh, D]`, what a position asks for
/// @param wK `[Hkv·Dh, D]`, what a position offers to be found by
/// @param wV `[Hkv·Dh, D]`, what a position hands on when it is looked at
/// @param wO `[D, H·Dh]`, mixes what the heads found
public record MultiHeadAttention(Heads heads, Linear wQ, Linear wK, Linear wV, Linear wO, Attention attention) {
    /// Self-attention when `memory` is `x`; encoder–decoder attention when it is the encoder's output.
    ///
    /// @param x `[Nq, D]`, the positions that look
    /// @param memory `[Nk, D]`, the positions that are looked at
    /// @return `[Nq, D]`
    public Tensor apply(Tensor x, Tensor memory, Scoring scoring, Pass pass) {
        Tensor query = pass.see(Point.QUERY, wQ.apply(x, pass)); // [Nq, H·Dh]
        Tensor key = pass.see(Point.KEY, wK.apply(memory, pass)); // [Nk, Hkv·Dh]
        Tensor value = pass.see(Point.VALUE, wV.apply(memory, pass)); // [Nk, Hkv·Dh]
        Tensor heard = attention.attend(query, key, value, heads, scoring, pass); // [Nq, H·Dh]
        Tensor concat = pass.see(Point.CONTEXT, heard); // [Nq, H·Dh]
        return wO.apply(concat, pass); // [Nq, D]
    }
}

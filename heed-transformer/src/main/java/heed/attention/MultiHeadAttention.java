package heed.attention;

import heed.layer.Linear;
import heed.layer.RmsNorm;
import heed.pass.Pass;
import heed.pass.Point;
import heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Multi-head attention: `Concat(head_1 … head_H) W^O`, where `head_h = Attention(Q W_h^Q, K W_h^K, V W_h^V)`
/// (Vaswani et al. 2017, §3.2.2). The projections of all heads stand side by side in one matrix each, so head
/// `h` is a stretch of columns and concatenation costs nothing.
///
/// @param wQ `[H·Dh, D]`, what a position asks for
/// @param wK `[Hkv·Dh, D]`, what a position offers to be found by
/// @param wV `[Hkv·Dh, D]`, what a position hands on when it is looked at
/// @param wO `[D, H·Dh]`, mixes what the heads found
/// @param queryNorm of every head's query, `[Dh]`, as in Qwen3; null for none
/// @param keyNorm of every head's key, `[Dh]`; null for none
public record MultiHeadAttention(
        Heads heads,
        Linear wQ,
        Linear wK,
        Linear wV,
        Linear wO,
        @Nullable RmsNorm queryNorm,
        @Nullable RmsNorm keyNorm,
        Attention attention) {
    public MultiHeadAttention(Heads heads, Linear wQ, Linear wK, Linear wV, Linear wO, Attention attention) {
        this(heads, wQ, wK, wV, wO, null, null, attention);
    }

    /// The same with norms of every head's query and key.
    public MultiHeadAttention withHeadNorms(RmsNorm ofQuery, RmsNorm ofKey) {
        return new MultiHeadAttention(heads, wQ, wK, wV, wO, ofQuery, ofKey, attention);
    }

    /// Self-attention when `memory` is `x`; encoder–decoder attention when it is the encoder's output.
    ///
    /// @param x `[Nq, D]`, the positions that look
    /// @param memory `[Nk, D]`, the positions that are looked at
    /// @return `[Nq, D]`
    public Tensor apply(Tensor x, Tensor memory, Scoring scoring, Pass pass) {
        return apply(x, project(memory, scoring, pass), scoring, pass);
    }

    /// Attention to keys and values that were projected before, and may be older than this pass.
    public Tensor apply(Tensor x, KeysAndValues memory, Scoring scoring, Pass pass) {
        Tensor projected = normed(wQ.apply(x, pass), queryNorm, pass); // [Nq, H·Dh]
        Tensor query = pass.see(Point.QUERY, scoring.rotation().apply(projected, heads.width(), pass));
        Tensor heard = attention.attend(query, memory.keys(), memory.values(), heads, scoring, pass); // [Nq, H·Dh]
        Tensor concat = pass.see(Point.CONTEXT, heard); // [Nq, H·Dh]
        return wO.apply(concat, pass); // [Nq, D]
    }

    /// What the positions of `memory` offer: `[Nk, D] → [Nk, Hkv·Dh]` twice.
    public KeysAndValues project(Tensor memory, Scoring scoring, Pass pass) {
        Tensor projected = normed(wK.apply(memory, pass), keyNorm, pass);
        Tensor key = pass.see(Point.KEY, scoring.rotation().apply(projected, heads.width(), pass));
        Tensor value = pass.see(Point.VALUE, wV.apply(memory, pass));
        return new KeysAndValues(key, value);
    }

    private static Tensor normed(Tensor projected, @Nullable RmsNorm norm, Pass pass) {
        return norm == null ? projected : norm.applyToHeads(projected, pass);
    }
}

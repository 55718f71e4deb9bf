package heed.pass;

/// What can be watched at a [Site].
public enum Point {
    /// The token-major output of the layer (or of the embeddings), `[N, D]`.
    HIDDEN,
    /// Queries of all heads side by side, `[Nq, H·Dh]`.
    QUERY,
    /// Keys of all key heads side by side, `[Nk, Hkv·Dh]`: as many heads as queries have, or fewer. Where a
    /// cache remembers earlier positions, those of the new ones.
    KEY,
    /// Values of all key heads side by side, `[Nk, Hkv·Dh]`; as with the keys, of new positions.
    VALUE,
    /// Scaled and masked scores of one sequence, `[H, Tq, Tk]`; hidden pairs are `-∞`.
    SCORES,
    /// Attention weights of one sequence, `[H, Tq, Tk]`; every row sums to 1, or is 0 where nothing is visible.
    WEIGHTS,
    /// `log Σ exp(score)` of every query of one sequence, `[H, Tq]`, `-∞` for one that sees nothing. A weight
    /// is `exp(score - logSumExp)`: whoever keeps this, queries and keys needs no matrix of pairs. To be looked
    /// at; editing it changes nothing.
    LOG_SUM_EXP,
    /// What each head hands on, before `W^O` mixes the heads, `[Nq, H·Dh]`.
    CONTEXT;

    /// Whether the point exists only as a matrix of pairs, which the fused attention never builds.
    public boolean ofPairs() {
        return this == SCORES || this == WEIGHTS;
    }
}

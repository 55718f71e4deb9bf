package heed.attention;

import heed.tensor.Sequences;

/// How queries meet keys: which rows belong to which sequence, what the scores are multiplied by, which pairs
/// are visible, and what is added.
///
/// @param queries the sequences of the query rows
/// @param keys the sequences of the key and value rows; sequence `b` of the queries looks at sequence `b` of
/// the keys
/// @param scale `1/√Dh`, unless a model was trained with another
public record Scoring(Sequences queries, Sequences keys, float scale, Mask mask, ScoreBias bias) {
    public Scoring {
        if (queries.count() != keys.count()) {
            throw new IllegalArgumentException("query has " + queries.count() + " sequences, key has " + keys.count());
        }
    }

    /// Self-attention in which every position sees its whole sequence, scaled by `1/√Dh`.
    public static Scoring self(Sequences sequences, Heads heads) {
        return cross(sequences, sequences, heads);
    }

    /// Attention from one side to another, everything visible, scaled by `1/√Dh`.
    public static Scoring cross(Sequences queries, Sequences keys, Heads heads) {
        return new Scoring(queries, keys, scaleOf(heads), Mask.none(), ScoreBias.none());
    }

    /// `1/√Dh`: a dot product of Dh independent terms of variance 1 has variance Dh, and without the division
    /// large scores would push softmax to where its gradient vanishes (Vaswani et al. 2017, §3.2.1).
    public static float scaleOf(Heads heads) {
        return (float) (1 / Math.sqrt(heads.width()));
    }

    public Scoring masked(Mask added) {
        return new Scoring(queries, keys, scale, mask instanceof Mask.None ? added : mask.and(added), bias);
    }

    public Scoring biased(ScoreBias added) {
        return new Scoring(queries, keys, scale, mask, added);
    }

    public Scoring scaled(float factor) {
        return new Scoring(queries, keys, factor, mask, bias);
    }
}

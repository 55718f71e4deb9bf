package heed.attention;

import heed.position.Rotation;
import heed.tensor.Sequences;

/// How queries meet keys: which rows belong to which sequence, what the scores are multiplied by, which pairs
/// are visible, what is added, and how queries and keys are turned before they meet.
///
/// @param queries the sequences of the query rows
/// @param keys the sequences of the key and value rows, which may be [Sequences#placed]; sequence `b` of the
/// queries looks at sequence `b` of the keys
/// @param scale `1/√Dh`, unless a model was trained with another
/// @param rotation by how much the new queries and keys are turned, in self-attention with rotary positions
public record Scoring(Sequences queries, Sequences keys, float scale, Mask mask, ScoreBias bias, Rotation rotation) {
    public Scoring {
        if (queries.count() != keys.count()) {
            throw new IllegalArgumentException("query has " + queries.count() + " sequences, key has " + keys.count());
        }
    }

    /// Without rotary positions.
    public Scoring(Sequences queries, Sequences keys, float scale, Mask mask, ScoreBias bias) {
        this(queries, keys, scale, mask, bias, Rotation.none());
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

    /// The score of a query and a key of one sequence, whose dot product in a head is `product`: scaled,
    /// biased, and `-∞` where the mask hides the pair.
    public float score(float product, int sequence, int head, int i, int j) {
        int tq = queries.length(sequence);
        int tk = keys.length(sequence);
        return mask.visible(sequence, i, j, tq, tk)
                ? product * scale + bias.at(sequence, head, i, j, tq, tk)
                : Float.NEGATIVE_INFINITY;
    }

    public Scoring masked(Mask added) {
        Mask both = mask instanceof Mask.None ? added : mask.and(added);
        return new Scoring(queries, keys, scale, both, bias, rotation);
    }

    public Scoring biased(ScoreBias added) {
        return new Scoring(queries, keys, scale, mask, added, rotation);
    }

    public Scoring scaled(float factor) {
        return new Scoring(queries, keys, factor, mask, bias, rotation);
    }

    public Scoring rotated(Rotation by) {
        return new Scoring(queries, keys, scale, mask, bias, by);
    }
}

package heed.attention;

import heed.position.Rotation;
import heed.tensor.Sequences;

/// How a layer scores, whatever the batch: a [Scoring] without its sequences.
///
/// @param scale `1/√Dh`, unless a model was trained with another
public record ScoringRule(float scale, Mask mask, ScoreBias bias) {
    /// Everything visible, scaled by `1/√Dh`: an encoder's layers, and a decoder's attention to them.
    public static ScoringRule full(Heads heads) {
        return new ScoringRule(Scoring.scaleOf(heads), Mask.none(), ScoreBias.none());
    }

    /// Nothing later visible, scaled by `1/√Dh`: a decoder's layers.
    public static ScoringRule causal(Heads heads) {
        return full(heads).masked(Mask.causal());
    }

    public ScoringRule masked(Mask other) {
        return new ScoringRule(scale, other, bias);
    }

    public ScoringRule biased(ScoreBias other) {
        return new ScoringRule(scale, mask, other);
    }

    public ScoringRule scaled(float other) {
        return new ScoringRule(other, mask, bias);
    }

    /// The scoring of a batch.
    public Scoring over(Sequences queries, Sequences keys) {
        return new Scoring(queries, keys, scale, mask, bias, Rotation.none());
    }
}

package heed.generation;

/// Bends the scores of the next token before one is chosen. This is the door for rules of one's own: a grammar,
/// a list of allowed words, a penalty.
///
/// ```java
/// Decoding.greedy().processor((prefix, scores) -> scores[13] = Float.NEGATIVE_INFINITY) // never a 13
/// ```
///
/// A processor is called for each sequence at each step and keeps no state between calls: beams that share a
/// beginning and the sequences of a batch come in any order, and from several threads at once.
@FunctionalInterface
public interface LogitsProcessor {
    /// Changes scores in place.
    ///
    /// @param prefix the tokens so far
    /// @param scores `[V]`: in beam search log-probabilities, otherwise logits as the model gave them; `-∞`
    /// rules a token out
    void process(Prefix prefix, float[] scores);
}

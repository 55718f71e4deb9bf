package heed.attention;

/// A number added to each scaled score: relative positions as T5 and ALiBi have them.
@FunctionalInterface
public interface ScoreBias {
    /// Nothing is added.
    ScoreBias NONE = (sequence, head, i, j, queries, keys) -> 0;

    /// What is added to the score of query `i` and key `j` in a head.
    ///
    /// @param queries Tq
    /// @param keys Tk
    float at(int sequence, int head, int i, int j, int queries, int keys);
}

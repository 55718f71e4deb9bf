package heed.attention;

/// A number added to each scaled score: relative positions as T5 and ALiBi have them.
@FunctionalInterface
public interface ScoreBias {
    /// What is added to the score of query `i` and key `j` in a head.
    ///
    /// @param queries Tq
    /// @param keys Tk
    float at(int sequence, int head, int i, int j, int queries, int keys);

    /// Nothing is added.
    static ScoreBias none() {
        return new None();
    }

    /// Nothing is added, said so that a fast path can tell.
    record None() implements ScoreBias {
        @Override
        public float at(int sequence, int head, int i, int j, int queries, int keys) {
            return 0;
        }
    }
}

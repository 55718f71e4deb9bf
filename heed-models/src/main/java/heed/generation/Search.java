package heed.generation;

import java.util.List;

/// The search for the continuations of one prompt. It has one or more rows in the batch of the model; at each
/// step it looks at the scores of each row's next token and says which rows go on, and with which tokens.
sealed interface Search permits OneSequence, BeamSearch {
    /// How many rows of the batch belong to this search.
    int rows();

    /// Chooses the next tokens.
    ///
    /// @param logits one array `[V]` per row, to be used up
    void advance(float[][] logits);

    /// For every row of the next step, which of the present rows it continues. No rows means that the search is
    /// over.
    int[] parents();

    /// For every row of the next step, the token to feed.
    int[] tokens();

    /// Ends the search before its time.
    void stop(Finish reason);

    /// What was found, best first.
    List<Hypothesis> results();
}

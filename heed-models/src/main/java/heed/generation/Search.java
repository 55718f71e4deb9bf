package heed.generation;

import heed.tensor.Tensor;
import java.util.List;

/// The search for the continuations of one prompt. It has one or more rows in the batch of the model; at each
/// step it looks at the scores of each row's next token and says which rows go on, and with which tokens.
sealed interface Search permits OneSequence, BeamSearch {
    /// How many rows of the batch belong to this search.
    int rows();

    /// Looks at the scores of the next token: what takes time and may run beside that of other searches.
    ///
    /// @param logits one array `[V]` per row, to be used up
    void look(float[][] logits);

    /// Looks at this search's rows of a batch.
    ///
    /// @param logits `[rows, V]`, left as they are
    /// @param firstRow of this search
    default void look(Tensor logits, int firstRow) {
        float[][] own = new float[rows()][];
        for (int row = 0; row < own.length; row++) {
            own[row] = logits.part(firstRow + row).toArray();
        }
        look(own);
    }

    /// Chooses the next tokens by what [#look] has seen, and tells the listener.
    void advance();

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

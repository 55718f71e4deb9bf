package heed.generation;

import heed.tensor.Tensor;

/// What generation needs of a model: the scores of the next token for sequences that grow, one row each.
///
/// A tensor that is returned is valid until the next call.
public interface Steps {
    /// Reads the prompts.
    ///
    /// @return `[prompts, V]`, the scores of the token after each prompt
    Tensor begin();

    /// Feeds one token to each sequence that goes on. Rows that nobody continues leave; a row may be continued
    /// more than once.
    ///
    /// @param parents for every new row, the present row whose tokens it continues
    /// @param tokens for every new row, the token that it has more than its parent
    /// @return `[tokens.length, V]`
    Tensor step(int[] parents, int[] tokens);
}

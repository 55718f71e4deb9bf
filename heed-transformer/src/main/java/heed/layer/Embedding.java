package heed.layer;

import heed.pass.Pass;
import heed.tensor.Tensor;

/// A learned vector for each of a set of things: words, positions, sentence types.
///
/// @param what the name of an id in messages, such as "token id"
/// @param table `[V, D]`
public record Embedding(String what, Tensor table) {
    /// `[N] → [N, D]`
    ///
    /// @throws IllegalArgumentException when an id is outside the table
    public Tensor apply(int[] ids, Pass pass) {
        return pass.compute().lookUp(table, ids, what);
    }

    /// Adds the vectors of `ids` to the rows of `x`, in place.
    public void addTo(Tensor x, int[] ids, Pass pass) {
        pass.compute().addLookUp(x, table, ids, what);
    }
}

package heed.layer;

import heed.pass.Pass;
import heed.tensor.Tensor;

/// Numbers that are added to every row and that nobody learns, though a checkpoint has them.
///
/// @param values `[D]`
public record Constant(Tensor values) {
    /// Adds the numbers to every row of `x` `[N, D]`, in place.
    public void addTo(Tensor x, Pass pass) {
        int[] first = new int[x.size(0)]; // the only row of a table
        pass.compute().addLookUp(x, values.reshape(1, values.size(0)), first, "constant");
    }
}

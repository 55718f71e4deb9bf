package heed.family;

import heed.pass.Pass;
import heed.tensor.Sequences;
import heed.tensor.Tensor;

/// Sources that a network has read, to be written about.
public interface ReadSources {
    Sequences sequences();

    /// The decoder's hidden states over whole targets, one for each source, as in training: `[N] → [N, D]`.
    Tensor write(TokenBatch targets, Pass pass);

    /// The same numbers in arrays of their own: they outlive the pass that read the sources.
    ReadSources copy();

    /// Targets that are still to be written, one for each source. The sources must outlive the pass.
    ///
    /// @param positions room for as many in each target; more is found when needed
    Draft draft(int positions);
}

package heed.claims;

import heed.autograd.Parameter;
import heed.layer.Linear;
import heed.pass.Pass;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.training.ParameterTree;

/// Reads sequences from the first token to the last and, at any position, gives what it has read so far a
/// class. What claims compare are models of this kind with equally many parameters.
public sealed interface SequenceModel permits RecurrentReader, AttendingReader, TransformerReader {
    /// What each position knows: `[N] → [N, D]`; nothing of what comes behind it.
    Tensor hidden(int[] ids, Sequences sequences, Pass pass);

    /// `[C, D]`
    Linear head();

    /// How many numbers are learned.
    default int parameters() {
        return ParameterTree.of((Record) this).stream()
                .mapToInt(Parameter::elements)
                .sum();
    }
}

package heed.family;

import heed.pass.Pass;
import heed.tensor.Tensor;

/// Sequences that a network is writing, and what it remembers of them: the keys and values of a Transformer,
/// the state of a recurrent network. A pass brings new tokens alone. Owned by whoever decodes, one thread at a
/// time.
public interface Draft {
    /// B
    int sequences();

    /// The tokens of a sequence so far.
    int length(int sequence);

    /// Adds tokens to every sequence: `[N] → [N, D]`, the hidden states that the head stands on. A pass that
    /// fails has added nothing.
    ///
    /// @throws IllegalArgumentException when the batch has other sequences
    Tensor extend(TokenBatch more, Pass pass);

    /// Makes room for more sequences behind those that are there; they have no tokens yet. For a network that
    /// reads no source.
    void join(int count);

    /// Makes sequence `i` the continuation of the former sequence `parents[i]`, as beam search does after each
    /// step: a parent may have several continuations or none, and there may be more or fewer sequences than
    /// before.
    ///
    /// @throws IllegalArgumentException when there is no such parent
    void reorder(int... parents);
}

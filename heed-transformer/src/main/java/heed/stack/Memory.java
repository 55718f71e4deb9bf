package heed.stack;

import heed.tensor.Sequences;
import heed.tensor.Tensor;

/// What the encoder made of the source: a decoder's layers look at it.
///
/// @param states `[Ns, D]`
public record Memory(Tensor states, Sequences sequences) {}

package heed.attention;

import heed.tensor.Tensor;

/// What attention looks at, projected.
///
/// @param keys `[Nk, Hkv·Dh]`
/// @param values `[Nk, Hkv·Dh]`
public record KeysAndValues(Tensor keys, Tensor values) {}

/// Recurrent networks, as the honest comparison: the same trainer, kernels and ragged batches as the
/// Transformer.
@NullMarked
package heed.recurrent;

import org.jspecify.annotations.NullMarked;

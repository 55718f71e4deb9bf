/// Values with a shape, ragged batches, and the operations that a pass through a model is made of.
///
/// Letters used for shapes: `N` tokens of all sequences together, `D` width of a token's row, `B` sequences,
/// `T` positions in a sequence.
@NullMarked
package heed.tensor;

import org.jspecify.annotations.NullMarked;

/// Self-attention and cross-attention: the heart.
///
/// Letters used for shapes: `B` sequences in the batch; `Nq`, `Nk` tokens of all sequences together on the side
/// of the queries and of the keys; `Tq`, `Tk` the same for one sequence; `H` heads; `Dh` width of a head; `D`
/// width of the model. Matrices are token-major and ragged: the rows of a sequence stand together, there is no
/// padding, and head `h` is the columns `h·Dh` to `(h+1)·Dh`.
@NullMarked
package heed.attention;

import org.jspecify.annotations.NullMarked;

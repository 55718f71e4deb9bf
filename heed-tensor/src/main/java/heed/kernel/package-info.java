/// Loops over `float[]`: the contract [heed.kernel.Kernels], its readable implementation, the one on vector
/// registers, and the threads that share the work. The only package that sees the Vector API.
///
/// Letters used for shapes: `M` rows, `K` inner size, `N` columns of a product; `D` width of a row; `Tq`,
/// `Tk` positions of queries and keys; `Dh` width of one head.
@NullMarked
package heed.kernel;

import org.jspecify.annotations.NullMarked;

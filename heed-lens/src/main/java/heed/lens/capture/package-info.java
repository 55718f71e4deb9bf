/// What one pass through a model leaves for those who look later: queries, keys, values and row sums instead of
/// matrices of weights, which are computed again, tile by tile, where somebody looks.
@NullMarked
package heed.lens.capture;

import org.jspecify.annotations.NullMarked;

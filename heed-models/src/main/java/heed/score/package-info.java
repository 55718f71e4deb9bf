/// How good an output is: metrics of texts, labels, rankings and models, and whether a difference between two
/// systems is more than chance.
@NullMarked
package heed.score;

import org.jspecify.annotations.NullMarked;

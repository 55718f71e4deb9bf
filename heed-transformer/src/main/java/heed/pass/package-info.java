/// What a pass through a model carries along: the operations, the place it has reached, and who watches.
@NullMarked
package heed.pass;

import org.jspecify.annotations.NullMarked;

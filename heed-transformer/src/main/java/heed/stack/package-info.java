/// Layers on layers: encoder blocks and the encoder.
@NullMarked
package heed.stack;

import org.jspecify.annotations.NullMarked;

/// Gradients of what [heed.tensor.Compute] did, from the last operation back to the first.
@NullMarked
package heed.autograd;

import org.jspecify.annotations.NullMarked;

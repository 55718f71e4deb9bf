/// Products by oneDNN (oneapi-src/oneDNN), whose matrix kernels use the instructions for int8 and bf16 that the
/// Vector API does not have. Only its C interface is used, and only single-threaded: the threads are Heed's
/// own.
@NullMarked
package heed.onednn;

import org.jspecify.annotations.NullMarked;

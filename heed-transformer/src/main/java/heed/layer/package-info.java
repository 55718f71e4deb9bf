/// The small learned parts: linear maps, embeddings, normalisation, feed-forward.
@NullMarked
package heed.layer;

import org.jspecify.annotations.NullMarked;

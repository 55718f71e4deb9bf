/// Where a token stands: encodings that are added to embeddings.
@NullMarked
package heed.position;

import org.jspecify.annotations.NullMarked;

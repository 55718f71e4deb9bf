/// What programs ask: the routes of Heed, of OpenAI, of text-embeddings-inference and of Perspective, over the
/// same models.
@NullMarked
package heed.server.api;

import org.jspecify.annotations.NullMarked;

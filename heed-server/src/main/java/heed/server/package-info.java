/// `heed serve`: runs of loaded models, kept for as long as somebody looks at them, and a page to look at them with.
@NullMarked
package heed.server;

import org.jspecify.annotations.NullMarked;

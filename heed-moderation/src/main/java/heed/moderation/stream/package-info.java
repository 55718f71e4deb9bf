/// What is asked of a stream of comments that is judged, and what comes of it; who judges it is found at run
/// time.
@NullMarked
package heed.moderation.stream;

import org.jspecify.annotations.NullMarked;

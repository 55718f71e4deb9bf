/// Whether comments are still what a policy was made for.
@NullMarked
package heed.moderation.drift;

import org.jspecify.annotations.NullMarked;

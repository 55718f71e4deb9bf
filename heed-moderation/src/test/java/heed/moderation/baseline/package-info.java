@NullMarked
package heed.moderation.baseline;

import org.jspecify.annotations.NullMarked;

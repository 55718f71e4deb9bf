@NullMarked
package heed.moderation.drift;

import org.jspecify.annotations.NullMarked;

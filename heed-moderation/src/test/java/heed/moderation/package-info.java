@NullMarked
package heed.moderation;

import org.jspecify.annotations.NullMarked;

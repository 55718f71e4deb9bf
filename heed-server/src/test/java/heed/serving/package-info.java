@NullMarked
package heed.serving;

import org.jspecify.annotations.NullMarked;

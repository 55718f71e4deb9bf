@NullMarked
package heed.lens.capture;

import org.jspecify.annotations.NullMarked;

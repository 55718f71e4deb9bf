@NullMarked
package heed.lens;

import org.jspecify.annotations.NullMarked;

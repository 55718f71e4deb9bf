@NullMarked
package heed.lens.senses;

import org.jspecify.annotations.NullMarked;

/// Which meaning a word has, told by the vector that it gets in its sentence.
@NullMarked
package heed.lens.senses;

import org.jspecify.annotations.NullMarked;

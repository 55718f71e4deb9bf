/// Texts and their translations: files that hold pairs of them, what makes a pair worth learning from, and what
/// must come through a translation as it is.
@NullMarked
package heed.corpus;

import org.jspecify.annotations.NullMarked;

/// What heads do: which of them look where grammar says a word belongs, over a corpus, beside what needs no
/// model.
@NullMarked
package heed.lens.roles;

import org.jspecify.annotations.NullMarked;

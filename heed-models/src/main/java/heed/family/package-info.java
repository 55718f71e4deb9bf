/// Model families: a configuration as the checkpoint's `config.json` has it, a table that matches names, and
/// the assembly of shared blocks. Families do not know each other.
///
/// Letters used for shapes: `B` sequences, `N` tokens of all sequences together, `D` width of the model, `H`
/// heads, `F` width of the feed-forward network, `V` vocabulary, `P` positions, `C` classes.
@NullMarked
package heed.family;

import org.jspecify.annotations.NullMarked;

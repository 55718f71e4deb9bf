/// One sentence followed through a Transformer, from its characters to the next token: `docs/tour.md`.
@NullMarked
package heed.examples.tour;

import org.jspecify.annotations.NullMarked;

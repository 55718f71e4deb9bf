/// The claims of the lectures on Transformers, measured: each with a rule that was written before the run.
@NullMarked
package heed.claims;

import org.jspecify.annotations.NullMarked;

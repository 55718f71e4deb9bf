/// The snippets of the README, as programs.
@NullMarked
package heed.examples;

import org.jspecify.annotations.NullMarked;

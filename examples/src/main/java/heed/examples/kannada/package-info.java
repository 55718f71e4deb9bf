/// From the strings of Debian's and npm's packages to a model that translates English into Kannada.
@NullMarked
package heed.examples.kannada;

import org.jspecify.annotations.NullMarked;

@NullMarked
package heed.examples.tour;

import org.jspecify.annotations.NullMarked;

/// How long work takes, what the machine could have done meanwhile, and whether it was free to do it.
@NullMarked
package heed.timing;

import org.jspecify.annotations.NullMarked;

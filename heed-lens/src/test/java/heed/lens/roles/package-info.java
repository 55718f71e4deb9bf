@NullMarked
package heed.lens.roles;

import org.jspecify.annotations.NullMarked;

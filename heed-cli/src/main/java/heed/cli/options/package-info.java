/// Options that several commands share.
@NullMarked
package heed.cli.options;

import org.jspecify.annotations.NullMarked;

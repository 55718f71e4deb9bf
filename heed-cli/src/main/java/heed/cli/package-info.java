/// The `heed` command: data to standard output, progress and notes to standard error. The only room that
/// prints.
@NullMarked
package heed.cli;

import org.jspecify.annotations.NullMarked;

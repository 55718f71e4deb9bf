/// `heed bench`: one small class for each measurement, over a shared way of warming up, timing and printing. A
/// result is checked before it is timed, and a line has the keys that other programs' benchmarks use.
@NullMarked
package heed.cli.bench;

import org.jspecify.annotations.NullMarked;

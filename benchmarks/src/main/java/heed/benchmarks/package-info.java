/// The kernels under JMH: where a change of a loop shows before and after. Whole passes and other programs are
/// compared by `heed bench`.
@NullMarked
package heed.benchmarks;

import org.jspecify.annotations.NullMarked;

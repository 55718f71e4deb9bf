/// Learning: parameters by name, optimisers, schedules, the step and the loop around it.
@NullMarked
package heed.training;

import org.jspecify.annotations.NullMarked;

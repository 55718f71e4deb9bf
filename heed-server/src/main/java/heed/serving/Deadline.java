package heed.serving;

import java.time.Duration;
import java.util.function.LongSupplier;

/// When an answer is no longer wanted.
///
/// @param clock nanoseconds from any beginning, as [System#nanoTime]
/// @param nanos the time of that clock
public record Deadline(LongSupplier clock, long nanos) {
    public static Deadline in(Duration time, LongSupplier clock) {
        return new Deadline(clock, clock.getAsLong() + time.toNanos());
    }

    public boolean passed() {
        return leftNanos() <= 0;
    }

    /// Nanoseconds until then; 0 or less when it has passed.
    public long leftNanos() {
        return nanos - clock.getAsLong();
    }

    NotServed late() {
        return new NotServed(NotServed.Reason.LATE, "this was not done in time, and was given up");
    }
}

package heed.serving;

import heed.serving.NotServed.Reason;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/// A gate that requests pass. What is under way, waiting or being computed, is counted in tokens, and beyond a
/// bound nobody is let in: memory stays flat under any load, and who is turned away learns at once when to come
/// again. A gate may also turn away who would wait too long behind the others.
public final class Admission {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    /// What is remembered of the pace fades once it comes from more busy time than this.
    private static final long MEMORY = 60 * SECOND;

    /// The pace of less busy time than this says little.
    private static final long LEAST_BUSY = SECOND;

    private final String unit;
    private final long capacity;
    private final Duration longestWait;
    private final LongSupplier clock;
    private long taken;
    private boolean draining;

    // the pace: tokens that were done, in the time in which there was anything to do
    private double done;
    private double busy;
    private long seen;

    /// @param capacity the most tokens under way
    public Admission(long capacity, LongSupplier clock) {
        this("tokens", capacity, clock);
    }

    /// @param unit what is counted, in the plural
    Admission(String unit, long capacity, LongSupplier clock) {
        this(unit, capacity, ChronoUnit.FOREVER.getDuration(), clock);
    }

    /// @param longestWait nobody is let in behind more than what takes so long, by the pace so far
    Admission(String unit, long capacity, Duration longestWait, LongSupplier clock) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a gate that lets in " + capacity + " " + unit + " lets in nothing");
        }
        this.unit = unit;
        this.capacity = capacity;
        this.longestWait = longestWait;
        this.clock = clock;
        this.seen = clock.getAsLong();
    }

    /// What somebody was let in with; closing it makes room again.
    public final class Ticket implements AutoCloseable {
        private final long tokens;
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Ticket(long tokens) {
            this.tokens = tokens;
        }

        @Override
        public void close() {
            if (open.compareAndSet(true, false)) {
                release(tokens);
            }
        }
    }

    /// Lets somebody in, or says why not.
    ///
    /// @throws NotServed when there is no room, there never will be, or the gate is closed
    public synchronized Ticket admit(long tokens) {
        requireOpen();
        if (tokens > capacity) {
            throw NotServed.tooLarge("this has " + tokens + " " + unit + ", at most " + capacity
                    + " are taken at once: send it in parts");
        }
        elapse();
        if (tokens > capacity - taken || waitsTooLong()) {
            throw overloaded();
        }
        taken += tokens;
        return new Ticket(tokens);
    }

    /// Turns away who would surely be turned away later, before any work is done for them.
    ///
    /// @throws NotServed when there is no room at all, or the gate is closed
    public synchronized void requireRoom() {
        requireOpen();
        elapse();
        if (taken >= capacity || waitsTooLong()) {
            throw overloaded();
        }
    }

    private boolean waitsTooLong() {
        return busy >= LEAST_BUSY && secondsUnderWay() > longestWait.toSeconds();
    }

    private void requireOpen() {
        if (draining) {
            throw new NotServed(Reason.UNREADY, "this server is shutting down", Duration.ofSeconds(1));
        }
    }

    private NotServed overloaded() {
        Duration after = retryAfter();
        return new NotServed(
                Reason.OVERLOADED,
                "too much is under way (" + taken + " " + unit + "); ask again in " + after.toSeconds() + " s",
                after);
    }

    /// About as long as what is under way will take.
    private Duration retryAfter() {
        double seconds = done == 0 ? 1 : Math.ceil(secondsUnderWay());
        return Duration.ofSeconds(Math.clamp((long) seconds, 1, LONGEST_WAIT.toSeconds()));
    }

    /// 0 where nothing was done yet that would tell.
    private double secondsUnderWay() {
        return done == 0 ? 0 : taken * busy / done / SECOND;
    }

    private synchronized void release(long tokens) {
        elapse();
        taken -= tokens;
        done += tokens;
        if (busy > MEMORY) {
            done /= 2;
            busy /= 2;
        }
        notifyAll();
    }

    private void elapse() {
        long now = clock.getAsLong();
        if (taken > 0) {
            busy += now - seen;
        }
        seen = now;
    }

    /// The tokens under way.
    public synchronized long taken() {
        return taken;
    }

    public long capacity() {
        return capacity;
    }

    /// Lets nobody in any more.
    public synchronized void close() {
        draining = true;
    }

    public synchronized boolean closed() {
        return draining;
    }

    /// Waits until nothing is under way.
    ///
    /// @return whether that came to be in time
    public synchronized boolean awaitEmpty(Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        while (taken > 0) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }
}

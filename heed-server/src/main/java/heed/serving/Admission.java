package heed.serving;

import heed.serving.NotServed.Reason;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// A gate that requests pass. What is under way, waiting or being computed, is counted in tokens, and beyond a
/// bound nobody is let in: memory stays flat under any load, and who is turned away learns at once when to come
/// again. A gate may also turn away who would wait too long behind the others.
public final class Admission {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    /// What is remembered of the pace fades once it comes from more busy time than this.
    private static final long MEMORY = 60 * SECOND;

    /// The pace of less busy time than this says little: Java is still compiling.
    private static final long LEAST_BUSY = 10 * SECOND;

    private final String unit;
    private final long capacity;
    private final Duration longestWait;
    private final LongSupplier clock;
    private final Set<Ticket> inside = new HashSet<>();
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

    /// @param longestWait nobody is let in who would wait longer, by the pace so far, where those inside take turns:
    /// who asks for much keeps nobody out who asks for little
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

        private Ticket(long tokens) {
            this.tokens = tokens;
        }

        @Override
        public void close() {
            release(this);
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
        if (tokens > capacity - taken || waitsTooLong(tokens)) {
            throw overloaded();
        }
        taken += tokens;
        Ticket ticket = new Ticket(tokens);
        inside.add(ticket);
        return ticket;
    }

    /// Turns away who would surely be turned away later, before any work is done for them.
    ///
    /// @throws NotServed when there is no room at all, or the gate is closed
    public synchronized void requireRoom() {
        requireOpen();
        elapse();
        if (taken >= capacity) {
            throw overloaded();
        }
    }

    /// Of each who is inside, no more comes before the last of these tokens than there are of them.
    private boolean waitsTooLong(long tokens) {
        if (busy < LEAST_BUSY || seconds(taken) <= longestWait.toSeconds()) {
            return false; // behind all of them it would not be too long
        }
        long before = inside.stream()
                .mapToLong(ticket -> Math.min(ticket.tokens, tokens))
                .sum();
        return seconds(before) > longestWait.toSeconds();
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
        double seconds = done == 0 ? 1 : Math.ceil(seconds(taken));
        return Duration.ofSeconds(Math.clamp((long) seconds, 1, LONGEST_WAIT.toSeconds()));
    }

    /// 0 where nothing was done yet that would tell.
    private double seconds(long tokens) {
        return done == 0 ? 0 : tokens * busy / done / SECOND;
    }

    private synchronized void release(Ticket ticket) {
        if (!inside.remove(ticket)) {
            return; // was closed before
        }
        elapse();
        taken -= ticket.tokens;
        done += ticket.tokens;
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

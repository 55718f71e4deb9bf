package heed.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Threads that share the tasks of one loop with the thread that asks for it.
///
/// A pool of `n` threads is the caller and `n - 1` daemons. While hot, the daemons spin for half a
/// millisecond before they sleep, because waking a sleeping thread costs more than many of the loops it
/// would share. One caller at a time has the daemons; whoever else asks meanwhile, from another thread or
/// from within a task, runs its tasks alone. So there are never more runnable threads than callers plus
/// daemons, and nobody waits for anything but tasks already begun.
///
/// Each thread begins with a stretch of the tasks of its own, always the same one, and helps the others when it
/// is through. So neighbouring tasks, and the same tasks of the next loop over the same rows, mostly find their
/// data in the caches of their core. Which thread runs a task is still left to chance in the end; tasks must
/// therefore not share sums, and a result then does not depend on the number of threads.
public final class WorkerPool implements AutoCloseable {
    /// The system property with the number of threads in the shared pool.
    public static final String PROPERTY = "heed.threads";

    /// How long an idle thread spins before it sleeps: longer than most tasks take, so that within a pass
    /// nobody falls asleep while another thread does the last one.
    private static final long SPIN_NANOS = 500_000;

    /// Reading the clock costs as much as some spins, so it is read once in so many.
    private static final int SPINS_PER_CLOCK_READING = 32;

    private static volatile @Nullable WorkerPool shared;

    private final List<Worker> workers;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final boolean closeable;
    private volatile @Nullable Job job;
    private volatile boolean closed;

    private WorkerPool(int threads, boolean closeable) {
        if (threads < 1 || threads > mostThreads()) {
            throw new IllegalArgumentException("threads must be between 1 and " + mostThreads() + ", got " + threads);
        }
        this.closeable = closeable;
        List<Worker> started = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            started.add(new Worker(i));
        }
        this.workers = List.copyOf(started);
        this.workers.forEach(worker -> worker.thread.start());
    }

    /// A pool of its own; close it when it is no longer used.
    ///
    /// @param threads including the calling thread, between 1 and four times the number of processors
    public static WorkerPool of(int threads) {
        return new WorkerPool(threads, true);
    }

    /// The pool that all of Heed shares, with as many threads as the property `heed.threads` says, else as
    /// there are processors. Closing it does nothing.
    ///
    /// @throws IllegalArgumentException if the property is not a number of threads
    public static WorkerPool shared() {
        WorkerPool pool = shared;
        return pool == null ? startShared() : pool;
    }

    private static synchronized WorkerPool startShared() {
        WorkerPool pool = shared;
        if (pool == null) {
            pool = new WorkerPool(threadsByProperty(System.getProperty(PROPERTY)), false);
            shared = pool;
        }
        return pool;
    }

    static int threadsByProperty(@Nullable String value) {
        if (value == null) {
            return Runtime.getRuntime().availableProcessors();
        }
        int threads;
        try {
            threads = Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            threads = -1;
        }
        if (threads < 1 || threads > mostThreads()) {
            throw new IllegalArgumentException(
                    PROPERTY + " must be a whole number between 1 and " + mostThreads() + ", got \"" + value + "\"");
        }
        return threads;
    }

    private static int mostThreads() {
        return 4 * Runtime.getRuntime().availableProcessors();
    }

    /// The number of threads, the calling one included.
    public int threads() {
        return workers.size() + 1;
    }

    /// Runs `task` for each number from 0 to `tasks - 1`, and returns when all have run. If a task throws,
    /// those not yet begun are skipped and the caller gets the exception.
    public void run(int tasks, IntConsumer task) {
        if (closed) {
            throw new IllegalStateException("the pool is closed");
        }
        if (tasks <= 1 || workers.isEmpty() || !taken.compareAndSet(false, true)) {
            for (int i = 0; i < tasks; i++) {
                task.accept(i);
            }
            return;
        }
        Job begun = new Job(tasks, task, threads());
        try {
            job = begun;
            for (int i = 0; i < Math.min(workers.size(), tasks - 1); i++) {
                workers.get(i).wake();
            }
            begun.work(0);
            begun.awaitFinished();
        } finally {
            job = null;
            taken.set(false);
        }
        begun.rethrowFailure();
    }

    /// Lets the daemons end. Tasks that are running still finish.
    @Override
    public void close() {
        if (closeable) {
            closed = true;
            workers.forEach(Worker::wake);
        }
    }

    /// One call of [#run]. A worker that comes late finds no task left and touches nothing else.
    private static final class Job {
        private final int tasks;
        private final IntConsumer task;
        private final Stretch[] stretches;
        private final AtomicInteger finished = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private volatile @Nullable Thread waiting;

        Job(int tasks, IntConsumer task, int threads) {
            this.tasks = tasks;
            this.task = task;
            this.stretches = new Stretch[threads];
            for (int i = 0; i < threads; i++) {
                stretches[i] =
                        new Stretch((int) ((long) tasks * i / threads), (int) ((long) tasks * (i + 1) / threads));
            }
        }

        boolean hasTasks() {
            for (Stretch stretch : stretches) {
                if (stretch.next.get() < stretch.end) {
                    return true;
                }
            }
            return false;
        }

        /// Runs the tasks of one's own stretch, then those that are left of the others'.
        void work(int own) {
            int done = 0;
            for (int offset = 0; offset < stretches.length; offset++) {
                Stretch stretch = stretches[(own + offset) % stretches.length];
                for (int i = stretch.take(); i >= 0; i = stretch.take()) {
                    run(i);
                    done++;
                }
            }
            if (done > 0 && finished.addAndGet(done) == tasks) {
                LockSupport.unpark(waiting);
            }
        }

        private void run(int number) {
            if (failure.get() == null) {
                try {
                    task.accept(number);
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
            }
        }

        void awaitFinished() {
            if (spinUntilFinished()) {
                return;
            }
            waiting = Thread.currentThread();
            boolean interrupted = false;
            while (finished.get() < tasks) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted(); // otherwise park would return at once, again and again
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean spinUntilFinished() {
            long start = System.nanoTime();
            for (int spins = 1; finished.get() < tasks; spins++) {
                if (spins % SPINS_PER_CLOCK_READING == 0 && System.nanoTime() - start > SPIN_NANOS) {
                    return false;
                }
                Thread.onSpinWait();
            }
            return true;
        }

        void rethrowFailure() {
            switch (failure.get()) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e); // a checked one, thrown past the compiler
            }
        }
    }

    /// Tasks that follow each other, handed out one at a time.
    private static final class Stretch {
        private final AtomicInteger next;
        private final int end;

        Stretch(int start, int end) {
            this.next = new AtomicInteger(start);
            this.end = end;
        }

        /// @return -1 when none is left
        int take() {
            int number = next.get() < end ? next.getAndIncrement() : end;
            return number < end ? number : -1;
        }
    }

    private final class Worker implements Runnable {
        private final int number;
        private final Thread thread;
        private volatile boolean asleep;

        Worker(int number) {
            this.number = number;
            thread = Thread.ofPlatform()
                    .daemon()
                    .name("heed-worker-" + number)
                    .inheritInheritableThreadLocals(false)
                    .unstarted(this);
        }

        @Override
        public void run() {
            for (Job found = awaitJob(); found != null; found = awaitJob()) {
                found.work(number);
            }
        }

        /// The next job with tasks left; null when the pool is closed.
        private @Nullable Job awaitJob() {
            long start = System.nanoTime();
            for (int spins = 1; !closed; spins++) {
                Job found = job;
                if (found != null && found.hasTasks()) {
                    return found;
                }
                if (spins % SPINS_PER_CLOCK_READING == 0 && System.nanoTime() - start > SPIN_NANOS) {
                    sleep();
                    start = System.nanoTime();
                }
                Thread.onSpinWait();
            }
            return null;
        }

        /// Announces sleep before it looks at the job a last time, as [#run] sets the job before it looks who
        /// sleeps: one of the two always sees the other.
        private void sleep() {
            Thread.interrupted(); // left by a task; it would keep park from sleeping
            asleep = true;
            Job found = job;
            if (!closed && (found == null || !found.hasTasks())) {
                LockSupport.park(WorkerPool.this);
            }
            asleep = false;
        }

        void wake() {
            if (asleep) {
                LockSupport.unpark(thread);
            }
        }
    }
}

package heed.serving;

import heed.serving.NotServed.Reason;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

/// Gathers what many callers ask of a model into batches, on a thread of its own. Nobody waits for a batch to
/// fill: while one is computed the next gathers, so batches are as large as the load makes them.
///
/// A batch that fails is halved until the item that makes it fail stands alone; the others get their results.
/// Nothing that an item does ends the thread.
///
/// @param <I> an item
/// @param <O> its result
public final class Batcher<I, O> implements AutoCloseable {
    private static final long IDLE = Long.MIN_VALUE;

    private final Work<I, O> work;
    private final ToIntFunction<I> tokens;
    private final LongSupplier clock;
    private final Observer observer;
    private final BatchQueue<I, O> queue; // guarded by itself
    private final Thread thread;
    private boolean closed; // guarded by the queue
    private volatile long startedAt = IDLE;

    /// Computes items.
    @FunctionalInterface
    public interface Work<I, O> {
        /// @return as many results as items; each must not depend on the items beside it
        List<O> compute(List<I> items);
    }

    /// Hears of batches.
    public interface Observer {
        Observer NONE = (_, _, _) -> {};

        /// @param items how many
        /// @param tokens of all of them
        void batch(int items, int tokens, Duration time);
    }

    /// @param name of the thread, for those who look at a stack trace
    /// @param tokens of an item
    /// @param budget the most tokens of a batch
    public Batcher(
            String name, Work<I, O> work, ToIntFunction<I> tokens, int budget, LongSupplier clock, Observer observer) {
        this.work = work;
        this.tokens = tokens;
        this.clock = clock;
        this.observer = observer;
        this.queue = new BatchQueue<>(budget);
        this.thread = Thread.ofPlatform().name("heed-batches-" + name).daemon().start(this::run);
    }

    /// Puts a call among those that wait.
    public Call<I, O> submit(List<I> items, Deadline deadline) {
        Call<I, O> call = new Call<>(items, items.stream().mapToInt(tokens).toArray(), deadline);
        synchronized (queue) {
            if (closed) {
                call.fail(ended());
            } else {
                queue.add(call);
                queue.notifyAll();
            }
        }
        return call;
    }

    /// The results of items, waited for.
    ///
    /// @throws NotServed when they were not there in time
    /// @throws RuntimeException what an item failed with
    public List<O> compute(List<I> items, Deadline deadline) throws InterruptedException {
        return submit(items, deadline).await();
    }

    private void run() {
        while (true) {
            List<Call.Entry<I, O>> batch;
            synchronized (queue) {
                try {
                    while (queue.isEmpty() && !closed) {
                        queue.wait();
                    }
                } catch (InterruptedException e) {
                    closed = true;
                }
                if (closed) {
                    queue.clear(ended());
                    return;
                }
                batch = queue.next();
            }
            if (!batch.isEmpty()) {
                compute(batch);
            }
        }
    }

    private void compute(List<Call.Entry<I, O>> batch) {
        long start = clock.getAsLong();
        startedAt = start;
        try {
            attempt(batch);
        } finally {
            startedAt = IDLE;
            int sum = batch.stream().mapToInt(Call.Entry::tokens).sum();
            observer.batch(batch.size(), sum, Duration.ofNanos(clock.getAsLong() - start));
        }
    }

    private void attempt(List<Call.Entry<I, O>> entries) {
        List<O> results;
        try {
            results = work.compute(entries.stream().map(Call.Entry::item).toList());
            if (results.size() != entries.size()) {
                throw new IllegalStateException(results.size() + " results for " + entries.size() + " items");
            }
        } catch (Throwable e) { // an error too: the thread must go on, and whoever waits must hear of it
            isolate(entries, e);
            return;
        }
        for (int i = 0; i < results.size(); i++) {
            entries.get(i).complete(results.get(i));
        }
    }

    private void isolate(List<Call.Entry<I, O>> failed, Throwable reason) {
        if (failed.size() == 1) {
            failed.getFirst().fail(reason);
            return;
        }
        int half = failed.size() / 2;
        for (List<Call.Entry<I, O>> part : List.of(failed.subList(0, half), failed.subList(half, failed.size()))) {
            List<Call.Entry<I, O>> wanted =
                    part.stream().filter(entry -> !entry.call().over()).toList();
            if (!wanted.isEmpty()) {
                attempt(wanted);
            }
        }
    }

    private static NotServed ended() {
        return new NotServed(Reason.UNREADY, "the model was closed");
    }

    /// How long the batch under way has been computed; zero when there is none.
    public Duration busyFor() {
        long since = startedAt;
        return since == IDLE ? Duration.ZERO : Duration.ofNanos(clock.getAsLong() - since);
    }

    /// Ends the thread once the batch under way is done. Calls that wait fail.
    @Override
    public void close() {
        synchronized (queue) {
            closed = true;
            queue.notifyAll();
        }
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

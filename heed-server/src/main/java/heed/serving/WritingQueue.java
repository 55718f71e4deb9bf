package heed.serving;

import heed.generation.Cancellation;
import heed.generation.Decoding;
import heed.generation.TokenListener;
import heed.model.Model;
import heed.serving.NotServed.Reason;
import heed.task.Continuation;
import heed.task.ContinuousGenerator;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/// Prompts that wait to be continued by one model, on a thread of its own: they join the batch as soon as it
/// has room, in the order in which they came.
final class WritingQueue implements AutoCloseable {
    private static final long IDLE = Long.MIN_VALUE;

    private final ContinuousGenerator generator;
    private final LongSupplier clock;
    private final Batcher.Observer observer;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(); // guarded by itself
    private final Thread thread;
    private boolean closed; // guarded by the queue
    private volatile long startedAt = IDLE;

    private record Waiting(
            ContinuousGenerator.Prompt prompt,
            TokenListener listener,
            Cancellation cancellation,
            CompletableFuture<List<Continuation>> result) {}

    /// A prompt that was let in.
    private record Open(Waiting asked, CompletableFuture<List<Continuation>> end) {}

    WritingQueue(String name, Model model, LongSupplier clock, Batcher.Observer observer) {
        this.generator = new ContinuousGenerator(model);
        this.clock = clock;
        this.observer = observer;
        this.thread = Thread.ofPlatform().name("heed-writes-" + name).daemon().start(this::run);
    }

    /// Puts a prompt among those that wait.
    ///
    /// @param listener hears of tokens on the thread of this queue, and should not keep it
    /// @throws IllegalArgumentException when the prompt does not fit the model with what is to follow
    CompletableFuture<List<Continuation>> submit(
            int[] prompt, Decoding decoding, TokenListener listener, Cancellation cancellation) {
        Waiting one =
                new Waiting(generator.prompt(prompt, decoding), listener, cancellation, new CompletableFuture<>());
        synchronized (waiting) {
            if (closed) {
                one.result.completeExceptionally(ended());
            } else {
                waiting.addLast(one);
                waiting.notifyAll();
            }
        }
        return one.result;
    }

    private void run() {
        List<Open> open = new ArrayList<>();
        while (true) {
            synchronized (waiting) {
                try {
                    while (waiting.isEmpty() && generator.idle() && !closed) {
                        waiting.wait();
                    }
                } catch (InterruptedException e) {
                    closed = true;
                }
                if (closed) {
                    waiting.forEach(one -> one.result.completeExceptionally(ended()));
                    open.forEach(one -> one.asked.result.completeExceptionally(ended()));
                    return;
                }
                open.removeIf(one -> one.end.isDone());
                letIn(open);
            }
            step();
        }
    }

    private void letIn(List<Open> open) {
        while (!waiting.isEmpty()) {
            Waiting next = waiting.getFirst();
            try {
                if (next.cancellation.cancelled()) {
                    next.result.cancel(false);
                } else if (generator.hasRoom(next.prompt)) {
                    open.add(new Open(next, begun(next)));
                } else {
                    return;
                }
            } catch (RuntimeException e) {
                next.result.completeExceptionally(e);
            }
            waiting.removeFirst();
        }
    }

    private CompletableFuture<List<Continuation>> begun(Waiting one) {
        return generator.add(one.prompt, one.listener, one.cancellation).whenComplete((found, failure) -> {
            if (failure == null) {
                one.result.complete(found);
            } else {
                Throwable cause = failure.getCause();
                one.result.completeExceptionally(cause == null ? failure : cause);
            }
        });
    }

    private void step() {
        int rows = generator.rows();
        if (rows == 0) {
            return;
        }
        long start = clock.getAsLong();
        startedAt = start;
        generator.step();
        startedAt = IDLE;
        observer.batch(rows, rows, Duration.ofNanos(clock.getAsLong() - start));
    }

    /// How long the step under way has been computed; zero when there is none.
    Duration busyFor() {
        long since = startedAt;
        return since == IDLE ? Duration.ZERO : Duration.ofNanos(clock.getAsLong() - since);
    }

    private static NotServed ended() {
        return new NotServed(Reason.UNREADY, "the model was closed");
    }

    /// Ends the thread after the step under way. What waits, and what is being written, fails.
    @Override
    public void close() {
        synchronized (waiting) {
            closed = true;
            waiting.notifyAll();
        }
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

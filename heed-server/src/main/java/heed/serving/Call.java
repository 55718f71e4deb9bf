package heed.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// What one asker wants: items in an order, and their results in the same. The items of a call may be computed
/// in different batches; when one fails the call fails, and the rest is not computed.
///
/// @param <I> an item
/// @param <O> its result
public final class Call<I, O> {
    private final List<I> items;
    private final int[] tokens;
    private final Deadline deadline;
    private final AtomicReferenceArray<O> results;
    private final AtomicInteger missing;
    private final CompletableFuture<List<O>> future = new CompletableFuture<>();
    private int next; // guarded by the queue that the call is in

    /// @param tokens of each item
    Call(List<I> items, int[] tokens, Deadline deadline) {
        this.items = List.copyOf(items);
        this.tokens = tokens.clone();
        this.deadline = deadline;
        this.results = new AtomicReferenceArray<>(items.size());
        this.missing = new AtomicInteger(items.size());
        if (items.isEmpty()) {
            future.complete(List.of());
        }
    }

    /// One item on its way through a batch.
    record Entry<I, O>(Call<I, O> call, int index) {
        I item() {
            return call.items.get(index);
        }

        int tokens() {
            return call.tokens[index];
        }

        void complete(O result) {
            call.results.set(index, result);
            if (call.missing.decrementAndGet() == 0) {
                List<O> all = new ArrayList<>();
                for (int i = 0; i < call.results.length(); i++) {
                    all.add(call.results.get(i));
                }
                call.future.complete(all);
            }
        }

        void fail(Throwable reason) {
            call.fail(reason);
        }
    }

    boolean hasNext() {
        return next < items.size();
    }

    int nextTokens() {
        return tokens[next];
    }

    Entry<I, O> takeNext() {
        return new Entry<>(this, next++);
    }

    /// Whether nobody waits for it any more: it is done, has failed, was cancelled, or its time is over.
    boolean over() {
        if (!future.isDone() && deadline.passed()) {
            future.completeExceptionally(deadline.late());
        }
        return future.isDone();
    }

    void fail(Throwable reason) {
        future.completeExceptionally(reason);
    }

    /// Says that nobody wants the results any more.
    public void cancel() {
        future.cancel(false);
    }

    /// Waits for the results.
    ///
    /// @throws NotServed when the deadline passed
    /// @throws RuntimeException what an item failed with
    public List<O> await() throws InterruptedException {
        try {
            return future.get(Math.max(0, deadline.leftNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            NotServed late = deadline.late();
            future.completeExceptionally(late);
            throw late;
        } catch (CancellationException e) {
            throw deadline.late();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            cancel();
            throw e;
        }
    }
}

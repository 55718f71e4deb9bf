package heed.serving;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Requests that come at a constant rate, whether the ones before are answered or not, as those of many people
/// do. A request's time begins when it was due: what waits behind a slow one counts as slow, which a caller who
/// waits for each answer before asking again would never see.
final class OpenLoad {
    private OpenLoad() {}

    /// What is asked.
    @FunctionalInterface
    interface Request {
        /// @param number from 0
        void ask(int number) throws InterruptedException;
    }

    /// How the requests were answered.
    ///
    /// @param failed how many were not
    /// @param seconds from when an answered request was due to its answer, ascending
    record Answers(int failed, List<Double> seconds) {
        /// The time within which so many of a hundred answered requests were answered.
        double percentile(int percent) {
            return seconds.isEmpty()
                    ? Double.NaN
                    : seconds.get((int) Math.min(seconds.size() - 1, (long) seconds.size() * percent / 100));
        }
    }

    /// Asks at a rate, and waits for all answers.
    ///
    /// @param rate requests a second
    /// @param count of requests
    static Answers run(double rate, int count, Request request) throws InterruptedException {
        if (!(rate > 0) || count < 1) {
            throw new IllegalArgumentException(count + " requests at " + rate + " a second are no load");
        }
        List<Double> seconds = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger failed = new AtomicInteger();
        try (ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                int number = i;
                long due = start + Math.round(i / rate * 1e9);
                awaitUntil(due);
                askers.execute(() -> {
                    try {
                        request.ask(number);
                        seconds.add((System.nanoTime() - due) / 1e9);
                    } catch (InterruptedException | RuntimeException e) {
                        failed.incrementAndGet();
                    }
                });
            }
            askers.shutdown();
            askers.awaitTermination(10, TimeUnit.MINUTES);
        }
        return new Answers(failed.get(), seconds.stream().sorted().toList());
    }

    private static void awaitUntil(long due) throws InterruptedException {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(left);
        }
    }
}

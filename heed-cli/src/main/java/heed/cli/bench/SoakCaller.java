package heed.cli.bench;

import heed.task.Embedder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One thread that asks, and compares every bit of what it gets.
final class SoakCaller {
    private static final int MOST_TEXTS = 8;

    private final Embedder embedder;
    private final SoakRequests requests;
    private final SplittableRandom random;
    private final Thread thread;
    private final List<Double> seconds = new ArrayList<>();
    private long tokens;
    private volatile boolean stopped;
    private volatile @Nullable RuntimeException failure;

    SoakCaller(Embedder embedder, SoakRequests requests, int number) {
        this.embedder = embedder;
        this.requests = requests;
        this.random = new SplittableRandom(number);
        this.thread = Thread.ofPlatform().daemon().name("heed-soak-" + number).unstarted(this::ask);
    }

    void start() {
        thread.start();
    }

    void stop() {
        stopped = true;
    }

    /// Waits until it has stopped, because it was told to or because it failed.
    void join() throws InterruptedException {
        thread.join();
    }

    private void ask() {
        while (!stopped && failure == null) {
            try {
                askOnce();
            } catch (RuntimeException e) {
                failure = e;
            } catch (OutOfMemoryError e) {
                failure = new IllegalStateException("a caller ran out of memory", e);
            }
        }
    }

    private void askOnce() {
        int[] chosen = random.ints(random.nextInt(1, MOST_TEXTS + 1), 0, requests.size())
                .toArray();
        List<int[]> texts =
                Arrays.stream(chosen).mapToObj(requests.texts()::get).toList();
        long start = System.nanoTime();
        List<float[]> answers = embedder.embedTokens(texts);
        double time = (System.nanoTime() - start) / 1e9;
        for (int i = 0; i < chosen.length; i++) {
            if (!Arrays.equals(answers.get(i), requests.answers().get(chosen[i]))) {
                throw new IllegalStateException("text " + chosen[i] + ", asked for with " + (chosen.length - 1)
                        + " others, got another vector than alone");
            }
        }
        synchronized (seconds) {
            seconds.add(time);
            tokens += texts.stream().mapToInt(text -> text.length).sum();
        }
    }

    /// What it measured since the last call.
    ///
    /// @param times of requests, in seconds
    record Tally(List<Double> times, long tokens) {}

    Tally tally() {
        synchronized (seconds) {
            Tally tally = new Tally(List.copyOf(seconds), tokens);
            seconds.clear();
            tokens = 0;
            return tally;
        }
    }

    void rethrowFailure() {
        RuntimeException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }
}

package heed.hub;

import heed.hub.HuggingFaceClient.RefusedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/// Asks again after failures that pass: a server that is busy, a connection that breaks off.
///
/// @param pauses what to wait before each further attempt
record Retries(List<Duration> pauses) {
    static final Retries STANDARD =
            new Retries(List.of(Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(3)));

    /// What may fail.
    @FunctionalInterface
    interface Attempt {
        void run() throws IOException;
    }

    /// What may fail and answers.
    @FunctionalInterface
    interface Question<T> {
        T ask() throws IOException;
    }

    <T> T ask(Question<T> question) throws IOException {
        var answer = new AtomicReference<T>();
        run(() -> answer.set(question.ask()), () -> 0);
        return answer.get();
    }

    /// @param progress grows as long as attempts are worth while: then the pauses start again
    void run(Attempt attempt, LongSupplier progress) throws IOException {
        int failures = 0;
        long reached = progress.getAsLong();
        while (true) {
            try {
                attempt.run();
                return;
            } catch (IOException e) {
                if (progress.getAsLong() > reached) {
                    reached = progress.getAsLong();
                    failures = 0;
                }
                if (!passing(e) || failures == pauses.size()) {
                    throw e;
                }
                pause(pauses.get(failures++));
            }
        }
    }

    private static boolean passing(IOException e) {
        return switch (e) {
            case RefusedException refused -> refused.passing();
            case ConnectException unreachable -> false;
            case HttpTimeoutException silent -> false;
            default -> true;
        };
    }

    private static void pause(Duration duration) throws IOException {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}

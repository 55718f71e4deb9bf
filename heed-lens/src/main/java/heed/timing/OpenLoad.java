package heed.timing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Requests that come at a constant rate, whether earlier ones have been answered or not ("open loop"), as they
/// do from people who do not know of each other. A latency is counted from the time at which a request was to
/// be sent: a server that stalls cannot hide it by keeping the next ones from being sent (coordinated omission;
/// Tene 2013).
public final class OpenLoad {
    /// More requests than this at once are held back, and told.
    private static final int MOST_AT_ONCE = 20_000;

    private final Clock clock;
    private final Executor executor;
    private final Sender sender;

    /// Sends one request.
    @FunctionalInterface
    public interface Sender {
        /// @param number of the request, from 0
        /// @return the status of the answer
        /// @throws Exception when there was none
        int send(int number) throws Exception;
    }

    /// Time in nanoseconds.
    public interface Clock {
        long now();

        /// Returns at that time or later.
        void sleepUntil(long time) throws InterruptedException;

        Clock SYSTEM = new Clock() {
            @Override
            public long now() {
                return System.nanoTime();
            }

            @Override
            public void sleepUntil(long time) throws InterruptedException {
                for (long left = time - now(); left > 0; left = time - now()) {
                    TimeUnit.NANOSECONDS.sleep(left);
                }
            }
        };
    }

    /// @param clock tells time, and lets it pass
    /// @param executor sends each request, beside the others
    public OpenLoad(Sender sender, Clock clock, Executor executor) {
        this.sender = sender;
        this.clock = clock;
        this.executor = executor;
    }

    /// What came of it.
    ///
    /// @param sent how many requests
    /// @param heldBack how many were not sent because too many were under way
    /// @param failed how many had no answer
    /// @param statuses how many answers of each status
    /// @param latencies of the answers with status 200, in seconds, rising
    /// @param seconds from the first to the last answer
    public record Result(
            int sent,
            int heldBack,
            int failed,
            Map<Integer, Integer> statuses,
            List<Double> latencies,
            double seconds) {
        /// The latency that so many percent do not exceed; NaN where nothing was answered.
        public double percentile(double percent) {
            int rank = (int) Math.ceil(percent / 100 * latencies.size());
            return latencies.isEmpty() ? Double.NaN : latencies.get(Math.max(0, rank - 1));
        }

        public int answered() {
            return latencies.size();
        }

        public int ofStatus(int status) {
            return statuses.getOrDefault(status, 0);
        }
    }

    /// A load of requests that have threads of their own, in the time of the system.
    ///
    /// @param rate requests a second
    /// @param count how many
    /// @throws InterruptedException when somebody does not want to wait for the answers
    public static Result run(double rate, int count, Sender sender) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return new OpenLoad(sender, Clock.SYSTEM, threads).run(rate, count);
        }
    }

    /// @param rate requests a second
    /// @param count how many
    /// @throws InterruptedException when somebody does not want to wait for the answers
    public Result run(double rate, int count) throws InterruptedException {
        if (!(rate > 0) || count < 1) {
            throw new IllegalArgumentException(count + " requests at " + rate + " a second are no load");
        }
        Tally tally = new Tally();
        Semaphore free = new Semaphore(MOST_AT_ONCE);
        long start = clock.now();
        int heldBack = 0;
        for (int i = 0; i < count; i++) {
            long intended = start + Math.round(i / rate * 1e9);
            clock.sleepUntil(intended);
            if (!free.tryAcquire()) {
                heldBack++;
                continue;
            }
            int number = i;
            executor.execute(() -> {
                try {
                    int status = sender.send(number);
                    tally.add(status, clock.now() - intended);
                } catch (Exception e) {
                    if (e instanceof InterruptedException) {
                        Thread.currentThread().interrupt();
                    }
                    tally.addFailure();
                } finally {
                    free.release();
                }
            });
        }
        free.acquire(MOST_AT_ONCE); // when all are answered
        return tally.result(count - heldBack, heldBack, (clock.now() - start) / 1e9);
    }

    private static final class Tally {
        private final Map<Integer, Integer> statuses = new TreeMap<>();
        private final List<Double> latencies = new ArrayList<>();
        private int failed;

        synchronized void add(int status, long nanoseconds) {
            statuses.merge(status, 1, Integer::sum);
            if (status == 200) {
                latencies.add(nanoseconds / 1e9);
            }
        }

        synchronized void addFailure() {
            failed++;
        }

        synchronized Result result(int sent, int heldBack, double seconds) {
            return new Result(
                    sent,
                    heldBack,
                    failed,
                    Map.copyOf(statuses),
                    latencies.stream().sorted().toList(),
                    seconds);
        }
    }
}

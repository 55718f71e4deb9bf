package heed.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NullMarked
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerPoolTest {
    private static final int MOST = 4 * Runtime.getRuntime().availableProcessors();

    @Test
    void runsEveryTaskExactlyOnce() {
        for (int threads : new int[] {1, 2, 3}) {
            try (WorkerPool pool = WorkerPool.of(threads)) {
                for (int tasks : new int[] {0, 1, 2, 3, 17, 1000}) {
                    AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
                    pool.run(tasks, runs::incrementAndGet);
                    assertOnce(runs);
                }
            }
        }
    }

    @Test
    void staysRightOverManyShortRuns() {
        try (WorkerPool pool = WorkerPool.of(3)) {
            int[] sums = new int[7];
            for (int run = 0; run < 20_000; run++) {
                pool.run(sums.length, i -> sums[i]++); // not atomic: a run ends before the next begins
            }
            assertThat(sums).containsOnly(20_000);
        }
    }

    @Test
    void wakesThreadsThatFellAsleep() throws InterruptedException {
        try (WorkerPool pool = WorkerPool.of(2)) {
            for (int run = 0; run < 20; run++) {
                Thread.sleep(5); // far longer than a worker spins
                CountDownLatch both = new CountDownLatch(2);
                pool.run(2, _ -> {
                    both.countDown();
                    await(both); // ends only if two threads are here at once
                });
            }
        }
    }

    @Test
    void theCallerTakesPart() {
        try (WorkerPool pool = WorkerPool.of(2)) {
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            CountDownLatch both = new CountDownLatch(2);
            pool.run(2, _ -> {
                threads.add(Thread.currentThread());
                both.countDown();
                await(both);
            });
            assertThat(threads).hasSize(2).contains(Thread.currentThread());
        }
    }

    @Test
    void oneThreadIsTheCallerAlone() {
        try (WorkerPool pool = WorkerPool.of(1)) {
            pool.run(5, _ -> assertThat(Thread.currentThread().getName()).doesNotStartWith("heed-worker"));
            assertThat(pool.threads()).isOne();
        }
    }

    @Test
    void aFailureReachesTheCallerAndThePoolStaysUsable() {
        try (WorkerPool pool = WorkerPool.of(2)) {
            for (int failing = 0; failing < 20; failing++) {
                int bad = failing;
                IllegalStateException failure = new IllegalStateException("task " + bad);
                assertThatThrownBy(() -> pool.run(20, i -> {
                            if (i == bad) {
                                throw failure;
                            }
                        }))
                        .isSameAs(failure);
                AtomicIntegerArray runs = new AtomicIntegerArray(20);
                pool.run(20, runs::incrementAndGet);
                assertOnce(runs);
            }
        }
    }

    @Test
    void aFailureOnAWorkerReachesTheCaller() {
        try (WorkerPool pool = WorkerPool.of(2)) {
            Thread caller = Thread.currentThread();
            CountDownLatch both = new CountDownLatch(2);
            assertThatThrownBy(() -> pool.run(2, _ -> {
                        both.countDown();
                        await(both);
                        if (!Thread.currentThread().equals(caller)) {
                            throw new AssertionError("on a worker");
                        }
                    }))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("on a worker");
        }
    }

    @Test
    void nestedRunsEnd() {
        try (WorkerPool pool = WorkerPool.of(3)) {
            AtomicIntegerArray runs = new AtomicIntegerArray(6 * 5);
            pool.run(6, i -> pool.run(5, j -> runs.incrementAndGet(i * 5 + j)));
            assertOnce(runs);
        }
    }

    @Test
    void concurrentCallersGetTheirOwnTasksDone() throws Exception {
        try (WorkerPool pool = WorkerPool.of(2);
                ExecutorService callers = Executors.newFixedThreadPool(4)) {
            callManyTimes(pool, callers);
        }
    }

    @Test
    void virtualThreadsMayCall() throws Exception {
        try (WorkerPool pool = WorkerPool.of(2);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            callManyTimes(pool, callers);
        }
    }

    private static void callManyTimes(WorkerPool pool, ExecutorService callers) throws Exception {
        List<Future<?>> calls = new ArrayList<>();
        for (int call = 0; call < 8; call++) {
            calls.add(callers.submit(() -> {
                for (int run = 0; run < 500; run++) {
                    AtomicIntegerArray runs = new AtomicIntegerArray(9);
                    pool.run(9, runs::incrementAndGet);
                    assertOnce(runs);
                }
            }));
        }
        for (Future<?> call : calls) {
            call.get();
        }
    }

    @Test
    void anotherCallerRunsAloneWhileTheWorkersAreBusy() throws InterruptedException {
        try (WorkerPool pool = WorkerPool.of(2)) {
            CountDownLatch busy = new CountDownLatch(2);
            CountDownLatch release = new CountDownLatch(1);
            Thread first = Thread.ofVirtual()
                    .start(() -> pool.run(2, _ -> {
                        busy.countDown();
                        await(release);
                    }));
            await(busy);
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            AtomicInteger done = new AtomicInteger();
            pool.run(50, _ -> {
                threads.add(Thread.currentThread());
                done.incrementAndGet();
            });
            assertThat(threads).containsExactly(Thread.currentThread());
            assertThat(done).hasValue(50);
            release.countDown();
            first.join();
        }
    }

    @Test
    void anInterruptedCallerStaysInterruptedAndFinishes() {
        try (WorkerPool pool = WorkerPool.of(2)) {
            Thread.currentThread().interrupt();
            AtomicIntegerArray runs = new AtomicIntegerArray(100);
            pool.run(100, runs::incrementAndGet);
            assertThat(Thread.interrupted()).isTrue();
            assertOnce(runs);
        }
    }

    @Test
    void refusesImpossibleThreadCounts() {
        for (int threads : new int[] {-1, 0, MOST + 1}) {
            assertThatThrownBy(() -> WorkerPool.of(threads))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("threads must be between 1 and " + MOST + ", got " + threads);
        }
    }

    @Test
    void readsTheNumberOfThreadsFromTheProperty() {
        assertThat(WorkerPool.threadsByProperty(null)).isEqualTo(MOST / 4);
        assertThat(WorkerPool.threadsByProperty(" 2 ")).isEqualTo(2);
        for (String value : List.of("0", "two", "", "99999999999")) {
            assertThatThrownBy(() -> WorkerPool.threadsByProperty(value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "heed.threads must be a whole number between 1 and " + MOST + ", got \"" + value + "\"");
        }
    }

    @Test
    void aClosedPoolRefusesToRun() {
        WorkerPool pool = WorkerPool.of(2);
        pool.close();
        assertThatThrownBy(() -> pool.run(1, _ -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the pool is closed");
    }

    @Test
    void theSharedPoolStaysOpen() {
        WorkerPool.shared().close();
        AtomicIntegerArray runs = new AtomicIntegerArray(10);
        WorkerPool.shared().run(10, runs::incrementAndGet);
        assertOnce(runs);
    }

    private static void assertOnce(AtomicIntegerArray runs) {
        for (int i = 0; i < runs.length(); i++) {
            assertThat(runs.get(i)).as("runs of task %d", i).isOne();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

package heed.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class OpenLoadTest {
    @Test
    void aRequestIsAskedThoughTheOneBeforeItIsNotAnswered() throws InterruptedException {
        CountDownLatch last = new CountDownLatch(1);
        OpenLoad.Result answers = OpenLoad.run(1000, 5, number -> {
            if (number < 4) {
                assertThat(last.await(1, TimeUnit.MINUTES)).isTrue(); // answered only once the last one is asked
            } else {
                last.countDown();
            }
            return 200;
        });
        assertThat(answers.failed()).isZero();
        assertThat(answers.latencies()).hasSize(5).isSorted();
    }

    @Test
    void whatWaitsBehindASlowRequestIsSlow() throws InterruptedException {
        Object lane = new Object();
        OpenLoad.Result answers = OpenLoad.run(1000, 6, _ -> {
            synchronized (lane) {
                Thread.sleep(20);
            }
            return 200;
        });
        // due within 5 ms, one lane of 20 ms: the last is answered 120 ms after the first was due, or later
        assertThat(answers.percentile(99)).isGreaterThanOrEqualTo(0.115);
        assertThat(answers.percentile(0)).isGreaterThanOrEqualTo(0.02);
    }

    @Test
    void theRateIsKept() throws InterruptedException {
        long start = System.nanoTime();
        Set<Integer> asked = ConcurrentHashMap.newKeySet();
        OpenLoad.run(100, 11, number -> asked.add(number) ? 200 : 409);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(100_000_000);
        assertThat(asked).hasSize(11);
    }

    @Test
    void whatFailsIsCounted() throws InterruptedException {
        OpenLoad.Result answers = OpenLoad.run(1000, 4, number -> {
            if (number % 2 == 0) {
                throw new IllegalStateException("no");
            }
            return 200;
        });
        assertThat(answers.failed()).isEqualTo(2);
        assertThat(answers.latencies()).hasSize(2);
        assertThat(OpenLoad.run(1, 1, _ -> {
                            throw new IllegalStateException("no");
                        })
                        .percentile(99))
                .isNaN();
    }

    @Test
    void noLoadIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenLoad.run(0, 1, _ -> 200))
                .withMessage("1 requests at 0.0 a second are no load");
    }
}

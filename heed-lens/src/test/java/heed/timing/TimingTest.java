package heed.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TimingTest {
    @Test
    void bestMedianAndSpreadAreThoseOfTheSortedTimes() {
        Timing timing = Timing.of(5, 1, 4, 2, 3);
        assertThat(timing.best()).isEqualTo(1);
        assertThat(timing.median()).isEqualTo(3);
        assertThat(timing.mean()).isEqualTo(3);
        assertThat(timing.percentile(99)).isEqualTo(5);
        assertThat(timing.spread()).isEqualTo((4 - 2) / 3.0, within(1e-12));
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
        assertThat(Timing.of(1, 2, 4, 8).median()).isEqualTo(3);
    }

    @Test
    void workIsCalledAtLeastAndAtMostSoOften() {
        AtomicInteger calls = new AtomicInteger();
        assertThat(Timing.of(calls::incrementAndGet, 0, 3, 10).calls()).isEqualTo(3);
        assertThat(Timing.of(calls::incrementAndGet, 1e9, 3, 10).calls()).isEqualTo(10);
        assertThat(calls).hasValue(13);
    }

    @Test
    void withoutACallThereIsNoTiming() {
        assertThatIllegalArgumentException().isThrownBy(Timing::of).withMessageContaining("no call");
    }
}

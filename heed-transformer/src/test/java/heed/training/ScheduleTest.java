package heed.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class ScheduleTest {
    @Test
    void aConstantRateIsReachedAfterTheWarmUp() {
        Schedule schedule = new Schedule.Constant(0.4, 4);
        assertThat(schedule.rate(1)).isEqualTo(0.1);
        assertThat(schedule.rate(4)).isEqualTo(0.4);
        assertThat(schedule.rate(1_000_000)).isEqualTo(0.4);
        assertThat(new Schedule.Constant(0.4, 0).rate(1)).isEqualTo(0.4);
    }

    @Test
    void aLineFallsToItsEndAndStaysThere() {
        Schedule schedule = new Schedule.Linear(1, 0.2, 10, 50);
        assertThat(schedule.rate(5)).isEqualTo(0.5);
        assertThat(schedule.rate(10)).isEqualTo(1);
        assertThat(schedule.rate(30)).isCloseTo(0.6, within(1e-12));
        assertThat(schedule.rate(50)).isCloseTo(0.2, within(1e-12));
        assertThat(schedule.rate(90)).isCloseTo(0.2, within(1e-12));
    }

    @Test
    void aCosineIsHalfWayDownInTheMiddle() {
        Schedule schedule = new Schedule.Cosine(1e-3, 1e-4, 100, 2000);
        assertThat(schedule.rate(50)).isCloseTo(5e-4, within(1e-12));
        assertThat(schedule.rate(1050)).isCloseTo(5.5e-4, within(1e-12));
        assertThat(schedule.rate(575)).isCloseTo(1e-4 + 9e-4 * (1 + Math.sqrt(0.5)) / 2, within(1e-12));
        assertThat(schedule.rate(2000)).isCloseTo(1e-4, within(1e-12));
        assertThat(schedule.rate(9999)).isCloseTo(1e-4, within(1e-12));
    }

    @Test
    void theRateOfThePaperPeaksAtTheEndOfTheWarmUp() {
        Schedule schedule = new Schedule.Noam(1, 512, 4000);
        assertThat(schedule.rate(4000)).isCloseTo(1 / Math.sqrt(512.0 * 4000), within(1e-12));
        assertThat(schedule.rate(2000)).isCloseTo(schedule.rate(4000) / 2, within(1e-12));
        assertThat(schedule.rate(16_000)).isCloseTo(schedule.rate(4000) / 2, within(1e-12));
    }
}

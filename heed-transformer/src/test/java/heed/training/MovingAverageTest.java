package heed.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.autograd.Parameter;
import heed.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class MovingAverageTest {
    private final Parameter parameter = Parameter.of("x", Tensor.zeros(1));

    private void step(MovingAverage average, long number, float value) {
        parameter.value().set(value, 0);
        average.update(number);
    }

    @Test
    void theMeanIsOfTheStepsThatCount() {
        MovingAverage average = MovingAverage.mean(List.of(parameter), 2, 3);
        for (int number = 1; number <= 8; number++) {
            step(average, number, number * number);
        }
        assertThat(average.seen()).isEqualTo(3);
        assertThat(average.average(0)).containsExactly((4 + 25 + 64) / 3f);
    }

    @Test
    void theExponentialAverageBeginsWithTheFirstStep() {
        MovingAverage average = MovingAverage.exponential(List.of(parameter), 0.75);
        step(average, 1, 8);
        assertThat(average.average(0)).containsExactly(8);
        step(average, 2, 16);
        assertThat(average.average(0)).containsExactly(10);
    }

    @Test
    void swappingTwiceChangesNothing() {
        MovingAverage average = MovingAverage.exponential(List.of(parameter), 0.75);
        average.swap(); // nothing was seen, so there is nothing to exchange
        step(average, 1, 8);
        step(average, 2, 16);
        average.swap();
        assertThat(parameter.value().at(0)).isEqualTo(10);
        average.swap();
        assertThat(parameter.value().at(0)).isEqualTo(16);
    }

    @Test
    void whatCannotBeAveragedIsRefused() {
        assertThatThrownBy(() -> MovingAverage.exponential(List.of(parameter), 1))
                .hasMessageContaining("below 1");
        assertThatThrownBy(() -> MovingAverage.mean(List.of(parameter), 0, 1)).hasMessageContaining("from step 0");
    }
}

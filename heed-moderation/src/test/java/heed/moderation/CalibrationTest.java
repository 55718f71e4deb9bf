package heed.moderation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationTest {
    @Test
    void theTemperatureIsFoundByWhichLabelsWereDrawn() {
        SplittableRandom random = new SplittableRandom(13);
        int n = 40_000;
        double[] logits = new double[n];
        boolean[] positive = new boolean[n];
        for (int i = 0; i < n; i++) {
            logits[i] = random.nextDouble(-8, 8);
            positive[i] = random.nextDouble() < 1 / (1 + Math.exp(-logits[i] / 2.5));
        }
        assertThat(Calibration.temperature(logits, positive).temperature()).isCloseTo(2.5, within(0.1));
    }

    @Test
    void theStaircasePoolsNeighboursThatFall() {
        double[] logits = {1, 2, 3, 4, 5, 6};
        boolean[] positive = {false, true, false, true, true, false};
        Calibration.Isotonic stairs = Calibration.isotonic(logits, positive);
        // by hand: {1} has 0; {2, 3} a half; {4, 5, 6} two thirds
        assertThat(stairs.logits()).containsExactly(1, 2.5, 5);
        assertThat(stairs.probabilities()).containsExactly(0, 0.5, 2 / 3.0);
        assertThat(stairs.probability(-7)).isZero();
        assertThat(stairs.probability(1.75)).isCloseTo(0.25, within(1e-12));
        assertThat(stairs.probability(5)).isEqualTo(2 / 3.0);
        assertThat(stairs.probability(50)).isEqualTo(2 / 3.0);
    }

    @Test
    void scoresThatAreTheSameShareAStep() {
        Calibration.Isotonic stairs =
                Calibration.isotonic(new double[] {1, 1, 1, 2}, new boolean[] {false, true, false, true});
        assertThat(stairs.probability(1)).isCloseTo(1 / 3.0, within(1e-12));
    }

    @Test
    void fromOneKindAloneNothingIsLearned() {
        assertThatThrownBy(() -> Calibration.temperature(new double[] {1, 2}, new boolean[] {true, true}))
                .hasMessageContaining("of 2 comments 2 have the label");
        assertThatThrownBy(() -> new Calibration.Temperature(0)).hasMessageContaining("above 0");
        assertThatThrownBy(() -> new Calibration.Isotonic(new double[] {2, 1}, new double[] {0, 1}))
                .hasMessageContaining("step 2");
    }

    @Test
    void calibrationsComeBackFromTheirFile(@TempDir Path folder) {
        Map<String, Calibration> calibrations = new LinkedHashMap<>();
        calibrations.put("toxic", new Calibration.Temperature(1.7));
        calibrations.put("threat", new Calibration.Isotonic(new double[] {-1, 2}, new double[] {0.1, 0.9}));
        CalibrationFile.write(folder.resolve("c.json"), calibrations);
        Map<String, Calibration> read = CalibrationFile.read(folder.resolve("c.json"));
        for (double logit : new double[] {-3, 0.7, 4}) {
            calibrations.forEach((label, calibration) -> assertThat(
                            Objects.requireNonNull(read.get(label)).probability(logit))
                    .isEqualTo(calibration.probability(logit)));
        }
    }
}

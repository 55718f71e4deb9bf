package heed.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class DrillsTest {
    @Test
    void recallAsksForEveryKeyOnceAndTheAnswerStoodBehindIt() {
        Recall recall = new Recall(3);
        Exercise exercise = recall.draw(3, new SplittableRandom(1));
        assertThat(exercise.ids()).hasSize(3 * 8);
        assertThat(exercise.questions()).isEqualTo(8);
        Map<Integer, Integer> values = new HashMap<>();
        for (int i = 0; i < 8; i++) {
            assertThat(exercise.answers()[2 * i]).isEqualTo(-1);
            assertThat(values.put(exercise.ids()[2 * i], exercise.ids()[2 * i + 1]))
                    .isNull();
        }
        int firstValue = recall.reading().vocabulary() - recall.reading().classes();
        for (int i = 16; i < 24; i++) {
            assertThat(values.remove(exercise.ids()[i])).isEqualTo(firstValue + exercise.answers()[i]);
        }
    }

    @Test
    void oneValueIsTheCommonest() {
        assertThat(new Recall(4).commonest(0, 10, new SplittableRandom(1))).isEqualTo(1);
        assertThat(new Recall(4).commonest(1, 20_000, new SplittableRandom(1))) // 1 with 1/8, else 1/2
                .isCloseTo(1 / 8.0 + 7 / 16.0, within(0.01));
    }

    @Test
    void aMarkStandsAsFarBackAsTheExaminationSays() {
        Latch latch = new Latch(16, 2);
        assertThat(latch.longest()).isEqualTo(64);
        assertThat(latch.examinations()).isEqualTo(7);
        int symbols = latch.reading().classes();
        for (int e = 0; e < latch.examinations(); e++) {
            Exercise exercise = latch.examine(e, new SplittableRandom(e));
            assertThat(exercise.questions()).isEqualTo(1);
            assertThat(exercise.ids()[64 - latch.about(e)]).isEqualTo(symbols + exercise.answers()[64]);
            assertThat(Arrays.stream(exercise.ids()).filter(id -> id >= symbols))
                    .hasSize(2); // mark and question
        }
        assertThat(latch.draw(1, new SplittableRandom(1)).ids()).hasSize(33);
    }

    @Test
    void anAnswerBelongsToEveryToken() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Exercise(new int[3], new int[2]))
                .withMessage("3 tokens, 2 answers");
    }
}

package heed.lens.senses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RuleTest {
    private static final int[] SENSES = {0, 0, 1, 1};
    private static final int[] NEVER_MET = {0, 0};

    /// Two examples of each sense, and one of the first that lies with the second.
    private static Similarities examples() {
        return Similarities.of(new float[][] {{1, 0}, {0.8f, 0.6f}, {0, 1}, {0.6f, 0.8f}});
    }

    @Test
    void theNearestOfTheOthersDecides() {
        assertThat(Rule.NEAREST.sense(examples(), SENSES, NEVER_MET, 0)).isZero(); // 0.8 beside 0.6
        assertThat(Rule.NEAREST.sense(examples(), SENSES, NEVER_MET, 1)).isEqualTo(1); // 0.96 beside 0.8
        assertThat(Rule.NEAREST.sense(examples(), SENSES, NEVER_MET, 2)).isEqualTo(1);
    }

    @Test
    void theMeanOfASenseIsThatOfItsOtherExamples() {
        double[] votes = Rule.CENTROID.votes(examples(), SENSES, 2, 0);
        assertThat(votes[0]).isCloseTo(0.8, within(1e-6)); // the other one alone
        assertThat(votes[1]).isCloseTo(0.6 / Math.hypot(0.6, 1.8), within(1e-6));
    }

    @Test
    void whatStandsBehindTheExamplesSpeaksForASense() {
        Similarities withGlosses = Similarities.of(new float[][] {{1, 0}, {0, 1}, {0, 1}, {1, 0}});
        int[] senses = {0, 1, 0, 1};
        assertThat(Rule.NEAREST.sense(withGlosses, senses, NEVER_MET, 0)).isEqualTo(1);
    }

    @Test
    void ofEqualSensesTheOneThatIsMetMoreOftenIsChosenThenTheFirst() {
        Similarities alike = Similarities.of(new float[][] {{1, 0}, {1, 0}, {1, 0}, {1, 0}});
        for (Rule rule : Rule.values()) {
            assertThat(rule.sense(alike, SENSES, new int[] {3, 7}, 0))
                    .as(rule.name())
                    .isEqualTo(1);
            assertThat(rule.sense(alike, SENSES, NEVER_MET, 3)).as(rule.name()).isZero();
        }
    }

    @Test
    void theFirstAxisIsTheOneAlongWhichVectorsDifferMost() {
        PrincipalAxes plane = PrincipalAxes.of(new float[][] {{3, 1, 0}, {-3, 1, 0}, {0, 1, 1}, {0, 1, -1}});
        assertThat(plane.shares()[0]).isCloseTo(0.9, within(1e-6));
        assertThat(plane.shares()[1]).isCloseTo(0.1, within(1e-6));
        assertThat(Math.abs(plane.points()[0][0])).isCloseTo(3, within(1e-5));
        assertThat(Math.abs(plane.points()[2][1])).isCloseTo(1, within(1e-5));
        assertThat(plane.points()[1][0]).isCloseTo(-plane.points()[0][0], within(1e-5));
        assertThat(PrincipalAxes.of(new float[][] {{1, 1}, {1, 1}}).points()).isDeepEqualTo(new double[2][2]);
    }
}

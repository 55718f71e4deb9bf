package heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SequencesTest {
    @Test
    void sequencesStandOneAfterTheOther() {
        Sequences sequences = Sequences.ofLengths(3, 0, 5, 1);

        assertThat(sequences.count()).isEqualTo(4);
        assertThat(sequences.tokens()).isEqualTo(9);
        assertThat(new int[] {sequences.start(0), sequences.end(0), sequences.length(0)})
                .containsExactly(0, 3, 3);
        assertThat(new int[] {sequences.start(1), sequences.end(1), sequences.length(1)})
                .containsExactly(3, 3, 0);
        assertThat(new int[] {sequences.start(2), sequences.end(2), sequences.length(2)})
                .containsExactly(3, 8, 5);
        assertThat(new int[] {sequences.start(3), sequences.end(3), sequences.length(3)})
                .containsExactly(8, 9, 1);
        assertThat(sequences.longest()).isEqualTo(5);
        assertThat(sequences).hasToString("4 sequences, 9 tokens");
    }

    @Test
    void aBatchMayBeEmpty() {
        Sequences none = Sequences.ofLengths();

        assertThat(none.count()).isZero();
        assertThat(none.tokens()).isZero();
        assertThat(none.longest()).isZero();
    }

    @Test
    void equalLengthsMakeEqualSequences() {
        assertThat(Sequences.single(7))
                .isEqualTo(Sequences.ofLengths(7))
                .hasSameHashCodeAs(Sequences.ofLengths(7))
                .isNotEqualTo(Sequences.ofLengths(7, 0))
                .isNotEqualTo(Sequences.ofLengths(3, 4));
    }

    @Test
    void aNegativeLengthIsNamedWithItsSequence() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sequences.ofLengths(3, -2))
                .withMessage("sequence 1 has length -2");
    }

    @Test
    void moreTokensThanCanBeCountedAreRefused() {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> Sequences.ofLengths(Integer.MAX_VALUE, 1));
    }
}

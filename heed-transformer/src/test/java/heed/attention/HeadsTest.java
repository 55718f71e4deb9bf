package heed.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class HeadsTest {
    @Test
    void headsDivideTheModelWidth() {
        assertThat(Heads.of(12, 768)).isEqualTo(new Heads(12, 12, 64));
    }

    @Test
    void headsStandSideBySide() {
        Heads heads = Heads.of(3, 15);

        assertThat(new int[] {heads.queryColumn(0), heads.queryColumn(1), heads.queryColumn(2)})
                .containsExactly(0, 5, 10);
        assertThat(new int[] {heads.keyColumn(0), heads.keyColumn(1), heads.keyColumn(2)})
                .containsExactly(0, 5, 10);
    }

    @Test
    void neighbouringQueryHeadsShareAKeyHead() {
        Heads heads = new Heads(6, 2, 7);

        assertThat(new int[] {heads.keyColumn(0), heads.keyColumn(1), heads.keyColumn(2)})
                .containsOnly(0);
        assertThat(new int[] {heads.keyColumn(3), heads.keyColumn(4), heads.keyColumn(5)})
                .containsOnly(7);
    }

    @Test
    void aWidthThatDoesNotDivideIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Heads.of(12, 770))
                .withMessage("a model width of 770 does not divide into 12 heads");
        assertThatIllegalArgumentException().isThrownBy(() -> Heads.of(0, 768));
    }

    @Test
    void queryHeadsThatCannotShareKeyHeadsAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Heads(6, 4, 7))
                .withMessageStartingWith("6 query heads cannot share 4 key heads of width 7");
        assertThatIllegalArgumentException().isThrownBy(() -> new Heads(6, 0, 7));
        assertThatIllegalArgumentException().isThrownBy(() -> new Heads(6, 6, 0));
    }
}

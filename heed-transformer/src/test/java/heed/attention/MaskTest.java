package heed.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import heed.tensor.Sequences;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What each mask shows, drawn: a row per query, a column per key, `x` where the key is visible.
class MaskTest {
    @Test
    void withoutAMaskEverythingIsVisible() {
        assertThat(drawn(Mask.none(), 2, 3)).containsExactly("xxx", "xxx");
    }

    @Test
    void noPositionSeesALaterOneUnderACausalMask() {
        assertThat(drawn(Mask.causal(), 4, 4)).containsExactly("x...", "xx..", "xxx.", "xxxx");
    }

    @Test
    void newQueriesSeeAllCachedKeysUnderACausalMask() {
        assertThat(drawn(Mask.causal(), 2, 5)).containsExactly("xxxx.", "xxxxx");
        assertThat(drawn(Mask.causal(), 1, 5)).containsExactly("xxxxx");
    }

    @Test
    void queriesBeforeTheFirstKeySeeNothingUnderACausalMask() {
        assertThat(drawn(Mask.causal(), 4, 2)).containsExactly("..", "..", "x.", "xx");
    }

    @Test
    void aWindowShowsNeighboursOnBothSides() {
        assertThat(drawn(new Mask.Window(2), 4, 4)).containsExactly("xx..", "xxx.", ".xxx", "..xx");
        assertThat(drawn(new Mask.Window(1), 3, 3)).containsExactly("x..", ".x.", "..x");
    }

    @Test
    void aWindowAlignsTheEndsOfQueriesAndKeys() {
        assertThat(drawn(new Mask.Window(2), 2, 5)).containsExactly("..xxx", "...xx");
        assertThat(drawn(new Mask.Window(2), 5, 2)).containsExactly("..", "..", "x.", "xx", "xx");
    }

    @Test
    void aCausalWindowSlides() {
        assertThat(drawn(Mask.causal().and(new Mask.Window(2)), 4, 4)).containsExactly("x...", "xx..", ".xx.", "..xx");
    }

    @Test
    void aWindowAsWideAsCanBeShowsEverything() {
        assertThat(drawn(new Mask.Window(Integer.MAX_VALUE), 2, 3)).containsExactly("xxx", "xxx");
    }

    @Test
    void hiddenKeysAreHiddenFromEveryQueryOfTheirSequence() {
        Mask mask = new Mask.Keys(List.of(new boolean[] {true, false, true}, new boolean[] {false, true}));

        assertThat(drawn(mask, 0, 2, 3)).containsExactly("x.x", "x.x");
        assertThat(drawn(mask, 1, 2, 2)).containsExactly(".x", ".x");
    }

    @Test
    void anyPairsCanBeVisible() {
        Mask diagonalBand = new Mask.Pairs((sequence, query, key) -> (query + key + sequence) % 2 == 0);

        assertThat(drawn(diagonalBand, 0, 2, 3)).containsExactly("x.x", ".x.");
        assertThat(drawn(diagonalBand, 1, 2, 3)).containsExactly(".x.", "x.x");
    }

    @Test
    void twoMasksShowWhatBothShow() {
        Mask holes = new Mask.Keys(List.of(new boolean[] {false, true, true}));

        assertThat(drawn(holes.and(Mask.causal()), 3, 3)).containsExactly("...", ".x.", ".xx");
        assertThat(drawn(Mask.causal().and(holes), 3, 3)).containsExactly("...", ".x.", ".xx");
    }

    @Test
    void nothingIsVisibleOutsideTheStretchThatAMaskGives() {
        for (int queries : new int[] {1, 2, 7, 11}) {
            for (int keys : new int[] {0, 1, 3, 7, 13}) {
                for (Mask mask : Masks.all(1, Sequences.single(keys))) {
                    assertStretchesHold(mask, queries, keys);
                }
            }
        }
    }

    private static void assertStretchesHold(Mask mask, int queries, int keys) {
        for (int i = 0; i < queries; i++) {
            int from = mask.from(0, i, queries, keys);
            int to = mask.to(0, i, queries, keys);
            assertThat(from).as("%s, %d queries, %d keys", mask, queries, keys).isBetween(0, keys);
            assertThat(to).as("%s, %d queries, %d keys", mask, queries, keys).isBetween(0, keys);
            for (int j = 0; j < keys; j++) {
                boolean within = from <= j && j < to;
                boolean visible = mask.visible(0, i, j, queries, keys);
                assertThat(within || !visible)
                        .as("%s shows query %d of %d key %d of %d", mask, i, queries, j, keys)
                        .isTrue();
                if (mask.contiguous()) {
                    assertThat(visible)
                            .as("%s shows query %d of %d key %d of %d", mask, i, queries, j, keys)
                            .isEqualTo(within);
                }
            }
        }
    }

    @Test
    void aMaskIsOneStretchWhenBothItsPartsAre() {
        assertThat(Masks.ofStretches()).allMatch(Mask::contiguous);
        assertThat(Masks.ofPairs(1, Sequences.single(3))).noneMatch(Mask::contiguous);
    }

    @Test
    void keysWithPaddingAtTheEndsAreOneStretchAndKeysWithHolesAreNot() {
        boolean[] padded = {false, false, true, true, true, false};
        boolean[] holed = {true, false, true};
        Mask keys = new Mask.Keys(List.of(padded, holed, new boolean[4]));

        assertThat(keys.contiguous(0)).isTrue();
        assertThat(keys.from(0, 1, 6, 6)).isEqualTo(2);
        assertThat(keys.to(0, 1, 6, 6)).isEqualTo(5);
        assertThat(keys.contiguous(1)).isFalse();
        assertThat(keys.contiguous(2)).isTrue(); // nothing visible: an empty stretch
        assertThat(keys.and(Mask.causal()).contiguous(0)).isTrue();
        assertThat(keys.and(Mask.causal()).contiguous(1)).isFalse();
    }

    @Test
    void whatIsHiddenFromAllQueriesIsSaidOnceForAllOfThem() {
        Mask keys = new Mask.Keys(List.of(new boolean[] {true, false, true}));
        Mask both = keys.and(Mask.causal());

        assertThat(both.sameForAllQueries()).isTrue();
        assertThat(both.keyVisible(0, 1, 3)).isFalse();
        assertThat(both.keyVisible(0, 2, 3)).isTrue();
        assertThat(both.and(Masks.pairs()).sameForAllQueries()).isFalse();
    }

    @Test
    void aWindowShowsAtLeastThePositionItself() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Mask.Window(0))
                .withMessage("a window of 0 positions shows nothing, use at least 1");
    }

    private static List<String> drawn(Mask mask, int queries, int keys) {
        return drawn(mask, 0, queries, keys);
    }

    private static List<String> drawn(Mask mask, int sequence, int queries, int keys) {
        return IntStream.range(0, queries)
                .mapToObj(i -> {
                    StringBuilder row = new StringBuilder();
                    for (int j = 0; j < keys; j++) {
                        row.append(mask.visible(sequence, i, j, queries, keys) ? 'x' : '.');
                    }
                    return row.toString();
                })
                .toList();
    }
}

package heed.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import heed.tensor.Sequences;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.testing.Seeded;
import heed.testing.Setting;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PositionalEncodingTest {
    @Nested
    class Sinusoidal {
        @Test
        void sinesAndCosinesAlternate() {
            Tensor table = PositionalEncoding.Sinusoidal.of(3, 4).table();

            // Wavelengths 2π and 200π.
            assertThat(table.shape()).isEqualTo(Shape.of(3, 4));
            assertThat(table.rows(0, 1).toArray()).containsExactly(0, 1, 0, 1);
            assertThat(table.rows(1, 2).toArray())
                    .containsExactly(
                            (float) 0.8414709848, (float) 0.5403023059, (float) 0.0099998333, (float) 0.9999500004);
            assertThat(table.rows(2, 3).toArray())
                    .containsExactly(
                            (float) 0.9092974268, (float) -0.4161468365, (float) 0.0199986667, (float) 0.9998000067);
        }

        @Test
        void everyEntryIsTheFloatNearestToTheFormula() {
            int d = 62;
            Tensor table = PositionalEncoding.Sinusoidal.of(1000, d).table();

            for (int position = 0; position < 1000; position += 37) {
                for (int i = 0; i < d / 2; i++) {
                    double angle = position / Math.pow(10_000, 2.0 * i / d);
                    assertThat(table.at(position, 2 * i)).isEqualTo((float) Math.sin(angle));
                    assertThat(table.at(position, 2 * i + 1)).isEqualTo((float) Math.cos(angle));
                }
            }
        }

        @Test
        void anOddWidthEndsWithASine() {
            Tensor table = PositionalEncoding.Sinusoidal.of(2, 3).table();

            assertThat(table.at(1, 2)).isEqualTo((float) Math.sin(Math.pow(10_000, -2.0 / 3)));
        }

        /// `(sin, cos)(ω(p + k))` is `(sin, cos)(ωp)` turned by the angle `ωk`, whatever `p` is.
        @Test
        void theEncodingOfALaterPositionIsAFixedLinearMapOfThisOne() {
            int d = 16;
            Tensor table = PositionalEncoding.Sinusoidal.of(2000, d).table();
            for (int k : new int[] {1, 2, 7, 100, 1000}) {
                for (int position : new int[] {0, 1, 13, 500, 999}) {
                    for (int i = 0; i < d; i += 2) {
                        double turn = k / Math.pow(10_000, i / (double) d);
                        double sin = table.at(position, i);
                        double cos = table.at(position, i + 1);
                        assertThat((double) table.at(position + k, i))
                                .isCloseTo(Math.cos(turn) * sin + Math.sin(turn) * cos, within(2e-7));
                        assertThat((double) table.at(position + k, i + 1))
                                .isCloseTo(Math.cos(turn) * cos - Math.sin(turn) * sin, within(2e-7));
                    }
                }
            }
        }

        @Test
        void tenThousandPositionsAreAllDifferent() {
            float[] values =
                    PositionalEncoding.Sinusoidal.of(10_000, 16).table().values();
            Set<String> rows = new HashSet<>();
            for (int position = 0; position < 10_000; position++) {
                StringBuilder row = new StringBuilder();
                for (int i = 0; i < 16; i++) {
                    // A step of 1e-4 is what separates positions in the longest wavelength.
                    row.append(Math.round(values[position * 16 + i] * 1e4)).append(' ');
                }
                rows.add(row.toString());
            }

            assertThat(rows).hasSize(10_000);
        }
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#ofEachKernels")
    void positionsCountFromTheStartOfEachSequence(Setting setting) {
        Tensor table = Tensor.matrix(new float[] {1, 2}, new float[] {3, 4}, new float[] {5, 6});
        Tensor x = Tensor.zeros(6, 2);
        Arrays.fill(x.values(), 100);

        new PositionalEncoding.Learned(table).addTo(x, Sequences.ofLengths(2, 0, 3, 1), setting.pass());

        assertThat(x.toArray()).containsExactly(101, 102, 103, 104, 101, 102, 103, 104, 105, 106, 101, 102);
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#ofEachKernels")
    void aSinusoidalTableIsAddedLikeALearnedOne(Setting setting) {
        PositionalEncoding.Sinusoidal sinusoidal = PositionalEncoding.Sinusoidal.of(7, 6);
        Tensor x = new Seeded(1).normal(8, 6);
        Tensor expected = x.copy();
        new PositionalEncoding.Learned(sinusoidal.table()).addTo(expected, Sequences.ofLengths(5, 3), setting.pass());

        sinusoidal.addTo(x, Sequences.ofLengths(5, 3), setting.pass());

        assertThat(x.toArray()).containsExactly(expected.toArray());
    }

    @Test
    void aSequenceBeyondTheTableIsNamedWithTheLimit() {
        PositionalEncoding learned = new PositionalEncoding.Learned(Tensor.zeros(512, 3));
        PositionalEncoding sinusoidal = PositionalEncoding.Sinusoidal.of(5, 3);

        assertThat(learned.limit()).isEqualTo(512);
        assertThat(sinusoidal.limit()).isEqualTo(5);
        learned.addTo(
                Tensor.zeros(512, 3), Sequences.single(512), Setting.scalar().pass());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learned.addTo(
                        Tensor.zeros(514, 3),
                        Sequences.ofLengths(1, 513),
                        Setting.scalar().pass()))
                .withMessage("a sequence has 513 tokens, the position table has 512");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sinusoidal.addTo(
                        Tensor.zeros(6, 3),
                        Sequences.single(6),
                        Setting.scalar().pass()))
                .withMessage("a sequence has 6 tokens, the position table has 5");
    }

    @Test
    void rowsThatAreNotTheTokensOfTheSequencesAreRefused() {
        PositionalEncoding learned = new PositionalEncoding.Learned(Tensor.zeros(11, 3));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> learned.addTo(
                        Tensor.zeros(5, 3),
                        Sequences.ofLengths(2, 4),
                        Setting.scalar().pass()))
                .withMessage("6 position rows cannot be added to [5, 3], one per row is needed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learned.addTo(
                        Tensor.zeros(6, 2),
                        Sequences.ofLengths(2, 4),
                        Setting.scalar().pass()))
                .withMessage("what position rows are added to has shape [6, 2], expected [N, 3]");
    }
}

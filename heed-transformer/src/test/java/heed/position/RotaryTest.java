package heed.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.testing.Seeded;
import heed.testing.Setting;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RotaryTest {
    private static final RotaryScaling NONE = new RotaryScaling.None();

    static Stream<Setting> settings() {
        return Setting.all();
    }

    /// One row at a position of a sequence of `length`.
    private static Tensor turned(Rotary rotary, Tensor row, int width, int position, Setting setting) {
        Rotation rotation = rotary.of(Sequences.single(1), Sequences.single(position + 1));
        return rotation.apply(row, width, setting.pass()).copy();
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aPairTurnsByItsPosition(Setting setting) {
        Rotary rotary = new Rotary(4, 100, false, NONE); // 1 and 1/10 radian per position
        Tensor row = Tensor.matrix(new float[] {1, 0, 0, 1});
        assertThat(turned(rotary, row, 4, 3, setting).toArray())
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly(
                        (float) Math.cos(3), (float) -Math.sin(0.3), (float) Math.sin(3), (float) Math.cos(0.3));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void interleavedPairsAreNeighbours(Setting setting) {
        Rotary rotary = new Rotary(4, 100, true, NONE);
        Tensor row = Tensor.matrix(new float[] {1, 0, 0, 1});
        assertThat(turned(rotary, row, 4, 3, setting).toArray())
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly(
                        (float) Math.cos(3), (float) Math.sin(3), (float) -Math.sin(0.3), (float) Math.cos(0.3));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void everyHeadTurnsAloneAndColumnsBeyondAreLeft(Setting setting) {
        Rotary rotary = new Rotary(4, 100, false, NONE);
        Tensor rows = new Seeded(1).normal(1, 14); // two heads of width 7
        Tensor all = turned(rotary, rows, 7, 5, setting);
        for (int head = 0; head < 2; head++) {
            Tensor alone = turned(rotary, rows.columns(7 * head, 7 * head + 4).copy(), 4, 5, setting);
            assertThat(all.columns(7 * head, 7 * head + 4).toArray()).containsExactly(alone.toArray());
            assertThat(all.columns(7 * head + 4, 7 * head + 7).toArray())
                    .containsExactly(rows.columns(7 * head + 4, 7 * head + 7).toArray());
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aDotProductDependsOnTheDistanceAlone(Setting setting) {
        Rotary rotary = new Rotary(6, 1000, true, NONE);
        Tensor query = new Seeded(1).normal(1, 6);
        Tensor key = new Seeded(2).normal(1, 6);
        float near = dot(turned(rotary, query, 6, 9, setting), turned(rotary, key, 6, 4, setting));
        float far = dot(turned(rotary, query, 6, 109, setting), turned(rotary, key, 6, 104, setting));
        assertThat(far).isCloseTo(near, within(2e-5f));
    }

    private static float dot(Tensor a, Tensor b) {
        return a.matmul(b.transpose()).at(0, 0);
    }

    @Test
    void rowsAreTheLastOnesOfTheirSequences() {
        Rotary rotary = new Rotary(2, 100, false, NONE);
        Rotation.Angles angles = Objects.requireNonNull(
                rotary.of(Sequences.ofLengths(2, 1), Sequences.ofLengths(5, 1)).angles());
        assertThat(angles.sin().toArray())
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly((float) Math.sin(3), (float) Math.sin(4), 0f);
    }

    @Test
    void linearScalingDividesPositions() {
        Rotary scaled = new Rotary(4, 100, false, new RotaryScaling.Linear(4));
        assertThat(scaled.frequencies(9)).usingComparatorWithPrecision(1e-7f).containsExactly(0.25f, 0.025f);
    }

    @Test
    void dynamicScalingBeginsBehindTheTrainedLength() {
        Rotary plain = new Rotary(8, 100, false, NONE);
        Rotary dynamic = new Rotary(8, 100, false, new RotaryScaling.Dynamic(2, 16));
        assertThat(dynamic.frequencies(16)).usingComparatorWithPrecision(1e-7f).containsExactly(plain.frequencies(16));
        assertThat(dynamic.frequencies(17)[3]).isLessThan(plain.frequencies(17)[3]);
        assertThat(dynamic.frequencies(40)[3]).isLessThan(dynamic.frequencies(17)[3]);
        assertThat(dynamic.frequencies(40)[0]).isEqualTo(1);
    }

    @Test
    void llama3KeepsShortWavesAndStretchesLongOnes() {
        Rotary plain = new Rotary(8, 1e4, false, NONE); // waves of 6, 63, 628 and 6283 positions
        Rotary scaled = new Rotary(8, 1e4, false, new RotaryScaling.Llama3(8, 1, 4, 1000));
        float[] before = plain.frequencies(1);
        float[] after = scaled.frequencies(1);
        assertThat(after[0]).isEqualTo(before[0]);
        assertThat(after[1]).isEqualTo(before[1]);
        assertThat(after[2]).isBetween(before[2] / 8, before[2]);
        assertThat(after[3]).isEqualTo(before[3] / 8);
    }

    @Test
    void yarnAlsoLengthensQueriesAndKeys() {
        Rotary scaled = new Rotary(8, 1e4, false, new RotaryScaling.Yarn(4, 32, 1, 64, true, 1.25));
        Rotation.Angles angles = Objects.requireNonNull(
                scaled.of(Sequences.single(1), Sequences.single(1)).angles());
        assertThat(angles.cos().toArray()).containsOnly(1.25f);
        float[] before = new Rotary(8, 1e4, false, NONE).frequencies(1);
        assertThat(scaled.frequencies(1)[3]).isEqualTo(before[3] / 4);
        assertThat(scaled.frequencies(1)[0]).isEqualTo(before[0]);
    }

    @Test
    void refusesHeadsThatAreTooNarrow() {
        Rotation rotation = new Rotary(6, 100, false, NONE).of(Sequences.single(2), Sequences.single(2));
        assertThatThrownBy(() -> rotation.apply(
                        new Seeded(1).normal(2, 8), 4, Setting.scalar().pass()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("heads of width 4");
    }
}

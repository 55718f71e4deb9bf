package heed.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import heed.chart.LineChart.Line;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class LineChartTest {
    @Test
    void gridLinesStandAtRoundNumbersAroundTheData() {
        assertThat(Axis.linear("loss").range(1.3, 4.2).ticks()).containsExactly(1.0, 2.0, 3.0, 4.0, 5.0);
        assertThat(Axis.linear("share").range(0.5, 0.5).ticks()).hasSizeGreaterThan(1);
    }

    @Test
    void aLogarithmicAxisGoesByPowers() {
        assertThat(Axis.logarithmic("n").range(4, 1024).ticks()).containsExactly(1.0, 10.0, 100.0, 1000.0, 10000.0);
        assertThat(Axis.logarithmic("n").range(16, 256).ticks()).containsExactly(16.0, 32.0, 64.0, 128.0, 256.0);
        assertThat(Axis.logarithmic("n").range(16, 256).place(64)).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void numbersAreWrittenShortly() {
        assertThat(Axis.label(0.25)).isEqualTo("0.25");
        assertThat(Axis.label(4000)).isEqualTo("4,000");
        assertThat(Axis.label(0)).isEqualTo("0");
        assertThat(Axis.label(1e-7)).isEqualTo("1e-7");
        assertThat(Axis.label(2e9)).isEqualTo("2e9");
    }

    @Test
    void everyLineIsDrawnFromItsFirstPointToItsLastAndNamed() {
        String svg = chart(new Line("up & down", new double[] {0, 1, 2}, new double[] {0, 4, 0}))
                .svg();
        assertThat(svg).contains("up &amp; down").contains("a &lt;title>");
        String path = svg.substring(svg.indexOf("d=\"M", svg.indexOf("stroke-dasharray:none")));
        assertThat(path).startsWith("d=\"M70.0 366.0L").contains(" 46.0L");
    }

    @Test
    void namesOfLinesThatEndTogetherDoNotCoverEachOther() {
        String svg = chart(
                        new Line("one", new double[] {0, 1}, new double[] {0, 1}),
                        new Line("two", new double[] {0, 1}, new double[] {1, 1}),
                        new Line("three", new double[] {0, 1}, new double[] {0, 0}))
                .svg();
        assertThat(heightOf("two", svg) - heightOf("one", svg)).isGreaterThanOrEqualTo(16);
        assertThat(heightOf("three", svg)).isEqualTo(370);
    }

    private static double heightOf(String name, String svg) {
        String before = svg.substring(0, svg.indexOf(">" + name + "<"));
        return Double.parseDouble(
                before.substring(before.lastIndexOf("y=\"") + 3).split("\"", 2)[0]);
    }

    @Test
    void noLinesAreAnEmptyChart() {
        assertThat(chart(new Line("none", new double[0], new double[0])).svg()).endsWith("</svg>\n");
    }

    @Test
    void aLineNeedsAsManyHeightsAsPlaces() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Line("odd", new double[2], new double[3]))
                .withMessage("the line 'odd' has 2 x and 3 y");
    }

    private static LineChart chart(Line... lines) {
        return new LineChart("a <title>", Axis.linear("x"), Axis.linear("y"), List.of(lines));
    }
}

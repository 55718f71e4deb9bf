package heed.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import heed.cli.bench.Match.Figure;
import heed.cli.bench.Match.Kind;
import heed.cli.bench.Match.Row;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RatiosTest {
    private static final Figure RATE = Figure.most("tokens_per_s", Map.of("bench", "embed"));
    private static final Figure TIME = Figure.least("ms", Map.of("n", "512", "causal", "true"));

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    @Test
    void theBestFigureOfTheLinesThatFitCounts() {
        List<JsonNode> lines = List.of(
                json("{'bench': 'embed', 'batch': 1, 'tokens_per_s': 300}"),
                json("{'bench': 'embed', 'batch': 32, 'tokens_per_s': 200}"),
                json("{'bench': 'other', 'tokens_per_s': 900}"),
                json("{'bench': 'embed', 'error': 'none'}"));
        assertThat(RATE.in(lines)).hasValue(300);
        assertThat(TIME.in(lines)).isEmpty();
        assertThat(TIME.in(List.of(
                        json("{'n': 512, 'causal': true, 'ms': 2.5}"), json("{'n': 512, 'causal': false, 'ms': 1}"))))
                .hasValue(2.5);
    }

    @Test
    void twiceAsFastIsTwoForRatesAndForTimes() {
        Row rate = new Row("rate", Kind.RATE, 1.5, RATE, RATE);
        Row time = new Row("time", Kind.TIME, 1.5, TIME, TIME);
        assertThat(Ratios.of(rate, List.of(200.0), List.of(100.0), "").median()).isEqualTo(2);
        assertThat(Ratios.of(time, List.of(5.0), List.of(10.0), "").median()).isEqualTo(2);
    }

    @Test
    void aRowHasMedianSpreadAndWhetherTheGoalIsMet() {
        Row row = new Row("work", Kind.RATE, 1.5, RATE, RATE);
        Ratios ratios = Ratios.of(row, List.of(10.0, 20.0, 30.0), List.of(10.0, 10.0, 10.0), "");
        assertThat(ratios.median()).isEqualTo(2);
        assertThat(ratios.spread()).isEqualTo(1, within(1e-12));
        assertThat(ratios.met()).isTrue();
        assertThat(RatioTable.line(ratios, true, 3))
                .isEqualTo("| work | 1.00 / 2.00 / 3.00 | **2.00** | 100 % | ≥ 1.5 | met |");
    }

    @Test
    void secondsAreBoundedFromAbove() {
        Row row = new Row("start", Kind.SECONDS, 1.2, Figure.least("seconds", Map.of()), null);
        assertThat(Ratios.of(row, List.of(1.1), List.of(), "").met()).isTrue();
        assertThat(Ratios.of(row, List.of(1.3), List.of(), "").met()).isFalse();
    }

    @Test
    void aPeerThatIsMissingIsSaidInItsLine() {
        Row row = new Row("work", Kind.RATE, 1.5, RATE, RATE);
        Ratios ratios = Ratios.of(row, List.of(10.0), List.of(), "peer: no python3");
        assertThat(ratios.empty()).isTrue();
        assertThat(RatioTable.line(ratios, true, 3)).contains("not measured: peer: no python3");
        assertThat(ratios.json()).containsEntry("error", "peer: no python3");
    }
}

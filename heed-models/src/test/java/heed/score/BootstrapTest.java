package heed.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class BootstrapTest {
    @Test
    void pairedSamplesFindWhatSacrebleuFinds() throws IOException {
        JsonNode golden = ScoreGolden.read("significance.json");
        List<List<String>> references = ScoreGolden.strings(golden.get("references")).stream()
                .map(List::of)
                .toList();
        Bootstrap bootstrap = new Bootstrap(2000, 17);
        List<String> names = List.of("base", "slightly", "better");
        for (TextMetric metric : List.of(Bleu.standard(), Chrf.standard())) {
            JsonNode results = golden.get("results").get(metric.name());
            SegmentCounts base =
                    metric.count(ScoreGolden.strings(golden.get("systems").get("base")), references);
            for (int i = 1; i < names.size(); i++) {
                SegmentCounts system =
                        metric.count(ScoreGolden.strings(golden.get("systems").get(names.get(i))), references);
                Bootstrap.Comparison comparison = bootstrap.compare(system, base);
                JsonNode expected = results.get(i);
                assertThat(comparison.score()).isCloseTo(expected.get("score").asDouble(), within(1e-9));
                // Other draws: the figures differ by chance, about 0.01 in p for this many samples.
                assertThat(comparison.pValue())
                        .as("p of %s by %s", names.get(i), metric.name())
                        .isCloseTo(expected.get("p").asDouble(), within(0.04));
                assertThat(comparison.interval().mean())
                        .isCloseTo(expected.get("mean").asDouble(), within(0.3));
                assertThat(comparison.interval().halfWidth())
                        .isCloseTo(expected.get("ci").asDouble(), within(0.4));
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameFigures() {
        Measure measure = mean(3, 1, 4, 1, 5, 9, 2, 6);
        assertThat(new Bootstrap(100, 5).interval(measure)).isEqualTo(new Bootstrap(100, 5).interval(measure));
        assertThat(new Bootstrap(100, 5).interval(measure)).isNotEqualTo(new Bootstrap(100, 6).interval(measure));
    }

    @Test
    void aSystemDoesNotBeatItself() {
        Measure measure = mean(3, 1, 4, 1, 5, 9, 2, 6);
        Bootstrap.Comparison comparison = new Bootstrap(100, 5).compare(measure, measure);
        assertThat(comparison.wins()).isZero();
        assertThat(comparison.difference()).isEqualTo(new Bootstrap.Interval(0, 0, 0));
    }

    @Test
    void oneThatIsBetterOnEverySegmentAlwaysWins() {
        Bootstrap.Comparison comparison =
                new Bootstrap(199, 5).compare(mean(4, 2, 5, 2, 6, 10, 3), mean(3, 1, 4, 1, 5, 9, 2));
        assertThat(comparison.wins()).isEqualTo(1);
        assertThat(comparison.difference().low()).isCloseTo(1, within(1e-12));
        assertThat(comparison.pValue()).isEqualTo(1 / 200.0);
    }

    @Test
    void aFewSamplesWithoutAScoreAreLeftOutManyAreRefused() {
        boolean[] one = {true, false, false, false, false, false, false, false};
        boolean[] half = {true, false, true, false, true, false, true, false};
        double[] scores = {3, 1, 4, 1, 5, 9, 2, 6};
        assertThat(new Bootstrap(300, 5)
                        .interval(new Ranking(scores, half).rocMeasure())
                        .mean())
                .isBetween(0.0, 1.0);
        assertThatThrownBy(() -> new Bootstrap(300, 5).interval(new Ranking(scores, one).rocMeasure()))
                .isInstanceOf(ScoreException.class)
                .hasMessageContaining("too few segments of a class");
    }

    private static Measure mean(double... values) {
        return new Measure() {
            @Override
            public int size() {
                return values.length;
            }

            @Override
            public double of(int[] segments) {
                return IntStream.of(segments)
                        .mapToDouble(i -> values[i])
                        .average()
                        .orElseThrow();
            }
        };
    }
}

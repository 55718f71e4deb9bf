package heed.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Metrics of labels and of rankings as scikit-learn and SciPy compute them.
final class LabelMetricGoldenTest {
    private static final Offset<Double> EXACT = within(1e-12);

    @Test
    void labelsAreScoredAsScikitLearnDoes() throws IOException {
        JsonNode cases = ScoreGolden.read("labels.json").get("single");
        assertThat(cases.size()).isEqualTo(3);
        for (JsonNode expected : cases) {
            Labels labels =
                    Labels.of(ScoreGolden.strings(expected.get("given")), ScoreGolden.strings(expected.get("gold")));
            assertThat(labels.names()).isEqualTo(ScoreGolden.strings(expected.get("labels")));
            assertThat(labels.accuracy()).isCloseTo(expected.get("accuracy").asDouble(), EXACT);
            assertThat(labels.matthews()).isCloseTo(expected.get("matthews").asDouble(), EXACT);
            assertThat(labels.confusion().toString())
                    .isEqualTo(expected.get("confusion").toString().replace(",", ", "));
            assertReport(labels.report(), expected);
        }
    }

    @Test
    void setsOfLabelsAreScoredAsScikitLearnDoes() throws IOException {
        JsonNode expected = ScoreGolden.read("labels.json").get("multi");
        LabelSets sets = new LabelSets(sets(expected.get("given")), sets(expected.get("gold")));
        assertThat(sets.accuracy()).isCloseTo(expected.get("accuracy").asDouble(), EXACT);
        assertReport(sets.report(), expected);
    }

    private static List<Set<String>> sets(JsonNode lists) {
        List<Set<String>> sets = new ArrayList<>();
        lists.forEach(list -> sets.add(new HashSet<>(ScoreGolden.strings(list))));
        return sets;
    }

    private static void assertReport(LabelReport report, JsonNode expected) {
        for (Average average : Average.values()) {
            double[] values = ScoreGolden.numbers(expected.get(average.name().toLowerCase(Locale.ROOT)));
            assertThat(new double[] {report.precision(average), report.recall(average), report.f1(average)})
                    .as("%s", average)
                    .containsExactly(values, EXACT);
        }
        List<ToDoubleFunction<LabelCounts>> measures =
                List.of(LabelCounts::precision, LabelCounts::recall, LabelCounts::f1);
        for (int i = 0; i < measures.size(); i++) {
            assertThat(report.labels().values().stream()
                            .mapToDouble(measures.get(i))
                            .toArray())
                    .containsExactly(ScoreGolden.numbers(expected.get("None").get(i)), EXACT);
        }
    }

    @Test
    void curvesAndCorrelationsAreThoseOfScikitLearnAndScipyTiesIncluded() throws IOException {
        JsonNode cases = ScoreGolden.read("rankings.json");
        assertThat(cases.size()).isEqualTo(4);
        for (JsonNode expected : cases) {
            double[] scores = ScoreGolden.numbers(expected.get("scores"));
            double[] other = ScoreGolden.numbers(expected.get("other"));
            double[] gold = ScoreGolden.numbers(expected.get("gold"));
            boolean[] positive = new boolean[gold.length];
            for (int i = 0; i < gold.length; i++) {
                positive[i] = gold[i] == 1;
            }
            Ranking ranking = new Ranking(scores, positive);
            assertThat(ranking.rocAuc()).isCloseTo(expected.get("roc").asDouble(), EXACT);
            assertThat(ranking.averagePrecision()).isCloseTo(expected.get("ap").asDouble(), EXACT);
            assertThat(Correlation.pearson(scores, other))
                    .isCloseTo(expected.get("pearson").asDouble(), EXACT);
            assertThat(Correlation.spearman(scores, other))
                    .isCloseTo(expected.get("spearman").asDouble(), EXACT);
        }
    }

    @Test
    void equalScoresAreHalfRight() {
        Ranking ranking = new Ranking(new double[] {0.5, 0.5, 0.5}, new boolean[] {true, false, false});
        assertThat(ranking.rocAuc()).isEqualTo(0.5);
        assertThat(ranking.averagePrecision()).isCloseTo(1 / 3.0, EXACT);
    }

    @Test
    void whatHasNoScoreIsRefusedInOneLine() {
        assertThatThrownBy(() -> new Ranking(new double[] {1, 2}, new boolean[] {true, true}))
                .isInstanceOf(ScoreException.class)
                .hasMessage(
                        "curves need positive and negative segments, there are 2 positive ones and 0 negative ones");
        assertThatThrownBy(() -> new Ranking(new double[] {1, Double.NaN}, new boolean[] {true, false}))
                .hasMessage("the score of segment 2 is no number");
        assertThatThrownBy(() -> Correlation.spearman(new double[] {1, 2, 3}, new double[] {4, 4, 4}))
                .hasMessageContaining("the second series is constant");
        assertThatThrownBy(() -> Labels.of(List.of("a"), List.of("a", "b")))
                .hasMessage("1 labels were given, 2 are right");
        assertThatThrownBy(() -> Bleu.standard().score(List.of(), List.of())).hasMessageContaining("nothing to score");
    }
}

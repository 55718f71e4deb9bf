package heed.score;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Any number of labels a segment, none included, as a classifier gave them and as they should be.
///
/// @param given one set a segment
/// @param right one set a segment
public record LabelSets(List<Set<String>> given, List<Set<String>> right) {
    /// @throws ScoreException when there are none, or not as many of the one as of the other
    public LabelSets {
        Labels.requireSameNumber(given.size(), right.size());
        given = List.copyOf(given);
        right = List.copyOf(right);
    }

    /// The share of segments with exactly the right labels.
    public double accuracy() {
        return accuracy(all());
    }

    private double accuracy(int[] segments) {
        double hits = IntStream.of(segments)
                .map(i -> given.get(i).equals(right.get(i)) ? 1 : 0)
                .sum();
        return LabelCounts.share(hits, segments.length);
    }

    public LabelReport report() {
        return report(all());
    }

    private LabelReport report(int[] segments) {
        Map<String, LabelCounts> labels = new TreeMap<>();
        for (int i : segments) {
            Set<String> both = new TreeSet<>(given.get(i));
            both.addAll(right.get(i));
            for (String label : both) {
                boolean said = given.get(i).contains(label);
                boolean wanted = right.get(i).contains(label);
                LabelCounts one = new LabelCounts(said && wanted ? 1 : 0, wanted ? 0 : 1, said ? 0 : 1);
                labels.merge(label, one, LabelCounts::plus);
            }
        }
        return LabelReport.of(labels);
    }

    private int[] all() {
        return IntStream.range(0, given.size()).toArray();
    }

    /// The share of segments with exactly the right labels, of choices of segments.
    public Measure accuracyMeasure() {
        return measure(this::accuracy);
    }

    /// Something of the report of choices of segments.
    public Measure reportMeasure(ToDoubleFunction<LabelReport> what) {
        return measure(segments -> what.applyAsDouble(report(segments)));
    }

    private Measure measure(ToDoubleFunction<int[]> score) {
        return Measure.of(given.size(), score);
    }
}

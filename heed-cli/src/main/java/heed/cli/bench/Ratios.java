package heed.cli.bench;

import heed.cli.bench.Match.Row;
import heed.timing.Timing;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What came out for one row, round by round.
///
/// @param theirs empty where there is nobody to compare with
/// @param failure why there are no ratios; empty when there are
record Ratios(Row row, double[] ours, double[] theirs, double[] ratios, String failure) {
    static Ratios of(Row row, List<Double> ours, List<Double> theirs, String failure) {
        int rounds = row.theirs() == null ? ours.size() : Math.min(ours.size(), theirs.size());
        double[] ratios = failure.isEmpty()
                ? IntStream.range(0, rounds)
                        .mapToDouble(i -> row.ratio(ours.get(i), row.theirs() == null ? 1 : theirs.get(i)))
                        .toArray()
                : new double[0];
        return new Ratios(row, array(ours), array(theirs), ratios, failure);
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    boolean empty() {
        return ratios.length == 0;
    }

    double median() {
        return Timing.of(ratios).median();
    }

    /// From the least ratio to the greatest, in units of the median.
    double spread() {
        return (Arrays.stream(ratios).max().orElseThrow()
                        - Arrays.stream(ratios).min().orElseThrow())
                / median();
    }

    boolean met() {
        return row.met(median());
    }

    Map<String, Object> json() {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("bench", "peers");
        line.put("work", row.work());
        line.put("goal", row.goal());
        line.put("ours", ours);
        line.put("theirs", theirs);
        line.put("ratios", ratios);
        if (empty()) {
            line.put("error", failure);
        } else {
            line.put("median", median());
            line.put("spread", spread());
            line.put("met", met());
        }
        return line;
    }
}

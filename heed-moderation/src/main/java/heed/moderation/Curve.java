package heed.moderation;

import heed.score.Bootstrap;
import heed.score.Measure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What each threshold on a score would do.
///
/// @param scores of comments
/// @param positive which of them have the label
@SuppressWarnings("ArrayRecordComponent")
public record Curve(double[] scores, boolean[] positive) {
    /// One threshold: comments with at least this score are found.
    ///
    /// @param found the share of all comments
    public record Point(double threshold, double precision, double recall, double falsePositiveRate, double found) {}

    /// Every score as a threshold, the highest first.
    public List<Point> points() {
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double positives =
                IntStream.range(0, scores.length).filter(i -> positive[i]).count();
        List<Point> points = new ArrayList<>();
        int hits = 0;
        for (int n = 1; n <= order.length; n++) {
            hits += positive[order[n - 1]] ? 1 : 0;
            boolean last = n == order.length || scores[order[n]] < scores[order[n - 1]];
            if (last) {
                points.add(new Point(
                        scores[order[n - 1]],
                        (double) hits / n,
                        hits / positives,
                        (n - hits) / Math.max(1, order.length - positives),
                        (double) n / order.length));
            }
        }
        return points;
    }

    /// The threshold that finds most among those of at least this precision; empty when none has it.
    Optional<Point> withPrecision(double wanted) {
        return points().stream()
                .filter(point -> point.precision >= wanted)
                .max(Comparator.comparingDouble(Point::recall).thenComparingDouble(Point::threshold));
    }

    /// The threshold that finds least among those that find this share of the comments with the label.
    Point withRecall(double wanted) {
        return points().stream()
                .filter(point -> point.recall >= wanted)
                .findFirst()
                .orElseThrow();
    }

    /// In what range precision lies at a threshold, by how many comments were looked at.
    Bootstrap.Interval precisionInterval(double threshold, Bootstrap bootstrap) {
        return bootstrap.interval(Measure.of(scores.length, drawn -> {
            int found = 0;
            int hits = 0;
            for (int i : drawn) {
                found += scores[i] >= threshold ? 1 : 0;
                hits += scores[i] >= threshold && positive[i] ? 1 : 0;
            }
            return found == 0 ? Double.NaN : (double) hits / found;
        }));
    }

    /// How far probabilities lie from shares, over ten bins of scores, weighted by how many they hold (Guo et
    /// al. 2017).
    double calibrationError() {
        double[] sums = new double[10];
        int[] hits = new int[10];
        int[] counts = new int[10];
        for (int i = 0; i < scores.length; i++) {
            int bin = Math.min(9, (int) (10 * scores[i]));
            sums[bin] += scores[i];
            hits[bin] += positive[i] ? 1 : 0;
            counts[bin]++;
        }
        return IntStream.range(0, 10)
                        .mapToDouble(b -> Math.abs(sums[b] - hits[b]))
                        .sum()
                / Math.max(1, Arrays.stream(counts).sum());
    }
}

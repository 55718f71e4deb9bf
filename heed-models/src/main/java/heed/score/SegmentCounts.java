package heed.score;

import java.util.stream.IntStream;

/// What a metric counted in each segment of a corpus.
///
/// @param counts one row a segment
@SuppressWarnings("ArrayRecordComponent") // read by loops, compared by nobody
public record SegmentCounts(TextMetric metric, double[][] counts) implements Measure {
    @Override
    public int size() {
        return counts.length;
    }

    @Override
    public double of(int[] segments) {
        double[] sums = new double[counts[0].length];
        for (int segment : segments) {
            add(sums, counts[segment]);
        }
        return metric.score(sums);
    }

    /// Of all segments together.
    public double[] sums() {
        double[] sums = new double[counts[0].length];
        for (double[] row : counts) {
            add(sums, row);
        }
        return sums;
    }

    public double score() {
        return metric.score(sums());
    }

    /// Of each segment by itself.
    public double[] scores() {
        return IntStream.range(0, counts.length)
                .mapToDouble(i -> metric.score(counts[i]))
                .toArray();
    }

    private static void add(double[] sums, double[] row) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += row[i];
        }
    }
}

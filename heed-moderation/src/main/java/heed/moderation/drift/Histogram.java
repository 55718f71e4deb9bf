package heed.moderation.drift;

import java.util.Arrays;

/// How many values lie between edges.
///
/// @param edges rising; a value on an edge is above it
/// @param counts one more than edges
@SuppressWarnings("ArrayRecordComponent")
public record Histogram(double[] edges, long[] counts) {
    public Histogram {
        if (counts.length != edges.length + 1) {
            throw new IllegalArgumentException(edges.length + " edges, " + counts.length + " counts");
        }
    }

    /// Values between those that cut them into tenths. Where many are the same there are fewer stretches.
    static Histogram ofTenths(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] edges = new double[9];
        int count = 0;
        for (int tenth = 1; tenth < 10; tenth++) {
            double edge = sorted[tenth * sorted.length / 10];
            if (edge > sorted[0] && (count == 0 || edge > edges[count - 1])) {
                edges[count++] = edge;
            }
        }
        Histogram empty = new Histogram(Arrays.copyOf(edges, count), new long[count + 1]);
        Arrays.stream(values).forEach(value -> empty.counts[empty.place(value)]++);
        return empty;
    }

    /// Between which edges a value lies, from 0.
    int place(double value) {
        int at = Arrays.binarySearch(edges, value);
        return at >= 0 ? at + 1 : -at - 1;
    }

    /// The population stability index of other counts between the same edges: `Σ (aᵢ − eᵢ) ln(aᵢ / eᵢ)` over
    /// shares, each count with ½ added so that none is 0. It is the symmetric divergence of Jeffreys (1946).
    /// Below 0.1 is usually taken as no change, above 0.25 as a great one; of few comments chance alone makes
    /// about `(stretches − 1) · (1/n + 1/m)`.
    static double stability(long[] expected, long[] actual) {
        if (expected.length != actual.length) {
            throw new IllegalArgumentException(expected.length + " counts, " + actual.length + " counts");
        }
        double expectedSum = Arrays.stream(expected).sum() + expected.length / 2.0;
        double actualSum = Arrays.stream(actual).sum() + actual.length / 2.0;
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
            double e = (expected[i] + 0.5) / expectedSum;
            double a = (actual[i] + 0.5) / actualSum;
            sum += (a - e) * Math.log(a / e);
        }
        return sum;
    }
}

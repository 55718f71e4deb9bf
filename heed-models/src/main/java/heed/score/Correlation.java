package heed.score;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// How well two series of numbers go together, from -1 to 1.
public final class Correlation {
    private Correlation() {}

    /// On a straight line (Pearson 1895).
    ///
    /// @throws ScoreException when there are fewer than two pairs, not as many of the one as of the other, a
    /// number is not finite, or a series is constant
    public static double pearson(double[] x, double[] y) {
        requirePairs(x, y);
        double meanX = Arrays.stream(x).average().orElseThrow();
        double meanY = Arrays.stream(y).average().orElseThrow();
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
            xy += (x[i] - meanX) * (y[i] - meanY);
        }
        if (xx == 0 || yy == 0) {
            throw new ScoreException("a correlation needs numbers that differ, the " + (xx == 0 ? "first" : "second")
                    + " series is constant");
        }
        return Math.clamp(xy / (Math.sqrt(xx) * Math.sqrt(yy)), -1, 1);
    }

    /// In order: Pearson's of the ranks (Spearman 1904), equal numbers sharing the mean of theirs.
    ///
    /// @throws ScoreException as [#pearson]
    public static double spearman(double[] x, double[] y) {
        requirePairs(x, y);
        return pearson(ranks(x), ranks(y));
    }

    /// Ranks from 1, the mean rank for equal numbers.
    static double[] ranks(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] ranks = new double[values.length];
        int from = 0;
        while (from < order.length) {
            int to = from + 1;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + 1 + to) / 2.0;
            }
            from = to;
        }
        return ranks;
    }

    private static void requirePairs(double[] x, double[] y) {
        if (x.length != y.length) {
            throw new ScoreException("a correlation needs pairs, there are " + x.length + " numbers and " + y.length);
        }
        if (x.length < 2) {
            throw new ScoreException("a correlation needs at least 2 pairs, got " + x.length);
        }
        for (int i = 0; i < x.length; i++) {
            if (!Double.isFinite(x[i]) || !Double.isFinite(y[i])) {
                throw new ScoreException("pair " + (i + 1) + " is not finite: " + x[i] + " and " + y[i]);
            }
        }
    }

    /// A correlation of choices of segments; NaN where all numbers of one side are equal.
    public static Measure measure(double[] x, double[] y, boolean ranked) {
        requirePairs(x, y);
        return Measure.of(x.length, segments -> {
            double[] a = IntStream.of(segments).mapToDouble(i -> x[i]).toArray();
            double[] b = IntStream.of(segments).mapToDouble(i -> y[i]).toArray();
            if (Arrays.stream(a).distinct().count() == 1
                    || Arrays.stream(b).distinct().count() == 1) {
                return Double.NaN;
            }
            return ranked ? spearman(a, b) : pearson(a, b);
        });
    }
}

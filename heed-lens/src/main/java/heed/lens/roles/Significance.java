package heed.lens.roles;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// How likely a result is by chance, and how many such results may be believed.
final class Significance {
    private Significance() {}

    /// The sign test: the probability of at least so many wins in fair tosses.
    ///
    /// @param wins and losses; ties count for neither
    static double signTest(int wins, int losses) {
        int n = wins + losses;
        double logHalf = n * Math.log(0.5);
        double logChoose = 0; // of n over n, then n over n - 1, …
        double p = 0;
        for (int k = n; k >= wins; k--) {
            p += Math.exp(logChoose + logHalf);
            logChoose += Math.log(k) - Math.log(n - k + 1.0);
        }
        return Math.min(1, p);
    }

    /// For each p-value the least rate of false discoveries at which it is one (Benjamini and Hochberg 1995).
    static double[] qValues(double[] p) {
        int[] order = IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] q = new double[p.length];
        double least = 1;
        for (int rank = p.length; rank >= 1; rank--) {
            int i = order[rank - 1];
            least = Math.min(least, p[i] * p.length / rank);
            q[i] = least;
        }
        return q;
    }

    /// How many sentences of a half a head does better in than something else, and how many worse.
    ///
    /// @param better by sentence, positive for better
    static double signTest(double[] better, int half) {
        double[] ours = IntStream.range(0, better.length)
                .filter(s -> s % 2 == half)
                .mapToDouble(s -> better[s])
                .toArray();
        int wins =
                (int) Arrays.stream(ours).filter(difference -> difference > 0).count();
        int losses =
                (int) Arrays.stream(ours).filter(difference -> difference < 0).count();
        return signTest(wins, losses);
    }
}

package heed.lens;

import java.util.Arrays;

/// The part of a long text that is shown: as many tokens in a row as fit, where the links are strongest.
final class Window {
    private Window() {}

    /// The `size` consecutive places among `shown` between which the most weight flows, apart from what goes
    /// to a token itself and its neighbours, for a text that looks at itself.
    static int[] ofLinks(float[][] weights, int[] shown, int size) {
        if (shown.length <= size) {
            return shown;
        }
        // The window slides along the diagonal: each step adds one token's links and drops one's.
        double flow = 0;
        double most = -1;
        int best = 0;
        for (int end = 0; end < shown.length; end++) {
            flow += flow(weights, shown, end, Math.max(0, end - size + 1), end);
            int start = end - size + 1;
            if (start < 0) {
                continue;
            }
            if (flow > most) {
                most = flow;
                best = start;
            }
            flow -= flow(weights, shown, start, start, end);
        }
        return Arrays.copyOfRange(shown, best, best + size);
    }

    /// The `size` consecutive keys that receive the most weight.
    static int[] ofKeys(float[][] weights, int[] shown, int size) {
        double[] received = new double[shown.length];
        for (float[] row : weights) {
            for (int k = 0; k < shown.length; k++) {
                received[k] += row[shown[k]];
            }
        }
        return heaviest(received, shown, size);
    }

    /// The `size` consecutive queries that give the most weight to the keys shown.
    static int[] ofQueries(float[][] weights, int[] shown, int[] keys, int size) {
        double[] given = new double[shown.length];
        for (int q = 0; q < shown.length; q++) {
            for (int key : keys) {
                given[q] += weights[shown[q]][key];
            }
        }
        return heaviest(given, shown, size);
    }

    private static int[] heaviest(double[] values, int[] shown, int size) {
        if (shown.length <= size) {
            return shown;
        }
        double sum = 0;
        double most = -1;
        int best = 0;
        for (int end = 0; end < shown.length; end++) {
            sum += values[end];
            int start = end - size + 1;
            if (start < 0) {
                continue;
            }
            if (sum > most) {
                most = sum;
                best = start;
            }
            sum -= values[start];
        }
        return Arrays.copyOfRange(shown, best, best + size);
    }

    private static double flow(float[][] weights, int[] shown, int token, int from, int to) {
        double flow = 0;
        for (int other = from; other <= to; other++) {
            if (Math.abs(other - token) > 1) {
                flow += weights[shown[token]][shown[other]] + weights[shown[other]][shown[token]];
            }
        }
        return flow;
    }
}

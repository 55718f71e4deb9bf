package heed.hub;

import java.util.Optional;

/// How far apart two names are, for telling a person which one may have been meant.
public final class Spelling {
    private Spelling() {}

    /// The candidate that is nearest to `name`, the first of equally near ones; empty when none is nearer than
    /// `limit`.
    public static Optional<String> nearest(String name, Iterable<String> candidates, int limit) {
        String best = null;
        int near = limit;
        for (String candidate : candidates) {
            int distance = distance(name, candidate, near);
            if (distance < near) {
                best = candidate;
                near = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /// The number of characters to insert, delete or replace (Levenshtein 1966), or `limit` when it is no less.
    public static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) >= limit) {
            return limit;
        }
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return Math.min(limit, previous[b.length()]);
    }
}

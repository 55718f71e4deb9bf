package heed.attention;

import heed.tensor.Tensor;
import heed.testing.Seeded;

/// Position biases as models have them.
final class Biases {
    private Biases() {}

    /// A learned number per head and distance, distances beyond 7 sharing one, as in T5.
    static ScoreBias table(long seed, int heads) {
        Tensor table = new Seeded(seed).normal(15, heads);
        return (sequence, head, i, j, queries, keys) -> {
            int distance = Math.clamp(j - (i + (long) keys - queries), -7, 7);
            return table.at(distance + 7, head);
        };
    }

    /// A penalty that grows with the distance, with a slope per head (Press et al. 2022).
    static ScoreBias alibi(int heads) {
        return (sequence, head, i, j, queries, keys) -> {
            double slope = Math.pow(2, -8.0 * (head + 1) / heads);
            return (float) (-slope * Math.abs(i + keys - queries - j));
        };
    }
}

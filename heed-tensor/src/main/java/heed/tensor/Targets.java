package heed.tensor;

import org.jspecify.annotations.Nullable;

/// What a cross-entropy compares logits with.
///
/// @param ids the right class of each row; a negative one leaves its row out
/// @param smoothing the share of the target that is spread evenly over all classes (Szegedy et al. 2016)
/// @param divisor what the sum over rows is divided by: the rows that count, for their mean
/// @param weights how much a row of each class counts; null when all count the same
public record Targets(int[] ids, float smoothing, double divisor, float @Nullable [] weights) {
    /// The mean over the rows that count, without smoothing.
    public static Targets of(int... ids) {
        return new Targets(ids, 0, counted(ids), null);
    }

    public Targets {
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw new IllegalArgumentException("label smoothing must be at least 0 and below 1, got " + smoothing);
        }
        if (!(divisor > 0)) {
            throw new IllegalArgumentException("none of the " + ids.length + " targets counts: all are negative");
        }
    }

    public Targets smoothed(float share) {
        return new Targets(ids, share, divisor, weights);
    }

    /// The same with the sum divided by another number, as when a batch comes in parts.
    public Targets dividedBy(double other) {
        return new Targets(ids, smoothing, other, weights);
    }

    /// The same with rows that count as much as their class weighs, divided by the sum of their weights.
    public Targets weighted(float... classWeights) {
        double sum = 0;
        for (int id : ids) {
            sum += id < 0 ? 0 : classWeights[id];
        }
        return new Targets(ids, smoothing, sum, classWeights);
    }

    /// How much a row counts.
    public float weight(int row) {
        return weights == null ? 1 : weights[ids[row]];
    }

    /// How many of the ids are not negative.
    public static int counted(int... ids) {
        int counted = 0;
        for (int id : ids) {
            counted += id >= 0 ? 1 : 0;
        }
        return counted;
    }
}

package heed.position;

import java.util.stream.IntStream;

/// Relative positions sorted into buckets (Raffel et al. 2020, §2.1, and the code published with it): half of
/// the buckets for one distance each, the other half for stretches that grow with the logarithm of the
/// distance, the last for everything from `furthest` on.
///
/// @param count the buckets, shared by both directions if there are two
/// @param furthest the distance from which on all share a bucket
/// @param bothDirections whether later keys have buckets of their own, as in an encoder; otherwise they count
/// as distance 0, and a causal mask hides them
public record RelativeBuckets(int count, int furthest, boolean bothDirections) {
    public RelativeBuckets {
        int each = bothDirections ? count / 2 : count;
        if (each < 2 || furthest <= each / 2) {
            throw new IllegalArgumentException(count + " buckets for distances up to " + furthest
                    + ": each direction needs at least 2, and distances beyond those with a bucket of their own");
        }
    }

    /// The bucket of a key that stands `distance` behind its query (negative: before it).
    public int bucket(int distance) {
        int each = bothDirections ? count / 2 : count;
        int first = bothDirections && distance > 0 ? each : 0;
        int apart = bothDirections ? Math.abs(distance) : Math.max(-distance, 0);
        int exact = each / 2;
        if (apart < exact) {
            return first + apart;
        }
        // in single precision, as trained: the last bit decides where a stretch ends
        float growth = (float) Math.log(apart / (float) exact) / (float) Math.log(furthest / (double) exact);
        return first + Math.min(exact + (int) (growth * (each - exact)), each - 1);
    }

    /// The buckets of the distances from `-furthest` to `furthest`, which is as far as any distance counts.
    ///
    /// @param rows of the table that has a row for each bucket
    public int[] byDistance(int rows) {
        if (rows != count) {
            throw new IllegalArgumentException(
                    "the table of biases has " + rows + " rows, there are " + count + " buckets");
        }
        return IntStream.rangeClosed(-furthest, furthest).map(this::bucket).toArray();
    }
}

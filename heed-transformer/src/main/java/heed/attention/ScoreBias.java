package heed.attention;

import heed.position.RelativeBuckets;
import heed.tensor.Op;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// A number added to each scaled score: relative positions as T5 and ALiBi have them.
@FunctionalInterface
public interface ScoreBias {
    /// What is added to the score of query `i` and key `j` in a head.
    ///
    /// @param queries Tq
    /// @param keys Tk
    float at(int sequence, int head, int i, int j, int queries, int keys);

    /// Whether [#at] depends on nothing but the head and the distance from query to key, the last query
    /// standing at the last key: then a diagonal of numbers says it for all pairs.
    default boolean byDistanceAlone() {
        return false;
    }

    /// Where the numbers that are added were looked up, if they are learned; null if they are not.
    default Op.Attention.@Nullable Bias learned() {
        return null;
    }

    /// Nothing is added.
    static ScoreBias none() {
        return new None();
    }

    /// What is added depends on the distance from query to key alone, the last query standing at the last key.
    ///
    /// @param table `[H, 2·R + 1]`, distance 0 in the middle; distances beyond the ends are as the ends
    static ScoreBias byDistance(Tensor table) {
        return new ByDistance(table);
    }

    /// What is added depends on the bucket of the distance from query to key, the last query standing at the
    /// last key (Raffel et al. 2020).
    ///
    /// @param table `[buckets, H]`
    static ScoreBias byBucket(Tensor table, RelativeBuckets buckets) {
        return new ByBucket(table, buckets.byDistance(table.size(0)));
    }

    /// A penalty that grows with the distance from query to key, on both sides: ALiBi (Press et al. 2022).
    ///
    /// @param slopes one for each head
    static ScoreBias linear(float... slopes) {
        return new Linear(Tensor.of(Shape.of(slopes.length), slopes.clone()));
    }

    /// @param slopes `[H]`
    record Linear(Tensor slopes) implements ScoreBias {
        @Override
        public float at(int sequence, int head, int i, int j, int queries, int keys) {
            return -slopes.at(head) * Math.abs(j - (i + keys - queries));
        }

        @Override
        public boolean byDistanceAlone() {
            return true;
        }
    }

    /// Where the distance from query to key stands among those from `-reach` to `reach`.
    private static int place(int i, int j, int queries, int keys, int reach) {
        return Math.clamp(j - (i + (long) keys - queries), -reach, reach) + reach;
    }

    record ByDistance(Tensor table) implements ScoreBias {
        public ByDistance {
            if (table.shape().rank() != 2 || table.size(1) % 2 == 0) {
                throw new IllegalArgumentException(
                        "biases by distance have shape " + table.shape() + ", expected an odd number of columns");
            }
        }

        @Override
        public float at(int sequence, int head, int i, int j, int queries, int keys) {
            return table.at(head, column(i, j, queries, keys));
        }

        private int column(int i, int j, int queries, int keys) {
            return place(i, j, queries, keys, table.size(1) / 2);
        }

        @Override
        public boolean byDistanceAlone() {
            return true;
        }

        @Override
        public Op.Attention.Bias learned() {
            return new Op.Attention.Bias(
                    table,
                    (head, i, j, queries, keys) ->
                            table.offset() + head * table.stride(0) + column(i, j, queries, keys) * table.stride(1));
        }
    }

    /// @param table `[buckets, H]`
    /// @param buckets of the distances from `-reach` to `reach`; those beyond are as the ends
    record ByBucket(Tensor table, int[] buckets) implements ScoreBias {
        @Override
        public float at(int sequence, int head, int i, int j, int queries, int keys) {
            return table.at(bucket(i, j, queries, keys), head);
        }

        private int bucket(int i, int j, int queries, int keys) {
            return buckets[place(i, j, queries, keys, buckets.length / 2)];
        }

        @Override
        public boolean byDistanceAlone() {
            return true;
        }

        @Override
        public Op.Attention.Bias learned() {
            return new Op.Attention.Bias(
                    table,
                    (head, i, j, queries, keys) ->
                            table.offset() + bucket(i, j, queries, keys) * table.stride(0) + head * table.stride(1));
        }
    }

    /// Nothing is added, said so that a fast path can tell.
    record None() implements ScoreBias {
        @Override
        public float at(int sequence, int head, int i, int j, int queries, int keys) {
            return 0;
        }
    }
}

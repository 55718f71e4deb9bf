package heed.attention;

import heed.tensor.Shape;
import heed.tensor.Tensor;

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

    record ByDistance(Tensor table) implements ScoreBias {
        public ByDistance {
            if (table.shape().rank() != 2 || table.size(1) % 2 == 0) {
                throw new IllegalArgumentException(
                        "biases by distance have shape " + table.shape() + ", expected an odd number of columns");
            }
        }

        @Override
        public float at(int sequence, int head, int i, int j, int queries, int keys) {
            int reach = table.size(1) / 2;
            int distance = j - (i + keys - queries);
            return table.at(head, Math.clamp(distance, -reach, reach) + reach);
        }

        @Override
        public boolean byDistanceAlone() {
            return true;
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

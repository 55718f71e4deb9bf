package heed.score;

import java.util.function.ToDoubleFunction;

/// A score that can be taken of any choice of segments: what resampling needs to know of a metric.
public interface Measure {
    /// How many segments there are.
    int size();

    /// The score of these segments, of which some may come more than once; NaN where they have none, as a ROC
    /// curve of one class.
    double of(int[] segments);

    /// @param size how many segments there are
    /// @param score of a choice of them
    static Measure of(int size, ToDoubleFunction<int[]> score) {
        return new Measure() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public double of(int[] segments) {
                return score.applyAsDouble(segments);
            }
        };
    }
}

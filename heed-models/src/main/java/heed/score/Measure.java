package heed.score;

/// A score that can be taken of any choice of segments: what resampling needs to know of a metric.
public interface Measure {
    /// How many segments there are.
    int size();

    /// The score of these segments, of which some may come more than once; NaN where they have none, as a ROC
    /// curve of one class.
    double of(int[] segments);
}

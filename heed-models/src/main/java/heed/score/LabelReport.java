package heed.score;

import java.util.Map;
import java.util.SequencedMap;

/// Precision, recall and F1 of every label, and their averages.
///
/// @param labels in the order of their names
public record LabelReport(SequencedMap<String, LabelCounts> labels) {
    /// @throws ScoreException when neither side has the label
    public LabelCounts of(String label) {
        LabelCounts counts = labels.get(label);
        if (counts == null) {
            throw new ScoreException(
                    "the label '" + label + "' is nowhere; there are " + String.join(", ", labels.keySet()));
        }
        return counts;
    }

    public double precision(Average average) {
        return average.of(labels.values(), LabelCounts::precision);
    }

    public double recall(Average average) {
        return average.of(labels.values(), LabelCounts::recall);
    }

    public double f1(Average average) {
        return average.of(labels.values(), LabelCounts::f1);
    }

    static LabelReport of(Map<String, LabelCounts> labels) {
        return new LabelReport(new java.util.TreeMap<>(labels));
    }
}

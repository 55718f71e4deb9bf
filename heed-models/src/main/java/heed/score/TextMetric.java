package heed.score;

import java.util.List;
import java.util.Map;

/// A metric of texts beside references. What it counts in each segment adds up, and its score is a function of
/// the sums: a corpus is not scored as the mean of its sentences, and resampling needs no second look at a
/// text.
public sealed interface TextMetric permits Bleu, Chrf, Rouge {
    /// As papers write it: `BLEU`, `chrF2++`.
    String name();

    /// What must be said beside a score so that others can get the same, in a fixed order.
    Map<String, String> settings();

    /// The counts of one segment.
    ///
    /// @param references at least one
    double[] counts(String hypothesis, List<String> references);

    /// The score of counts that were added up.
    double score(double[] sums);

    /// What was counted in each segment of a corpus.
    ///
    /// @param references one list a segment, of one or more references
    /// @throws ScoreException when there are no segments, or not as many hypotheses as references
    default SegmentCounts count(List<String> hypotheses, List<List<String>> references) {
        if (hypotheses.size() != references.size()) {
            throw new ScoreException(
                    hypotheses.size() + " hypotheses, but references for " + references.size() + " segments");
        }
        if (hypotheses.isEmpty()) {
            throw new ScoreException("there is nothing to score: no segments");
        }
        double[][] counts = new double[hypotheses.size()][];
        for (int i = 0; i < counts.length; i++) {
            if (references.get(i).isEmpty()) {
                throw new ScoreException("segment " + (i + 1) + " has no reference");
            }
            counts[i] = counts(hypotheses.get(i), references.get(i));
        }
        return new SegmentCounts(this, counts);
    }

    /// The score of a corpus.
    default double score(List<String> hypotheses, List<List<String>> references) {
        return count(hypotheses, references).score();
    }
}

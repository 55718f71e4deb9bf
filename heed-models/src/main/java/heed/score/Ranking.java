package heed.score;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Scores of segments of which some are positive: how well the scores put those first, whatever the threshold.
///
/// @param scores higher means rather positive
/// @param positive which segments are
@SuppressWarnings("ArrayRecordComponent")
public record Ranking(double[] scores, boolean[] positive) {
    /// @throws ScoreException when there are not as many of the one as of the other, a score is NaN, or all
    /// segments are of one class
    public Ranking {
        if (scores.length != positive.length) {
            throw new ScoreException(scores.length + " scores, " + positive.length + " labels");
        }
        for (int i = 0; i < scores.length; i++) {
            if (Double.isNaN(scores[i])) {
                throw new ScoreException("the score of segment " + (i + 1) + " is no number");
            }
        }
        long positives = count(positive);
        if (positives == 0 || positives == positive.length) {
            throw new ScoreException("curves need positive and negative segments, there are " + positives
                    + " positive ones and " + (positive.length - positives) + " negative ones");
        }
    }

    private static long count(boolean[] positive) {
        return IntStream.range(0, positive.length).filter(i -> positive[i]).count();
    }

    /// The area under the ROC curve: how likely a positive segment scores above a negative one, a tie counting
    /// half (Hanley & McNeil 1982).
    public double rocAuc() {
        return rocAuc(all());
    }

    /// The area under the curve of precision over recall, as average precision: the precision at every
    /// threshold, weighted by how much recall grows there. Segments of one score are one threshold.
    public double averagePrecision() {
        return averagePrecision(all());
    }

    private int[] all() {
        return IntStream.range(0, scores.length).toArray();
    }

    private double rocAuc(int[] segments) {
        double[] sums = new double[3]; // area, positives, negatives
        eachThreshold(segments, (positives, negatives) -> {
            sums[0] += negatives * (sums[1] + positives / 2.0);
            sums[1] += positives;
            sums[2] += negatives;
        });
        return sums[0] / (sums[1] * sums[2]); // 0 / 0 is NaN where a choice has one class alone
    }

    private double averagePrecision(int[] segments) {
        double[] sums = new double[3]; // precision by positives, positives, all
        eachThreshold(segments, (positives, negatives) -> {
            sums[1] += positives;
            sums[2] += positives + negatives;
            sums[0] += positives * (sums[1] / sums[2]);
        });
        return sums[0] / sums[1];
    }

    private interface Threshold {
        void accept(int positives, int negatives);
    }

    /// From the highest score on, the segments of each score together.
    private void eachThreshold(int[] segments, Threshold threshold) {
        int[] order = Arrays.stream(segments)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        int from = 0;
        while (from < order.length) {
            int to = from;
            int positives = 0;
            while (to < order.length && scores[order[to]] == scores[order[from]]) {
                positives += positive[order[to++]] ? 1 : 0;
            }
            threshold.accept(positives, to - from - positives);
            from = to;
        }
    }

    /// The area under the ROC curve of choices of segments.
    public Measure rocMeasure() {
        return Measure.of(scores.length, this::rocAuc);
    }
}

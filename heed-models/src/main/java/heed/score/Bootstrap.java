package heed.score;

import java.util.Arrays;
import java.util.SplittableRandom;

/// How far a score depends on the segments it happened to be taken of: the same number of segments is drawn
/// again and again, with repetition, and scored each time (Koehn 2004).
///
/// @param samples how often segments are drawn
/// @param seed the draws are a function of it and of the number of segments alone
public record Bootstrap(int samples, long seed) {
    /// sacreBLEU's number of draws.
    public static final int USUAL_SAMPLES = 1000;

    public Bootstrap {
        if (samples < 1) {
            throw new ScoreException("at least 1 sample is needed, got " + samples);
        }
    }

    /// The interval that 95 % of the samples' scores lie in, the rest cut off in equal parts on both sides.
    public record Interval(double mean, double low, double high) {
        /// Half of the width: what is written behind a ±.
        public double halfWidth() {
            return (high - low) / 2;
        }

        private static Interval of(double[] scores) {
            double[] sorted = scores.clone();
            Arrays.sort(sorted);
            int cut = sorted.length / 40;
            return new Interval(
                    Arrays.stream(sorted).average().orElseThrow(), sorted[cut], sorted[sorted.length - 1 - cut]);
        }
    }

    /// Two systems on the same segments.
    ///
    /// @param score of all segments
    /// @param difference by how much the system lies above the baseline, over the samples
    /// @param wins the share of the samples in which the system beats the baseline
    /// @param pValue how likely a difference of this size is when there is none: the share of samples whose
    /// absolute difference exceeds the mean of all of them by more than the difference that was seen, as in
    /// Moses and sacreBLEU
    public record Comparison(
            double score,
            double baselineScore,
            Interval interval,
            Interval baselineInterval,
            Interval difference,
            double wins,
            double pValue) {}

    /// @throws ScoreException when a third of the samples or more have no score
    public Interval interval(Measure measure) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] scores = new double[samples];
        for (int s = 0; s < samples; s++) {
            scores[s] = measure.of(draw(measure.size(), random));
        }
        return Interval.of(requireScores(scores));
    }

    /// Both systems are scored on the same draws.
    ///
    /// @throws ScoreException when they have not the same number of segments, or a third of the samples or more
    /// have no score
    public Comparison compare(Measure system, Measure baseline) {
        if (system.size() != baseline.size()) {
            throw new ScoreException("the system has " + system.size() + " segments, the baseline " + baseline.size());
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] scores = new double[samples];
        double[] others = new double[samples];
        for (int s = 0; s < samples; s++) {
            int[] drawn = draw(system.size(), random);
            double score = system.of(drawn);
            double other = baseline.of(drawn);
            boolean both = !Double.isNaN(score) && !Double.isNaN(other);
            scores[s] = both ? score : Double.NaN;
            others[s] = both ? other : Double.NaN;
        }
        return compare(system, baseline, requireScores(scores), requireScores(others));
    }

    private static Comparison compare(Measure system, Measure baseline, double[] scores, double[] others) {
        int[] all = new int[system.size()];
        Arrays.setAll(all, i -> i);
        double score = system.of(all);
        double baselineScore = baseline.of(all);
        double seen = Math.abs(score - baselineScore);
        double[] differences = new double[scores.length];
        Arrays.setAll(differences, s -> scores[s] - others[s]);
        double mean = Arrays.stream(differences).map(Math::abs).average().orElseThrow();
        long beyond = Arrays.stream(differences)
                .filter(difference -> Math.abs(difference) - mean > seen)
                .count();
        long wins =
                Arrays.stream(differences).filter(difference -> difference > 0).count();
        return new Comparison(
                score,
                baselineScore,
                Interval.of(scores),
                Interval.of(others),
                Interval.of(differences),
                (double) wins / differences.length,
                (beyond + 1.0) / (differences.length + 1.0));
    }

    private static int[] draw(int size, SplittableRandom random) {
        int[] drawn = new int[size];
        for (int i = 0; i < size; i++) {
            drawn[i] = random.nextInt(size);
        }
        return drawn;
    }

    /// Samples without a score, such as those of one class, are left out while they are few.
    private static double[] requireScores(double[] scores) {
        double[] numbers =
                Arrays.stream(scores).filter(score -> !Double.isNaN(score)).toArray();
        if (numbers.length * 3L < scores.length * 2L) {
            throw new ScoreException((scores.length - numbers.length) + " of " + scores.length
                    + " samples have no score: there are too few segments of a class to draw from");
        }
        return numbers;
    }
}

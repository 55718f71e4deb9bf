package heed.generation;

import java.util.Arrays;

/// One continuation of one prompt.
///
/// @param ids the tokens after the prompt, an end token included
/// @param logProbabilities for each of `ids` its log-probability under the scores it was chosen by, after all
/// processors; empty when they were not asked for
/// @param score the sum of the log-probabilities divided by `length^lengthPenalty` (the mean, with the usual
/// penalty of 1); `NaN` when log-probabilities were not asked for
public record Hypothesis(int[] ids, float[] logProbabilities, double score, Finish finish) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Hypothesis that
                && Arrays.equals(ids, that.ids)
                && Arrays.equals(logProbabilities, that.logProbabilities)
                && Double.compare(score, that.score) == 0
                && finish == that.finish;
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ids) + finish.hashCode();
    }

    @Override
    public String toString() {
        return "Hypothesis[ids=" + Arrays.toString(ids) + ", score=" + score + ", finish=" + finish + "]";
    }
}

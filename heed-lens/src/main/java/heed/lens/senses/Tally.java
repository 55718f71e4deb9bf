package heed.lens.senses;

import heed.score.Bootstrap;
import heed.score.Measure;
import java.util.Arrays;

/// How often one method told senses right, in parts that are drawn again to see what depends on them: words, or
/// single examples where there is one word only.
///
/// @param method such as `bag of words`
/// @param detail how the method decides, such as `nearest`
/// @param layer of a method that has layers; -1 for others
/// @param right by part, how many examples were told right
/// @param examples by part
@SuppressWarnings("ArrayRecordComponent") // handed over
public record Tally(String method, String detail, int layer, int[] right, int[] examples) {
    private static final Bootstrap DRAWS = new Bootstrap(Bootstrap.USUAL_SAMPLES, 1);

    /// The share of the examples that was told right.
    public double accuracy() {
        return (double) Arrays.stream(right).sum() / Arrays.stream(examples).sum();
    }

    /// How far the share depends on the parts: the 95 % interval when parts are drawn again.
    public Bootstrap.Interval interval() {
        return DRAWS.interval(measure());
    }

    /// By how much this is better than another method on the same parts.
    Bootstrap.Comparison beside(Tally other) {
        return DRAWS.compare(measure(), other.measure());
    }

    private Measure measure() {
        return Measure.of(right.length, this::accuracy);
    }

    /// The share over some parts, of which some may come more than once.
    double accuracy(int[] parts) {
        int all = 0;
        int good = 0;
        for (int part : parts) {
            all += examples[part];
            good += right[part];
        }
        return all == 0 ? Double.NaN : (double) good / all;
    }
}

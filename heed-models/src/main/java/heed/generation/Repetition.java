package heed.generation;

import org.jspecify.annotations.Nullable;

/// What keeps a model from saying the same again. Null components were not said.
///
/// @param penalty see [RepetitionPenalty]; 1 is none
/// @param noRepeatNGram see [NoRepeatNGram]; 0 is none
/// @param encoderNoRepeatNGram as `noRepeatNGram`, for the n-grams of the source; 0 is none
public record Repetition(
        @Nullable Double penalty,
        @Nullable Integer noRepeatNGram,
        @Nullable Integer encoderNoRepeatNGram) {
    static final Repetition UNSAID = new Repetition(null, null, null);

    public Repetition {
        Require.that(
                penalty == null || (penalty > 0 && Double.isFinite(penalty)),
                "the repetition penalty is " + penalty + ", it should be above 0");
        requireNGram(noRepeatNGram);
        requireNGram(encoderNoRepeatNGram);
    }

    private static void requireNGram(@Nullable Integer size) {
        Require.that(
                size == null || size >= 0, "n-grams of " + size + " tokens cannot be, use at least 1, or 0 for none");
    }

    Repetition over(Repetition defaults) {
        return new Repetition(
                penalty == null ? defaults.penalty : penalty,
                noRepeatNGram == null ? defaults.noRepeatNGram : noRepeatNGram,
                encoderNoRepeatNGram == null ? defaults.encoderNoRepeatNGram : encoderNoRepeatNGram);
    }
}

package heed.task;

import heed.generation.Finish;
import heed.generation.Hypothesis;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a model wrote after a prompt or about a source.
///
/// @param promptIds what it was given
/// @param hypothesis the tokens it wrote, their log-probabilities, and why it stopped
/// @param text the text of those tokens without special ones; null where the model has no tokenizer
public record Continuation(
        int[] promptIds, Hypothesis hypothesis, @Nullable String text) {
    /// The tokens that were written, an end token included.
    public int[] ids() {
        return hypothesis.ids();
    }

    /// For each of [#ids] its log-probability; empty when they were not asked for.
    public float[] logProbabilities() {
        return hypothesis.logProbabilities();
    }

    /// The sum of the log-probabilities over the length to the power of the length penalty; `NaN` when they
    /// were not asked for.
    public double score() {
        return hypothesis.score();
    }

    public Finish finish() {
        return hypothesis.finish();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Continuation that
                && Arrays.equals(promptIds, that.promptIds)
                && hypothesis.equals(that.hypothesis)
                && java.util.Objects.equals(text, that.text);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(promptIds) + hypothesis.hashCode();
    }

    /// The text, or the ids where there is none.
    @Override
    public String toString() {
        return text == null ? Arrays.toString(ids()) : text;
    }
}

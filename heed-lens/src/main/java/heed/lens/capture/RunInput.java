package heed.lens.capture;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a model is to be watched reading.
///
/// @param text what an encoder or a decoder reads; the source of an encoder–decoder
/// @param pair for an encoder the second segment, for an encoder–decoder the target; null for none
/// @param newTokens how many tokens a model that writes goes on with, greedily, before it is watched, or
/// [#USUAL]; where an encoder–decoder has no target, it writes one of at most so many, and for 0 as many as
/// usual
/// @param masked the tokens of the text that the model does not get to see, by their places
/// @param ablation heads that are taken out
/// @param positions whether the model is told where each token stands
public record RunInput(
        String text, @Nullable String pair, int newTokens, Set<Integer> masked, Ablation ablation, boolean positions) {
    /// The most tokens that a run writes.
    public static final int MOST_NEW_TOKENS = 512;

    /// As many new tokens as usual, or as many fewer as the model has positions for.
    public static final int USUAL = -1;

    public RunInput {
        if (newTokens < USUAL || newTokens > MOST_NEW_TOKENS) {
            throw new IllegalArgumentException(
                    "a run writes 0 to " + MOST_NEW_TOKENS + " new tokens, not " + newTokens);
        }
        masked = Set.copyOf(masked);
    }

    /// A text as it is.
    public static RunInput of(String text) {
        return new RunInput(text, null, 0, Set.of(), Ablation.none(), true);
    }

    /// A text and its second segment, or its target.
    public static RunInput of(String text, String pair) {
        return new RunInput(text, pair, 0, Set.of(), Ablation.none(), true);
    }

    /// A text that a model goes on with.
    public RunInput writing(int tokens) {
        return new RunInput(text, pair, tokens, masked, ablation, positions);
    }

    public RunInput masking(Set<Integer> places) {
        return new RunInput(text, pair, newTokens, places, ablation, positions);
    }

    public RunInput without(Ablation heads) {
        return new RunInput(text, pair, newTokens, masked, heads, positions);
    }

    public RunInput withoutPositions() {
        return new RunInput(text, pair, newTokens, masked, ablation, false);
    }
}

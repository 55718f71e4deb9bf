package heed.generation;

import org.jspecify.annotations.Nullable;

/// How the next token is chosen from its scores. A component that is null was not said; the model's
/// `generation_config.json` may say it, and otherwise Hugging Face's default holds.
public sealed interface Strategy {
    /// Always the most probable token; the first of several that are equal.
    record Greedy() implements Strategy {}

    /// Follows the `count` best sequences at once and returns the best complete ones.
    ///
    /// @param count how many beams, at least 1
    /// @param lengthPenalty the exponent of the length that a sequence's log-probability is divided by; 1 when
    /// nobody says. Above 0 longer sequences gain
    /// @param earlyStopping when to stop; [EarlyStopping#HEURISTIC] when nobody says
    record Beams(
            int count,
            @Nullable Double lengthPenalty,
            @Nullable EarlyStopping earlyStopping) implements Strategy {
        public Beams {
            Require.that(count >= 1, "beam search with " + count + " beams follows nothing, use at least 1");
            Require.that(
                    lengthPenalty == null || Double.isFinite(lengthPenalty),
                    "the length penalty is " + lengthPenalty + ", it should be a number");
        }

        double penalty() {
            return lengthPenalty == null ? 1 : lengthPenalty;
        }

        EarlyStopping stopping() {
            return earlyStopping == null ? EarlyStopping.HEURISTIC : earlyStopping;
        }

        Beams over(Beams defaults) {
            return new Beams(
                    count,
                    lengthPenalty == null ? defaults.lengthPenalty : lengthPenalty,
                    earlyStopping == null ? defaults.earlyStopping : earlyStopping);
        }
    }

    /// Draws the next token at random, by its probability among those that the filters leave.
    ///
    /// @param seed the same seed draws the same tokens, whatever else is in the batch
    /// @param temperature what scores are divided by, above 0; 1 when nobody says. Below 1 the probable becomes
    /// more probable
    /// @param topK only so many of the most probable; 0, or nobody saying, leaves all
    /// @param topP only the fewest most probable that together have this probability (Holtzman et al. 2020); 1
    /// leaves all
    /// @param minP only those at least this fraction as probable as the most probable one; 0 leaves all
    record Sampling(
            long seed,
            @Nullable Double temperature,
            @Nullable Integer topK,
            @Nullable Double topP,
            @Nullable Double minP)
            implements Strategy {
        public Sampling {
            Require.that(
                    temperature == null || (temperature > 0 && Double.isFinite(temperature)),
                    "the temperature is " + temperature + ", sampling needs one above 0 (greedy decoding has none)");
            Require.that(topK == null || topK >= 0, "top-k is " + topK + ", it should be at least 1, or 0 for all");
            Require.that(
                    topP == null || (topP >= 0 && topP <= 1), "top-p is " + topP + ", it should be between 0 and 1");
            Require.that(
                    minP == null || (minP >= 0 && minP <= 1), "min-p is " + minP + ", it should be between 0 and 1");
        }

        Sampling over(Sampling defaults) {
            return new Sampling(
                    seed,
                    temperature == null ? defaults.temperature : temperature,
                    topK == null ? defaults.topK : topK,
                    topP == null ? defaults.topP : topP,
                    minP == null ? defaults.minP : minP);
        }
    }
}

package heed.moderation.stream;

import heed.kernel.WeightType;
import heed.moderation.ModerationException;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A stream of comments, how it is judged, and how it is kept from losing any.
///
/// @param parallelism how many readers and writers there are; 0 for as many as is usual where it runs. The
/// model is one for all of them, whatever the number
/// @param ordered whether decisions come in the order of the comments (of each reader)
public record StreamSettings(Judging judging, Route route, Keeping keeping, int parallelism, boolean ordered)
        implements Serializable {
    /// What comments are judged by. It travels to where they are judged, and so has the texts of small files
    /// and not their places.
    ///
    /// @param model as [heed.model.Models#open(String)] takes it, on every machine
    /// @param engine null for the best there is
    /// @param policy in YAML
    /// @param calibrations in JSON; null for none
    /// @param batchTokens the most tokens of a batch; a longer comment is a batch of its own
    /// @param batchWait how long a comment waits for others to share a batch with
    public record Judging(
            String model,
            WeightType weightType,
            @Nullable String engine,
            String policy,
            @Nullable String calibrations,
            int batchTokens,
            Duration batchWait)
            implements Serializable {
        public static final int USUAL_BATCH_TOKENS = 1024;
        public static final Duration USUAL_BATCH_WAIT = Duration.ofMillis(5);

        public Judging {
            if (batchTokens < 1) {
                throw new ModerationException("a batch of " + batchTokens + " tokens holds nothing");
            }
            if (batchWait.isNegative()) {
                throw new ModerationException("a comment cannot wait " + batchWait.toMillis() + " ms");
            }
        }
    }

    /// Where comments come from and where decisions go: a file, a folder, or `kafka://host:port/topic`.
    ///
    /// @param json whether lines are JSON whatever a file is called
    /// @param follow whether to go on with what comes later: files that are put into a folder, messages
    /// @param deadLetters where goes what cannot be judged
    public record Route(String in, boolean json, boolean follow, String out, String deadLetters)
            implements Serializable {
        /// Where they usually go: beside the decisions.
        public static String deadLettersOf(String out) {
            return out.startsWith("kafka://") ? out + "-dead-letters" : out;
        }
    }

    /// How nothing is lost and nothing decided twice.
    ///
    /// @param checkpoints the folder that checkpoints are kept in; null where a cluster's settings have it
    /// @param resume whether to go on from the newest checkpoint in it
    /// @param every how long from one checkpoint to the next
    /// @param remember how long an id is remembered: one that comes again within that time is not decided again
    public record Keeping(@Nullable String checkpoints, boolean resume, Duration every, Duration remember)
            implements Serializable {
        public static final Duration USUAL_EVERY = Duration.ofSeconds(10);
        public static final Duration USUAL_REMEMBER = Duration.ofHours(24);

        public Keeping {
            if (every.toMillis() < 10) {
                throw new ModerationException(
                        "a checkpoint every " + every.toMillis() + " ms is none, use at least 10");
            }
            if (!remember.isPositive()) {
                throw new ModerationException(
                        "an id must be remembered for some time, not " + remember.toHours() + " h");
            }
        }
    }

    public StreamSettings {
        if (parallelism < 0) {
            throw new ModerationException(parallelism + " readers are none");
        }
    }
}

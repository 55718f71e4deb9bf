package heed.server.api;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What comments are judged by, and what is kept of them; null for what there is not.
///
/// @param policy thresholds, read anew when the file changes
/// @param calibration what makes scores probabilities
/// @param reference what comments were like when thresholds were chosen
/// @param audit where every decision is written before it is answered
/// @param reviews where comments wait, with their texts, for somebody to look at them
/// @param mostReviews how many wait at once
/// @param suggestions where scores are kept that people suggest for comments
public record ModerationFiles(
        @Nullable Path policy,
        @Nullable Path calibration,
        @Nullable Path reference,
        @Nullable Path audit,
        @Nullable Path reviews,
        int mostReviews,
        @Nullable Path suggestions) {
    public static final int USUAL_REVIEWS = 1000;

    public static final ModerationFiles NONE = new ModerationFiles(null, null, null, null);

    /// Without a reference and without reviews.
    public ModerationFiles(
            @Nullable Path policy, @Nullable Path calibration, @Nullable Path audit, @Nullable Path suggestions) {
        this(policy, calibration, null, audit, null, USUAL_REVIEWS, suggestions);
    }

    /// The same with comments that wait.
    public ModerationFiles withReviews(Path file, int most) {
        return new ModerationFiles(policy, calibration, reference, audit, file, most, suggestions);
    }

    /// The same with something to compare comments with.
    public ModerationFiles withReference(@Nullable Path file) {
        return new ModerationFiles(policy, calibration, file, audit, reviews, mostReviews, suggestions);
    }
}

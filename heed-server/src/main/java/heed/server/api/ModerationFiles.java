package heed.server.api;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What comments are judged by, and what is kept of them; null for what there is not.
///
/// @param policy thresholds, read anew when the file changes
/// @param calibration what makes scores probabilities
/// @param audit where every decision is written before it is answered
/// @param suggestions where scores are kept that people suggest for comments
public record ModerationFiles(
        @Nullable Path policy,
        @Nullable Path calibration,
        @Nullable Path audit,
        @Nullable Path suggestions) {
    public static final ModerationFiles NONE = new ModerationFiles(null, null, null, null);
}

package heed.flink;

import heed.moderation.Moderator;
import org.jspecify.annotations.Nullable;

/// A comment on its way through a job.
///
/// @param place where it came from, for dead letters
/// @param id it is decided once by this
/// @param language null where nobody said
public record Comment(
        String place, String id, String text, @Nullable String language) {
    Moderator.Comment toJudge() {
        return new Moderator.Comment(id, text, language);
    }
}

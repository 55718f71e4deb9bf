package heed.flink;

import heed.moderation.Action;
import org.jspecify.annotations.Nullable;

/// What came of a comment.
///
/// @param action what was decided; null when it could not be judged
/// @param line of JSON: the decision, or a dead letter
public record Outcome(String id, @Nullable Action action, String line) {}

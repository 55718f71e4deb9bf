package heed.moderation.stream;

import heed.moderation.Action;
import java.time.Duration;
import java.util.Map;

/// What came of a stream so far. Exact whatever failed meanwhile: counts are kept with the checkpoints, so what
/// is done again is not counted again.
///
/// @param decisions how many comments were allowed, sent to review, and blocked
/// @param deadLetters how many records could not be judged
/// @param repeated how many ids came again
/// @param judged how many comments were scored by this process since it started
/// @param tokens of those
/// @param busy from when the first of those came until the last was scored
public record StreamTally(
        Map<Action, Long> decisions, long deadLetters, long repeated, long judged, long tokens, Duration busy) {
    public StreamTally {
        decisions = Map.copyOf(decisions);
    }

    /// How many comments were decided.
    public long comments() {
        return decisions.values().stream().mapToLong(Long::longValue).sum();
    }

    /// Decisions of an action.
    public long of(Action action) {
        return decisions.getOrDefault(action, 0L);
    }

    public double commentsPerSecond() {
        return perSecond(judged);
    }

    public double tokensPerSecond() {
        return perSecond(tokens);
    }

    private double perSecond(long count) {
        return busy.isZero() ? 0 : count * 1e9 / busy.toNanos();
    }
}

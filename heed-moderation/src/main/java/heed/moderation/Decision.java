package heed.moderation;

import java.util.List;
import java.util.SequencedMap;

/// What a policy says of a comment.
///
/// @param action what happens to it
/// @param advised what would happen if the policy were not in shadow; the same as `action` otherwise
/// @param reasons the categories that were the cause, the gravest first
/// @param scores by label
/// @param policy the version
public record Decision(
        Action action,
        Action advised,
        List<Reason> reasons,
        SequencedMap<String, LabelScorer.Score> scores,
        String policy) {

    /// A category whose threshold a score reached.
    ///
    /// @param threshold the one of `action`
    public record Reason(String category, Action action, double threshold, LabelScorer.Score score) {}
}

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

    /// The score of a label.
    ///
    /// @throws ModerationException when the model has no such label
    public LabelScorer.Score score(String label) {
        LabelScorer.Score score = scores.get(label);
        if (score == null) {
            throw new ModerationException("there is no score of '" + label + "'");
        }
        return score;
    }

    /// A category whose threshold a score reached.
    ///
    /// @param label of the model that the category stands for
    /// @param threshold the one of `action`
    public record Reason(String category, String label, Action action, double threshold, LabelScorer.Score score) {}
}

package heed.moderation;

import heed.moderation.Decision.Reason;
import heed.moderation.Policy.Thresholds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Judges comments: scores them and holds the scores against the policy in force. Safe for any number of
/// threads.
///
/// @param policy asked for every batch of comments, so that a changed file takes effect
public record Moderator(LabelScorer scorer, Supplier<Policy> policy) {
    /// A comment to judge.
    ///
    /// @param id whoever sent it knows it by; the record is found by it
    /// @param language as the policy spells it; null where nobody knows
    public record Comment(String id, String text, @Nullable String language) {}

    /// @throws IllegalArgumentException when a text is empty, with its number
    public List<Decision> decide(List<Comment> comments) {
        Policy inForce = policy.get();
        List<SequencedMap<String, LabelScorer.Score>> scores = scorer.withWindow(inForce.window())
                .score(comments.stream().map(Comment::text).toList());
        List<Decision> decisions = new ArrayList<>();
        for (int i = 0; i < comments.size(); i++) {
            decisions.add(decide(inForce, scores.get(i), comments.get(i).language()));
        }
        return decisions;
    }

    /// The scorer with the windows that the policy in force asks for.
    public LabelScorer scorerInForce() {
        return scorer.withWindow(policy.get().window());
    }

    /// What a policy says of scores, those of a record for instance.
    public static Decision decide(
            Policy policy, SequencedMap<String, LabelScorer.Score> scores, @Nullable String language) {
        List<Reason> reasons = new ArrayList<>();
        Action advised = Action.ALLOW;
        for (var entry : policy.categories().entrySet()) {
            LabelScorer.Score score = scores.get(entry.getValue().label());
            if (score == null) {
                throw new ModerationException(
                        "there is no score of '" + entry.getValue().label() + "', which the policy asks for");
            }
            Thresholds thresholds = entry.getValue().in(language);
            Action action = thresholds.of(score.probability());
            if (action != Action.ALLOW) {
                double threshold =
                        action == Action.BLOCK ? Objects.requireNonNull(thresholds.block()) : thresholds.review();
                reasons.add(new Reason(entry.getKey(), entry.getValue().label(), action, threshold, score));
                advised = advised.or(action);
            }
        }
        reasons.sort(Comparator.comparing(Reason::action)
                .thenComparingDouble(reason -> reason.score().probability())
                .reversed());
        Action action = policy.shadow() ? Action.ALLOW : advised;
        return new Decision(action, advised, List.copyOf(reasons), scores, policy.version());
    }
}

package heed.moderation;

import java.util.Locale;

/// What happens to a comment, from the mildest on.
public enum Action {
    ALLOW,
    REVIEW,
    BLOCK;

    /// As policies and records spell it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws ModerationException when there is no such action
    public static Action of(String word) {
        for (Action action : values()) {
            if (action.word().equals(word)) {
                return action;
            }
        }
        throw new ModerationException("an action is allow, review or block, not '" + word + "'");
    }

    Action or(Action other) {
        return compareTo(other) >= 0 ? this : other;
    }
}

package heed.moderation;

import heed.moderation.AuditLog.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/// What another policy would have decided about the comments of a log, from the scores that were written down.
///
/// @param decided how many decisions of a policy there are
/// @param counts how often each action became each: `review → allow`
/// @param changed those that would have ended otherwise
/// @param overruled comments on which a person decided last
/// @param agreeing of those, how many times the other policy says what the person said
public record Replay(
        int decided, SequencedMap<String, Integer> counts, List<Change> changed, int overruled, int agreeing) {
    /// A comment that would have been treated otherwise, as the policies say before shadow.
    public record Change(String id, Action before, Action after, List<String> categories) {}

    /// @throws ModerationException when the log was changed, or lacks a score that the policy asks for
    public static Replay of(Path log, Policy policy) {
        Tally tally = new Tally(policy);
        AuditLog.read(log, tally::add);
        return tally.done();
    }

    private static final class Tally {
        private final Policy policy;
        private final SequencedMap<String, Integer> counts = new LinkedHashMap<>();
        private final List<Change> changed = new ArrayList<>();
        private final Map<String, Action> after = new LinkedHashMap<>();
        private final Map<String, Action> people = new LinkedHashMap<>();
        private int decided;

        private Tally(Policy policy) {
            this.policy = policy;
        }

        private void add(Entry entry) {
            if (entry.reviewer() != null) {
                people.put(entry.id(), entry.action());
                return;
            }
            decided++;
            Decision decision = Moderator.decide(policy, entry.scores(), entry.language());
            counts.merge(entry.advised().word() + " → " + decision.advised().word(), 1, Integer::sum);
            after.put(entry.id(), decision.advised());
            if (decision.advised() != entry.advised()) {
                changed.add(new Change(
                        entry.id(),
                        entry.advised(),
                        decision.advised(),
                        decision.reasons().stream()
                                .map(Decision.Reason::category)
                                .toList()));
            }
        }

        private Replay done() {
            int agreeing = 0;
            for (Map.Entry<String, Action> person : people.entrySet()) {
                agreeing += Objects.equals(after.get(person.getKey()), person.getValue()) ? 1 : 0;
            }
            return new Replay(decided, counts, List.copyOf(changed), people.size(), agreeing);
        }
    }
}

package heed.moderation.drift;

import heed.moderation.Action;
import heed.moderation.AuditLog;
import heed.moderation.AuditLog.Entry;
import heed.moderation.LabelScorer.Score;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/// How far the decisions of a log are from a reference, and how often people decided otherwise. A log has no
/// texts: of scripts and unknown tokens it tells nothing.
///
/// @param decided how many decisions of a policy were looked at
/// @param stability the population stability index of each label's scores
/// @param reviewed the share that the policy said to review, before shadow
/// @param blocked the share that it said to block
/// @param judged of these comments, how many a person decided on
/// @param overturned of those, how many otherwise than the policy said; a review that people allow or block was
/// asked for, and counts as overturned only where they allow it
/// @param languages how many comments are in which language, as who sent them said
public record LogDrift(
        int decided,
        SequencedMap<String, Double> stability,
        double reviewed,
        double blocked,
        int judged,
        int overturned,
        SequencedMap<String, Integer> languages) {
    private static final String UNSAID = "unsaid";

    /// @param latest so many decisions of a policy, from the end of the log
    /// @throws heed.moderation.ModerationException when the log was changed
    public static LogDrift of(Path log, Reference reference, int latest) {
        Deque<Entry> decisions = new ArrayDeque<>();
        Map<String, Action> people = new HashMap<>();
        AuditLog.read(log, entry -> {
            if (entry.reviewer() != null) {
                people.put(entry.id(), entry.action());
                return;
            }
            decisions.add(entry);
            if (decisions.size() > latest) {
                decisions.remove();
            }
        });
        return of(new ArrayList<>(decisions), people, reference);
    }

    private static LogDrift of(List<Entry> decisions, Map<String, Action> people, Reference reference) {
        SequencedMap<String, Double> stability = new LinkedHashMap<>();
        reference.scores().forEach((label, expected) -> {
            long[] actual = new long[expected.counts().length];
            decisions.forEach(entry -> {
                Score score = entry.scores().get(label);
                if (score != null) {
                    actual[expected.place(score.probability())]++;
                }
            });
            stability.put(label, Histogram.stability(expected.counts(), actual));
        });
        SequencedMap<String, Integer> languages = new TreeMap<>();
        Map<String, Action> advised = new HashMap<>(); // of several decisions on a comment the last
        decisions.forEach(entry -> {
            String language = entry.language();
            languages.merge(language == null ? UNSAID : language, 1, Integer::sum);
            advised.put(entry.id(), entry.advised());
        });
        int judged = 0;
        int overturned = 0;
        for (Map.Entry<String, Action> said : advised.entrySet()) {
            Action person = people.get(said.getKey());
            judged += person == null ? 0 : 1;
            overturned += person != null && overturns(said.getValue(), person) ? 1 : 0;
        }
        return new LogDrift(
                decisions.size(),
                stability,
                share(decisions, Action.REVIEW),
                share(decisions, Action.BLOCK),
                judged,
                overturned,
                languages);
    }

    /// Whether a person found that the policy was wrong.
    public static boolean overturns(Action advised, Action decided) {
        return advised == Action.REVIEW ? decided == Action.ALLOW : advised != decided;
    }

    private static double share(List<Entry> decisions, Action action) {
        return decisions.isEmpty()
                ? 0
                : (double) decisions.stream()
                                .filter(entry -> entry.advised() == action)
                                .count()
                        / decisions.size();
    }
}

package heed.moderation;

import heed.moderation.LabelScorer.Score;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A decision as JSON has it, on the command line and over HTTP.
public final class DecisionView {
    private static final int MOST_WORDS = 5;

    private DecisionView() {}

    /// @return what is to be written as JSON
    public static Map<String, Object> of(String id, Decision decision) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", id);
        view.put("action", decision.action().word());
        view.put("advised", decision.advised().word());
        view.put("policy", decision.policy());
        view.put("reasons", decision.reasons().stream().map(DecisionView::of).toList());
        Map<String, Object> scores = new LinkedHashMap<>();
        decision.scores().forEach((label, score) -> scores.put(label, score.probability()));
        view.put("scores", scores);
        return view;
    }

    private static Map<String, Object> of(Decision.Reason reason) {
        Score score = reason.score();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("category", reason.category());
        view.put("action", reason.action().word());
        view.put("score", score.probability());
        view.put("threshold", reason.threshold());
        view.put("found_in", score.normalized() ? "normalized" : "raw");
        view.put("start", score.start());
        view.put("end", score.end());
        return view;
    }

    /// The words that the gravest score hangs on most, by leaving each out ([Occlusion]); none for a comment
    /// that has no reason against it.
    public static List<Map<String, Object>> words(LabelScorer scorer, String text, Decision decision) {
        return words(Explainer.occlusion(), scorer, text, decision);
    }

    /// The words that the gravest score hangs on most, as somebody says.
    public static List<Map<String, Object>> words(
            Explainer explainer, LabelScorer scorer, String text, Decision decision) {
        if (decision.reasons().isEmpty()) {
            return List.of();
        }
        String label = decision.reasons().getFirst().label();
        return explainer.parts(scorer, text, label).stream()
                .limit(MOST_WORDS)
                .map(DecisionView::of)
                .toList();
    }

    public static Map<String, Object> of(Part part) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("text", part.text());
        view.put("start", part.start());
        view.put("end", part.end());
        view.put("part", part.part());
        return view;
    }
}

package heed.server.api;

import heed.moderation.Decision;
import heed.moderation.DecisionView;
import heed.moderation.Moderator.Comment;
import heed.serving.Ability;
import heed.serving.NotServed;
import heed.serving.ServedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Heed's own: comments judged, as `heed moderate run` judges them.
record ModerationRoutes(Judge judge) {
    /// Every word of an explained comment is a text more.
    private static final int MOST_EXPLAINED = 16;

    void addTo(Endpoints endpoints) {
        endpoints.post("/moderate", (request, _) -> moderate(request));
    }

    private List<Map<String, Object>> moderate(ApiRequest request) {
        List<Comment> comments = request.limited(request.fields().objects("comments")).stream()
                .map(one -> new Comment(one.text("id"), one.text("text"), one.textOrNull("language")))
                .toList();
        if (comments.isEmpty()) {
            throw NotServed.invalid("'comments' is missing or empty");
        }
        String explain = explanation(request.fields());
        if (!explain.isEmpty() && comments.size() > MOST_EXPLAINED) {
            throw NotServed.tooLarge("at most " + MOST_EXPLAINED + " comments are explained at once");
        }
        ServedModel model = request.model(Ability.CLASSIFY);
        Judge.Verdict verdict = judge.decide(model, comments, request.deadline());
        List<Map<String, Object>> views = new ArrayList<>();
        for (int i = 0; i < comments.size(); i++) {
            Decision decision = verdict.decisions().get(i);
            Map<String, Object> view = DecisionView.of(comments.get(i).id(), decision);
            if (!explain.isEmpty()) {
                view.put("words", judge.words(model, verdict, comments.get(i), decision, explain));
            }
            views.add(view);
        }
        return views;
    }

    /// `true` is by occlusion; empty where nobody asks.
    private static String explanation(Fields fields) {
        JsonNode said = fields.nodeOrNull("explain");
        if (said == null || said.isString()) {
            return said == null ? "" : said.stringValue();
        }
        return fields.flag("explain", false) ? "occlusion" : "";
    }
}

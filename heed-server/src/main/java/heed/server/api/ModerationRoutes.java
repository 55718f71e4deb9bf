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
        boolean explain = request.fields().flag("explain", false);
        if (explain && comments.size() > MOST_EXPLAINED) {
            throw NotServed.tooLarge("at most " + MOST_EXPLAINED + " comments are explained at once");
        }
        ServedModel model = request.model(Ability.CLASSIFY);
        Judge.Verdict verdict = judge.decide(model, comments, request.deadline());
        List<Map<String, Object>> views = new ArrayList<>();
        for (int i = 0; i < comments.size(); i++) {
            Decision decision = verdict.decisions().get(i);
            Map<String, Object> view = DecisionView.of(comments.get(i).id(), decision);
            if (explain) {
                view.put(
                        "words",
                        DecisionView.words(verdict.scorer(), comments.get(i).text(), decision));
            }
            views.add(view);
        }
        return views;
    }
}

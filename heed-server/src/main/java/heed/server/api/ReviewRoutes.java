package heed.server.api;

import static heed.server.api.Dialect.ordered;

import heed.moderation.Action;
import heed.moderation.DecisionView;
import heed.moderation.ReviewQueue;
import heed.serving.Ability;
import heed.serving.NotServed;
import heed.serving.Serving;
import java.util.List;
import java.util.Map;

/// The page on which people look at comments that a policy wants reviewed. Comments are asked for by a number:
/// neither their texts nor their ids are ever part of an address.
record ReviewRoutes(Judge judge, Serving serving) {
    private static final int SHOWN = 50;
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_NOTE = 2000;

    void addTo(Endpoints endpoints) {
        endpoints.get("/api/reviews", _ -> waiting());
        endpoints.post("/api/reviews/why", (request, _) -> why(request));
        endpoints.post("/api/reviews/decide", (request, _) -> decide(request));
    }

    private Object waiting() {
        ReviewQueue reviews = judge.reviews();
        List<Map<String, Object>> items =
                reviews.items(SHOWN).stream().map(ReviewRoutes::view).toList();
        return ordered(
                "waiting", reviews.size(), "most", reviews.most(), "dropped", reviews.dropped(), "reviews", items);
    }

    private static Map<String, Object> view(ReviewQueue.Item item) {
        return ordered(
                "key",
                item.key(),
                "time",
                item.time(),
                "language",
                item.comment().language(),
                "text",
                item.comment().text(),
                "decision",
                item.decision());
    }

    private Object why(ApiRequest request) {
        long key = key(request.fields());
        String by = request.fields().textOrNull("by");
        judge.reviews();
        return ordered(
                "words",
                judge
                        .why(
                                serving.model(null, Ability.CLASSIFY),
                                key,
                                by == null ? "occlusion" : by,
                                request.deadline())
                        .stream()
                        .map(DecisionView::of)
                        .toList());
    }

    private Object decide(ApiRequest request) {
        Fields fields = request.fields();
        long key = key(fields);
        Action action = switch (fields.text("action")) {
            case "allow" -> Action.ALLOW;
            case "block" -> Action.BLOCK;
            default -> throw NotServed.invalid("'action' is allow or block");
        };
        String reviewer = limited(fields, "reviewer", LONGEST_NAME).strip();
        if (reviewer.isEmpty()) {
            throw NotServed.invalid("'reviewer' is empty: the log tells who decided");
        }
        String note = fields.has("note") ? limited(fields, "note", LONGEST_NOTE) : "";
        judge.review(key, action, reviewer, note);
        return ordered("waiting", judge.reviews().size());
    }

    private static String limited(Fields fields, String name, int most) {
        String text = fields.text(name);
        if (text.length() > most) {
            throw NotServed.invalid("'" + name + "' has " + text.length() + " characters, at most " + most);
        }
        return text;
    }

    private static long key(Fields fields) {
        Integer key = fields.wholeOrNull("key");
        if (key == null) {
            throw NotServed.invalid("'key' is missing");
        }
        return key;
    }
}

package heed.cli;

import heed.moderation.AuditLog;
import heed.moderation.Decision;
import heed.moderation.DecisionView;
import heed.moderation.Explainer;
import heed.moderation.Moderator;
import heed.moderation.Moderator.Comment;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Comments judged line by line. A decision is in the log before it is printed.
final class ModerationRun implements AutoCloseable {
    private final Moderator moderator;
    private final @Nullable AuditLog log;
    private final boolean json;
    private final @Nullable Explainer explainer;
    private final String model;

    /// @param log null for none
    /// @param json whether lines are JSON
    /// @param explainer null where nobody asks why
    ModerationRun(Moderator moderator, @Nullable AuditLog log, boolean json, @Nullable Explainer explainer) {
        this.moderator = moderator;
        this.log = log;
        this.json = json;
        this.explainer = explainer;
        this.model =
                log == null ? "" : AuditLog.version(moderator.scorer().model().folder());
    }

    void all(String file, PrintWriter out) throws IOException {
        Lines.forEachChunk(file, (lines, firstLine) -> {
            List<Comment> comments = comments(file, lines, firstLine);
            List<Decision> decisions = Lines.numbered(file, firstLine, () -> moderator.decide(comments));
            for (int i = 0; i < comments.size(); i++) {
                if (log != null) {
                    log.decided(comments.get(i), decisions.get(i), model);
                }
                out.println(Json.line(view(comments.get(i), decisions.get(i))));
            }
            out.flush();
        });
    }

    private List<Comment> comments(String file, List<String> lines, int firstLine) {
        List<Comment> comments = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String number = String.valueOf(firstLine + i);
            comments.add(
                    json
                            ? comment(lines.get(i), Lines.named(file) + ", line " + number)
                            : new Comment(number, lines.get(i), null));
        }
        return comments;
    }

    private static Comment comment(String line, String place) {
        boolean object = Json.valueOrText(line) instanceof Map<?, ?>;
        Map<?, ?> fields = object ? (Map<?, ?>) Json.valueOrText(line) : Map.of();
        if (fields.get("id") == null || !(fields.get("text") instanceof String text)) {
            throw new IllegalArgumentException(place + " is no JSON with an id and a text");
        }
        Object language = fields.get("language");
        return new Comment(String.valueOf(fields.get("id")), text, language == null ? null : String.valueOf(language));
    }

    private Map<String, Object> view(Comment comment, Decision decision) {
        Map<String, Object> view = DecisionView.of(comment.id(), decision);
        if (explainer != null) {
            view.put("words", DecisionView.words(explainer, moderator.scorerInForce(), comment.text(), decision));
        }
        return view;
    }

    @Override
    public void close() {
        if (log != null) {
            log.close();
        }
    }
}

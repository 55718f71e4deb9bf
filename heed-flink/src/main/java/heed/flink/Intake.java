package heed.flink;

import heed.moderation.ModerationException;
import java.time.Instant;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Makes comments of lines; what is none becomes a dead letter.
final class Intake extends ProcessFunction<Arrival, Comment> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    static final OutputTag<OutputLine> DEAD = new OutputTag<>("dead letters", Types.POJO(OutputLine.class));
    static final String DEAD_LINES = "dead lines";
    static final int LONGEST_ID = 256;

    /// A comment beyond that is a book: its windows would keep all others waiting.
    static final int LONGEST_TEXT = 100_000;

    private transient @Nullable Counts counts;

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        counts = Counts.open(context, getRuntimeContext(), DEAD_LINES);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        Objects.requireNonNull(counts).keep();
    }

    @Override
    public void processElement(Arrival arrival, Context context, Collector<Comment> out) {
        Comment comment;
        try {
            comment = comment(arrival);
        } catch (ModerationException e) {
            Objects.requireNonNull(counts).add(DEAD_LINES);
            String letter = DeadLetter.line(
                    Instant.now(), arrival.place(), null, String.valueOf(e.getMessage()), arrival.text());
            context.output(DEAD, new OutputLine(arrival.place(), letter));
            return;
        }
        out.collect(comment);
    }

    /// @throws ModerationException when it is none, with the reason
    static Comment comment(Arrival arrival) {
        if (!arrival.problem().isEmpty()) {
            throw new ModerationException(arrival.problem());
        }
        Comment comment =
                arrival.json() ? ofJson(arrival) : new Comment(arrival.place(), arrival.place(), arrival.text(), null);
        if (comment.text().isBlank()) {
            throw new ModerationException("the text is empty");
        }
        if (comment.text().length() > LONGEST_TEXT) {
            throw new ModerationException(
                    "the text has " + comment.text().length() + " characters, at most " + LONGEST_TEXT + " are taken");
        }
        return comment;
    }

    private static Comment ofJson(Arrival arrival) {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(arrival.text());
        } catch (JacksonException e) {
            throw new ModerationException("no JSON: " + e.getOriginalMessage(), e);
        }
        if (!root.isObject()) {
            throw new ModerationException("no JSON object with an id and a text");
        }
        return new Comment(arrival.place(), id(root.get("id")), text(root.get("text")), language(root.get("language")));
    }

    private static String id(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            throw new ModerationException("there is no id");
        }
        if (!node.isString() && !node.isIntegralNumber()) {
            throw new ModerationException("the id is neither a text nor a whole number but " + kind(node));
        }
        String id = node.asString();
        if (id.isBlank()) {
            throw new ModerationException("the id is empty");
        }
        if (id.length() > LONGEST_ID) {
            throw new ModerationException(
                    "the id has " + id.length() + " characters, at most " + LONGEST_ID + " are taken");
        }
        if (id.codePoints().anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)) {
            throw new ModerationException("the id has half a character: it could not be written down");
        }
        return id;
    }

    private static String text(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            throw new ModerationException("there is no text");
        }
        if (!node.isString()) {
            throw new ModerationException("the text is " + kind(node));
        }
        return node.stringValue();
    }

    private static @Nullable String language(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isString()) {
            throw new ModerationException("the language is " + kind(node) + ", it must be a text");
        }
        return node.stringValue();
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case BOOLEAN -> "true or false";
            case NUMBER -> "a number";
            case STRING -> "a text";
            default -> "an object";
        };
    }
}

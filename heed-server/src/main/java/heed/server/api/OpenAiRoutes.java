package heed.server.api;

import static heed.server.api.Dialect.ordered;

import heed.chat.ChatMessage;
import heed.generation.Decoding;
import heed.moderation.Action;
import heed.moderation.Decision;
import heed.moderation.Moderator;
import heed.serving.Ability;
import heed.serving.NotServed;
import heed.serving.NotServed.Reason;
import heed.serving.ServedModel;
import heed.serving.Serving;
import heed.task.Chat;
import heed.task.TextGenerator;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What OpenAI's clients ask: embeddings, completions, chat, moderations, models.
final class OpenAiRoutes {
    /// As many tokens as OpenAI's completions have when nobody says.
    private static final int COMPLETION_TOKENS = 16;

    private final Serving serving;
    private final Judge judge;
    private final InstantSource time;

    OpenAiRoutes(Serving serving, Judge judge, InstantSource time) {
        this.serving = serving;
        this.judge = judge;
        this.time = time;
    }

    void addTo(Endpoints endpoints) {
        endpoints.get("/v1/models", _ -> models());
        endpoints.get("/v1/models/{model:.+}", this::model);
        endpoints.post("/v1/embeddings", (request, _) -> embeddings(request));
        endpoints.post("/v1/completions", this::completions);
        endpoints.post("/v1/chat/completions", this::chat);
        endpoints.post("/v1/moderations", (request, _) -> moderations(request));
    }

    private Object models() {
        return ordered(
                "object",
                "list",
                "data",
                serving.models().stream().map(model -> described(model.name())).toList());
    }

    private Object model(ServerRequest request) {
        String name = request.path().pathParameters().get("model");
        return described(serving.model(name, Ability.TOKENIZE).name());
    }

    private static Map<String, Object> described(String name) {
        return ordered("id", name, "object", "model", "created", 0, "owned_by", "heed");
    }

    private static Object embeddings(ApiRequest request) throws InterruptedException {
        Fields fields = request.fields();
        ServedModel model = request.model(Ability.EMBED);
        boolean base64 = inBase64(fields);
        List<int[]> ids = Vectors.inputs(request, "input", model, false);
        List<float[]> vectors = model.embed(ids, true, request.deadline());
        Integer dimensions = fields.wholeOrNull("dimensions");
        List<float[]> shown = dimensions == null ? vectors : Vectors.shortened(vectors, dimensions, true);
        List<Object> data = new ArrayList<>();
        for (int i = 0; i < shown.size(); i++) {
            Object vector = base64 ? Vectors.base64(shown.get(i)) : shown.get(i);
            data.add(ordered("object", "embedding", "index", i, "embedding", vector));
        }
        int tokens = ids.stream().mapToInt(array -> array.length).sum();
        return ordered("object", "list", "data", data, "model", model.name(), "usage", usage(tokens, 0));
    }

    private static boolean inBase64(Fields fields) {
        String format = fields.textOrNull("encoding_format");
        if (format == null || format.equals("float")) {
            return false;
        }
        if (format.equals("base64")) {
            return true;
        }
        throw fields.wrong("encoding_format", "float or base64");
    }

    private static Map<String, Object> usage(int prompt, int written) {
        Map<String, Object> usage = ordered("prompt_tokens", prompt);
        if (written > 0) {
            usage.put("completion_tokens", written);
        }
        usage.put("total_tokens", prompt + written);
        return usage;
    }

    /// How parts of an answer look: those of completions and those of chat differ.
    private sealed interface Shape {
        String whole();

        String part();

        Map<String, Object> choice(int index, String text, @Nullable String reason, boolean streamed);

        record Completion() implements Shape {
            @Override
            public String whole() {
                return "text_completion";
            }

            @Override
            public String part() {
                return "text_completion";
            }

            @Override
            public Map<String, Object> choice(int index, String text, @Nullable String reason, boolean streamed) {
                return ordered("text", text, "index", index, "logprobs", null, "finish_reason", reason);
            }
        }

        record Dialogue() implements Shape {
            @Override
            public String whole() {
                return "chat.completion";
            }

            @Override
            public String part() {
                return "chat.completion.chunk";
            }

            @Override
            public Map<String, Object> choice(int index, String text, @Nullable String reason, boolean streamed) {
                Map<String, Object> said = streamed ? new LinkedHashMap<>() : ordered("role", "assistant");
                if (!streamed || !text.isEmpty()) {
                    said.put("content", text);
                }
                return ordered(
                        "index",
                        index,
                        streamed ? "delta" : "message",
                        said,
                        "logprobs",
                        null,
                        "finish_reason",
                        reason);
            }
        }
    }

    private @Nullable Object completions(ApiRequest request, ServerResponse response) throws InterruptedException {
        ServedModel model = request.model(Ability.WRITE);
        Writing writing = Writing.of(request.fields(), COMPLETION_TOKENS);
        List<int[]> prompts = prompts(request, model);
        return answer(request, response, model, writing, prompts, new Shape.Completion());
    }

    /// A text, several, the token ids of one, or those of several.
    private static List<int[]> prompts(ApiRequest request, ServedModel model) {
        JsonNode node = request.fields().node("prompt");
        boolean ids = node.isArray() && !node.isEmpty() && !node.get(0).isString();
        if (ids) {
            return Vectors.inputs(request, "prompt", model, false);
        }
        TextGenerator generator = new TextGenerator(model.model(), Decoding.greedy());
        return request.limited(request.fields().texts("prompt")).stream()
                .map(generator::encode)
                .toList();
    }

    private @Nullable Object chat(ApiRequest request, ServerResponse response) throws InterruptedException {
        ServedModel model = request.model(Ability.WRITE);
        int[] prompt = new Chat(model.model(), Decoding.greedy()).encode(conversation(request.fields()));
        int room = model.model().config().maxTokens() - prompt.length;
        if (room < 1) {
            throw NotServed.tooLarge("the conversation has " + prompt.length + " tokens, " + model.name()
                    + " takes at most " + model.model().config().maxTokens() + " with the answer");
        }
        Writing writing = Writing.of(request.fields(), room);
        return answer(request, response, model, writing, List.of(prompt), new Shape.Dialogue());
    }

    private static List<ChatMessage> conversation(Fields fields) {
        List<Fields> messages = fields.objects("messages");
        if (messages.isEmpty()) {
            throw NotServed.invalid("'messages' is missing or empty");
        }
        return messages.stream()
                .map(message -> new ChatMessage(role(message), content(message)))
                .toList();
    }

    private static String role(Fields message) {
        String role = message.text("role");
        return role.equals("developer") ? "system" : role;
    }

    /// A text, or parts of which each is a text.
    private static String content(Fields message) {
        JsonNode content = message.node("content");
        if (content.isString()) {
            return message.text("content");
        }
        StringBuilder text = new StringBuilder();
        for (Fields part : message.objects("content")) {
            if (!part.text("type").equals("text")) {
                throw part.wrong("type", "text: only texts are read");
            }
            text.append(part.text("text"));
        }
        return text.toString();
    }

    private @Nullable Object answer(
            ApiRequest request,
            ServerResponse response,
            ServedModel model,
            Writing writing,
            List<int[]> prompts,
            Shape shape)
            throws InterruptedException {
        Map<String, Object> head = ordered(
                "id",
                (shape instanceof Shape.Dialogue ? "chatcmpl-" : "cmpl-") + id(),
                "object",
                shape.whole(),
                "created",
                time.instant().getEpochSecond(),
                "model",
                model.name());
        if (request.fields().flag("stream", false)) {
            if (prompts.size() > 1 || writing.decoding().sequences() > 1) {
                throw NotServed.invalid("a stream has one continuation of one prompt");
            }
            head.put("object", shape.part());
            stream(request, response, model, writing, prompts.getFirst(), shape, head);
            return null;
        }
        List<Object> choices = new ArrayList<>();
        int written = 0;
        for (int[] prompt : prompts) {
            for (Writing.Choice choice : writing.write(request, model, prompt, _ -> {})) {
                choices.add(shape.choice(choices.size(), choice.text(), choice.reason(), false));
                written += choice.tokens();
            }
        }
        head.put("choices", choices);
        head.put("usage", usage(prompts.stream().mapToInt(ids -> ids.length).sum(), written));
        return head;
    }

    private static void stream(
            ApiRequest request,
            ServerResponse response,
            ServedModel model,
            Writing writing,
            int[] prompt,
            Shape shape,
            Map<String, Object> head)
            throws InterruptedException {
        try (EventStream events = new EventStream(response)) {
            if (shape instanceof Shape.Dialogue) {
                Map<String, Object> delta = ordered("role", "assistant", "content", "");
                Map<String, Object> first =
                        ordered("index", 0, "delta", delta, "logprobs", null, "finish_reason", null);
                events.later(with(head, List.of(first)));
            }
            try {
                Writing.Choice done = writing.write(
                                request,
                                model,
                                prompt,
                                text -> events.send(with(head, List.of(shape.choice(0, text, null, true)))))
                        .getFirst();
                events.send(with(head, List.of(shape.choice(0, "", done.reason(), true))));
                if (request.fields().object("stream_options").flag("include_usage", false)) {
                    Map<String, Object> last = with(head, List.of());
                    last.put("usage", usage(prompt.length, done.tokens()));
                    events.send(last);
                }
                events.sendLine("[DONE]");
            } catch (RuntimeException e) {
                if (!events.begun() || e instanceof ClientGone) {
                    throw e;
                }
                Reason reason = e instanceof NotServed not ? not.reason() : Reason.UNABLE;
                events.send(
                        Dialect.OPENAI.problem(Dialect.OPENAI.status(reason), reason, String.valueOf(e.getMessage())));
            }
        }
    }

    private static Map<String, Object> with(Map<String, Object> head, List<Object> choices) {
        Map<String, Object> event = new LinkedHashMap<>(head);
        event.put("choices", choices);
        return event;
    }

    private static String id() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /// What the policy says of texts; without one, a label is given where it is more probable than not.
    private Object moderations(ApiRequest request) throws InterruptedException {
        List<String> texts = request.limited(moderated(request.fields()));
        String id = "modr-" + id();
        ServedModel model = request.model(judge.hasPolicy() ? Ability.CLASSIFY : Ability.MODERATE);
        List<Object> results = judge.hasPolicy() ? judged(request, model, texts, id) : labelled(request, model, texts);
        return ordered("id", id, "model", model.name(), "results", results);
    }

    private List<Object> judged(ApiRequest request, ServedModel model, List<String> texts, String id) {
        List<Moderator.Comment> comments = IntStream.range(0, texts.size())
                .mapToObj(i -> new Moderator.Comment(id + "-" + i, texts.get(i), null))
                .toList();
        Judge.Verdict verdict = judge.decide(model, comments, request.deadline());
        List<Object> results = new ArrayList<>();
        for (Decision decision : verdict.decisions()) {
            Map<String, Object> categories = new LinkedHashMap<>();
            Map<String, Object> shown = new LinkedHashMap<>();
            verdict.policy().categories().forEach((name, category) -> {
                categories.put(
                        name,
                        decision.reasons().stream()
                                .anyMatch(reason -> reason.category().equals(name)));
                shown.put(name, decision.score(category.label()).probability());
            });
            results.add(ordered(
                    "flagged",
                    decision.action() != Action.ALLOW,
                    "categories",
                    categories,
                    "category_scores",
                    shown,
                    "action",
                    decision.action().word(),
                    "advised",
                    decision.advised().word()));
        }
        return results;
    }

    private static List<Object> labelled(ApiRequest request, ServedModel model, List<String> texts)
            throws InterruptedException {
        List<String> labels = model.classifier().labels();
        List<Object> results = new ArrayList<>();
        for (float[] logits : model.logits(model.encode(texts, false), request.deadline())) {
            float[] scores = model.classifier().probabilities(logits);
            Map<String, Object> categories = new LinkedHashMap<>();
            Map<String, Object> shown = new LinkedHashMap<>();
            for (int c = 0; c < scores.length; c++) {
                categories.put(labels.get(c), scores[c] > 0.5f);
                shown.put(labels.get(c), scores[c]);
            }
            results.add(ordered(
                    "flagged", categories.containsValue(true), "categories", categories, "category_scores", shown));
        }
        return results;
    }

    /// A text, several, or parts of which each is a text.
    private static List<String> moderated(Fields fields) {
        JsonNode input = fields.node("input");
        if (input.isArray() && !input.isEmpty() && input.get(0).isObject()) {
            return fields.objects("input").stream()
                    .map(part -> part.text("text"))
                    .toList();
        }
        return fields.texts("input");
    }
}

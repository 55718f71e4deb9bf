package heed.server.api;

import static heed.server.api.Dialect.ordered;

import heed.generation.Decoding;
import heed.model.AttentionMaps;
import heed.model.Model;
import heed.serving.Ability;
import heed.serving.NotServed;
import heed.serving.ServedModel;
import heed.task.TextGenerator;
import heed.task.Translator;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Heed's own: what follows a text, its translation, and what a head looks at in it.
final class WritingRoutes {
    private static final int MOST_BEAMS = 16;

    /// Tokens of a text whose heads are sent whole.
    private static final int MOST_ATTENDED = 512;

    private WritingRoutes() {}

    static void addTo(Endpoints endpoints) {
        endpoints.post("/generate", WritingRoutes::generate);
        endpoints.post("/translate", (request, _) -> translate(request));
        endpoints.post("/attend", (request, _) -> attend(request));
    }

    private static @Nullable Object generate(ApiRequest request, ServerResponse response) throws InterruptedException {
        ServedModel model = request.model(Ability.WRITE);
        Fields fields = request.fields();
        Writing writing = Writing.of(fields, 20);
        int[] prompt = new TextGenerator(model.model(), Decoding.greedy()).encode(fields.text("inputs"));
        if (!fields.flag("stream", false)) {
            List<Map<String, Object>> written = writing.write(request, model, prompt, _ -> {}).stream()
                    .map(WritingRoutes::generated)
                    .toList();
            return written.size() == 1 ? written.getFirst() : written;
        }
        if (writing.decoding().sequences() > 1) {
            throw NotServed.invalid("a stream has one continuation");
        }
        try (EventStream events = new EventStream(response)) {
            Writing.Choice done = writing.write(request, model, prompt, text -> events.send(ordered("text", text)))
                    .getFirst();
            events.send(generated(done));
        }
        return null;
    }

    private static Map<String, Object> generated(Writing.Choice choice) {
        return ordered(
                "generated_text", choice.text(), "finish_reason", choice.reason(), "generated_tokens", choice.tokens());
    }

    private static Object translate(ApiRequest request) throws InterruptedException {
        ServedModel model = request.model(Ability.REWRITE);
        Fields fields = request.fields();
        int beams = fields.whole("beams", 0);
        if (beams < 0 || beams > MOST_BEAMS) {
            throw NotServed.invalid("'beams' is 1 to " + MOST_BEAMS);
        }
        Decoding decoding =
                beams == 0 ? Translator.usual(model.model()) : beams == 1 ? Decoding.greedy() : Decoding.beams(beams);
        List<String> sources = request.limited(fields.texts("inputs"));
        return model.rewrite(sources, decoding, request.deadline()).stream()
                .map(one -> ordered("source", one.source(), "translation_text", one.text(), "score", one.score()))
                .toList();
    }

    /// As `heed attend --format json` answers.
    private static Object attend(ApiRequest request) {
        ServedModel served = request.model(Ability.TOKENIZE);
        Fields fields = request.fields();
        String text = fields.text("inputs");
        String pair = fields.textOrNull("pair");
        Model model = served.model();
        int tokens = served.encode(List.of(text), false).getFirst().length();
        if (tokens > MOST_ATTENDED) {
            throw NotServed.tooLarge("the text has " + tokens + " tokens; heads of at most " + MOST_ATTENDED
                    + " are sent, the explorer shows longer ones in parts");
        }
        try (var _ = request.serving().admission().admit(tokens)) {
            AttentionMaps maps = model.look(text, pair);
            Map<String, Object> answer = ordered("model", served.name(), "tokens", maps.tokens());
            Integer layer = fields.wholeOrNull("layer");
            Integer head = fields.wholeOrNull("head");
            if (layer == null && head == null) {
                answer.put("attentions", maps.weights());
                return answer;
            }
            if (layer == null || head == null) {
                throw NotServed.invalid("'layer' and 'head' are given together, or neither");
            }
            answer.put("layer", layer);
            answer.put("head", head);
            answer.put("weights", maps.layer(layer).head(head).weights());
            return answer;
        }
    }
}

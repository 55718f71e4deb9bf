package heed.server.api;

import static heed.server.api.Dialect.ordered;

import heed.serving.Ability;
import heed.serving.NotServed;
import heed.serving.ServedModel;
import heed.task.Classifier;
import heed.task.Embedder;
import heed.text.EncodeOptions;
import heed.text.Encoding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Texts to vectors, labels, orders and tokens, as text-embeddings-inference answers them. A request may name
/// its model; without a name the first that can is asked.
final class InferenceRoutes {
    private InferenceRoutes() {}

    static void addTo(Endpoints endpoints) {
        endpoints.post("/embed", (request, _) -> embed(request));
        endpoints.post("/similarity", (request, _) -> similarity(request));
        endpoints.post("/predict", (request, _) -> predict(request));
        endpoints.post("/rerank", (request, _) -> rerank(request));
        endpoints.post("/tokenize", (request, _) -> tokenize(request));
        endpoints.post("/decode", (request, _) -> decode(request));
    }

    private static List<float[]> embed(ApiRequest request) throws InterruptedException {
        Fields fields = request.fields();
        ServedModel model = request.model(Ability.EMBED);
        boolean normalize = fields.flag("normalize", true);
        List<float[]> vectors = model.embed(inputs(request, model), normalize, request.deadline());
        Integer dimensions = fields.wholeOrNull("dimensions");
        return dimensions == null ? vectors : Vectors.shortened(vectors, dimensions, normalize);
    }

    /// What is to be embedded: a text, several, or token ids of either.
    private static List<int[]> inputs(ApiRequest request, ServedModel model) {
        return Vectors.inputs(request, "inputs", model, request.fields().flag("truncate", false));
    }

    private static List<Double> similarity(ApiRequest request) throws InterruptedException {
        Fields inputs = request.fields().object("inputs");
        List<String> texts = new ArrayList<>();
        texts.add(inputs.text("source_sentence"));
        texts.addAll(inputs.textList("sentences"));
        ServedModel model = request.model(Ability.EMBED);
        List<int[]> ids =
                model
                        .encode(
                                request.limited(texts),
                                request.fields().object("parameters").flag("truncate", false))
                        .stream()
                        .map(Encoding::ids)
                        .toList();
        List<float[]> vectors = model.embed(ids, true, request.deadline());
        return vectors.subList(1, vectors.size()).stream()
                .map(vector -> Embedder.cosine(vectors.getFirst(), vector))
                .toList();
    }

    /// A text, a pair of texts, or a list of lists of either. One gets a list of labels, a list of them a list
    /// of lists.
    private static Object predict(ApiRequest request) throws InterruptedException {
        ServedModel model = request.model(Ability.CLASSIFY);
        boolean truncate = request.fields().flag("truncate", false);
        JsonNode inputs = request.fields().node("inputs");
        boolean many = inputs.isArray() && !inputs.isEmpty() && inputs.get(0).isArray();
        List<JsonNode> sequences = new ArrayList<>();
        if (many) {
            inputs.forEach(sequences::add);
        } else {
            sequences.add(inputs);
        }
        List<Encoding> encodings = new ArrayList<>();
        for (JsonNode sequence : request.limited(sequences)) {
            encodings.add(sequence(sequence, model, truncate));
        }
        boolean raw = request.fields().flag("raw_scores", false);
        List<List<Map<String, Object>>> answers = model.logits(encodings, request.deadline()).stream()
                .map(logits -> labels(model.classifier(), logits, raw))
                .toList();
        return many ? answers : answers.getFirst();
    }

    private static Encoding sequence(JsonNode node, ServedModel model, boolean truncate) {
        if (node.isString()) {
            return model.encode(List.of(Fields.wellFormed(node.stringValue())), truncate)
                    .getFirst();
        }
        boolean one = node.isArray() && node.size() == 1 && node.get(0).isString();
        if (one) {
            return sequence(node.get(0), model, truncate);
        }
        if (node.isArray()
                && node.size() == 2
                && node.get(0).isString()
                && node.get(1).isString()) {
            String first = Fields.wellFormed(node.get(0).stringValue());
            String second = Fields.wellFormed(node.get(1).stringValue());
            return model.encode(List.of(second), first, truncate).getFirst();
        }
        throw NotServed.invalid("'inputs' is a text, a pair [text, text], or a list of such lists");
    }

    /// The labels of a text, the most probable first.
    private static List<Map<String, Object>> labels(Classifier classifier, float[] logits, boolean raw) {
        float[] scores = raw ? logits : classifier.probabilities(logits);
        List<String> labels = classifier.labels();
        return IntStream.range(0, labels.size())
                .boxed()
                .sorted(Comparator.comparingDouble(c -> -scores[c]))
                .map(c -> ordered("score", scores[c], "label", labels.get(c)))
                .toList();
    }

    private static List<Map<String, Object>> rerank(ApiRequest request) throws InterruptedException {
        Fields fields = request.fields();
        ServedModel model = request.model(Ability.RERANK);
        List<String> texts = request.limited(fields.textList("texts"));
        List<Encoding> pairs = model.encode(texts, fields.text("query"), fields.flag("truncate", false));
        boolean raw = fields.flag("raw_scores", false);
        boolean told = fields.flag("return_text", false);
        double[] scores = model.logits(pairs, request.deadline()).stream()
                .mapToDouble(logits -> raw ? logits[0] : 1 / (1 + Math.exp(-logits[0])))
                .toArray();
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .map(i -> ranked(i, told ? texts.get(i) : null, scores[i]))
                .toList();
    }

    private static Map<String, Object> ranked(int index, @Nullable String text, double score) {
        return text == null
                ? ordered("index", index, "score", score)
                : ordered("index", index, "text", text, "score", score);
    }

    private static List<List<Map<String, Object>>> tokenize(ApiRequest request) {
        EncodeOptions options = EncodeOptions.defaults();
        if (!request.fields().flag("add_special_tokens", true)) {
            options = options.withoutSpecialTokens();
        }
        List<String> texts = request.limited(request.fields().texts("inputs"));
        ServedModel model = request.model(Ability.TOKENIZE);
        request.serving().admission().requireRoom();
        return model.model().tokenizer().encode(texts, options).stream()
                .map(InferenceRoutes::tokens)
                .toList();
    }

    private static List<Map<String, Object>> tokens(Encoding encoding) {
        List<Map<String, Object>> tokens = new ArrayList<>();
        for (int i = 0; i < encoding.length(); i++) {
            boolean special = encoding.special()[i] == 1;
            tokens.add(ordered(
                    "id",
                    encoding.ids()[i],
                    "text",
                    encoding.tokens().get(i),
                    "special",
                    special,
                    "start",
                    special ? null : encoding.starts()[i],
                    "stop",
                    special ? null : encoding.ends()[i]));
        }
        return tokens;
    }

    private static List<String> decode(ApiRequest request) {
        Fields fields = request.fields();
        boolean skip = fields.flag("skip_special_tokens", true);
        JsonNode ids = fields.node("ids");
        ServedModel model = request.model(Ability.TOKENIZE);
        boolean many = ids.isArray() && !ids.isEmpty() && ids.get(0).isArray();
        List<JsonNode> lists = new ArrayList<>();
        if (many) {
            ids.forEach(lists::add);
        } else {
            lists.add(ids);
        }
        return request.limited(lists).stream()
                .map(list -> model.model().tokenizer().decode(fields.tokens("ids", list), skip))
                .toList();
    }
}

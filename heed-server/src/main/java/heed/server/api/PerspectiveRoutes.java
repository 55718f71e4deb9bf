package heed.server.api;

import static heed.server.api.Dialect.ordered;

import heed.serving.Ability;
import heed.serving.NotServed;
import heed.serving.ServedModel;
import heed.text.Encoding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/// What Perspective's clients ask: how likely a comment has each of some attributes.
///
/// An attribute is a label of the model, spelled in capitals; those of widely used models go by Perspective's
/// names.
final class PerspectiveRoutes {
    /// What labels of widely used checkpoints are called here.
    private static final Map<String, String> NAMES = Map.of(
            "toxic", "TOXICITY",
            "severe_toxic", "SEVERE_TOXICITY",
            "obscene", "PROFANITY",
            "identity_hate", "IDENTITY_ATTACK",
            "sexual_explicit", "SEXUALLY_EXPLICIT");

    private final Judge judge;

    PerspectiveRoutes(Judge judge) {
        this.judge = judge;
    }

    void addTo(Endpoints endpoints) {
        endpoints.post("/v1alpha1/comments:analyze", (request, _) -> analyze(request.fields(), request));
        endpoints.post("/v1alpha1/comments:suggestscore", (request, _) -> suggest(request.fields()));
    }

    private static Object analyze(Fields fields, ApiRequest request) throws InterruptedException {
        String text = text(fields);
        ServedModel model = request.model(Ability.MODERATE);
        SequencedMap<String, Integer> attributes = attributes(model.classifier().labels());
        List<String> wanted = wanted(fields, attributes);
        Encoding encoding = model.encode(List.of(text), false).getFirst();
        float[] scores = model.classifier()
                .probabilities(
                        model.logits(List.of(encoding), request.deadline()).getFirst());
        Map<String, Object> shown = new LinkedHashMap<>();
        for (String attribute : wanted) {
            double score = scores[attributes.getOrDefault(attribute, 0)];
            Double threshold =
                    fields.object("requestedAttributes").object(attribute).decimalOrNull("scoreThreshold");
            if (threshold == null || score >= threshold) {
                shown.put(attribute, attribute(score, text.length()));
            }
        }
        Map<String, Object> answer = ordered("attributeScores", shown);
        JsonNode languages = fields.nodeOrNull("languages");
        answer.put("languages", languages == null ? List.of() : fields.textList("languages"));
        return withToken(answer, fields);
    }

    private static Map<String, Object> attribute(double value, int length) {
        Map<String, Object> score = ordered("value", value, "type", "PROBABILITY");
        return ordered(
                "spanScores", List.of(ordered("begin", 0, "end", length, "score", score)), "summaryScore", score);
    }

    private static String text(Fields fields) {
        Fields comment = fields.object("comment");
        String type = comment.textOrNull("type");
        if (type != null && !type.equals("PLAIN_TEXT") && !type.equals("TEXT_TYPE_UNSPECIFIED")) {
            throw comment.wrong("type", "PLAIN_TEXT, the only one that is read");
        }
        return comment.text("text");
    }

    /// The labels of a model as attributes, each with its number.
    private static SequencedMap<String, Integer> attributes(List<String> labels) {
        SequencedMap<String, Integer> attributes = new LinkedHashMap<>();
        for (int c = 0; c < labels.size(); c++) {
            String label =
                    labels.get(c).toLowerCase(Locale.ROOT).replace(' ', '_').replace('-', '_');
            attributes.put(NAMES.getOrDefault(label, label.toUpperCase(Locale.ROOT)), c);
        }
        return attributes;
    }

    private static List<String> wanted(Fields fields, SequencedMap<String, Integer> attributes) {
        Fields requested = fields.object("requestedAttributes");
        List<String> wanted = new ArrayList<>(requested.node().propertyNames());
        if (wanted.isEmpty()) {
            throw NotServed.invalid("'requestedAttributes' is missing or empty");
        }
        for (String attribute : wanted) {
            if (!attributes.containsKey(attribute)) {
                throw NotServed.invalid("there is no attribute " + Fields.wellFormed(attribute) + "; there are "
                        + String.join(", ", attributes.keySet()));
            }
        }
        return wanted;
    }

    private Object suggest(Fields fields) {
        Suggestions kept = judge.suggestions();
        if (kept == null) {
            throw NotServed.unable("this server keeps no suggestions; start it with --suggestions FILE");
        }
        String text = text(fields);
        Fields scores = fields.object("attributeScores");
        Map<String, Double> suggested = new LinkedHashMap<>();
        for (String attribute : scores.node().propertyNames()) {
            Double value = scores.object(attribute).object("summaryScore").decimalOrNull("value");
            if (value == null || !(value >= 0 && value <= 1)) {
                throw NotServed.invalid(
                        "'attributeScores." + Fields.wellFormed(attribute) + ".summaryScore.value' is not 0 to 1");
            }
            suggested.put(Fields.wellFormed(attribute), value);
        }
        if (suggested.isEmpty()) {
            throw NotServed.invalid("'attributeScores' is missing or empty");
        }
        kept.add(text, suggested);
        return withToken(new LinkedHashMap<>(), fields);
    }

    private static Map<String, Object> withToken(Map<String, Object> answer, Fields fields) {
        String token = fields.textOrNull("clientToken");
        if (token != null) {
            answer.put("clientToken", token);
        }
        return answer;
    }
}

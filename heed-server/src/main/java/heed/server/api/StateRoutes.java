package heed.server.api;

import static heed.server.api.Dialect.ordered;

import heed.serving.Ability;
import heed.serving.ServedModel;
import heed.serving.Serving;
import heed.serving.ServingSettings;
import heed.task.Pooling;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// How the server is: alive, ready, what it serves, its limits, its measures, its interface.
final class StateRoutes {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Serving serving;

    StateRoutes(Serving serving) {
        this.serving = serving;
    }

    void addTo(Endpoints endpoints) {
        endpoints.getRaw("/health", this::ready);
        endpoints.getRaw("/health/ready", this::ready);
        endpoints.getRaw("/health/live", StateRoutes::live);
        endpoints.getRaw("/metrics", this::metrics);
        endpoints.get("/info", _ -> info());
        endpoints.getRaw("/openapi.json", StateRoutes::interfaces);
    }

    private static void live(ServerRequest request, ServerResponse response) {
        Endpoints.json(response, 200, Map.of("live", true));
    }

    private void ready(ServerRequest request, ServerResponse response) {
        Serving.Readiness readiness = serving.readiness();
        response.header("Cache-Control", "no-store");
        Endpoints.json(
                response,
                readiness.ready() ? 200 : 503,
                ordered("ready", readiness.ready(), "reasons", readiness.reasons()));
    }

    private void metrics(ServerRequest request, ServerResponse response) {
        response.header("Content-Type", PROMETHEUS);
        response.send(serving.metrics().scrape());
    }

    private static void interfaces(ServerRequest request, ServerResponse response) throws IOException {
        try (InputStream document =
                Objects.requireNonNull(StateRoutes.class.getResourceAsStream("openapi.json"), "openapi.json")) {
            response.header("Content-Type", "application/json; charset=utf-8");
            response.send(document.readAllBytes());
        }
    }

    /// The first model and the limits under the names of text-embeddings-inference, and all models.
    private Object info() {
        List<ServedModel> models = serving.models();
        ServingSettings settings = serving.settings();
        Map<String, Object> info = new LinkedHashMap<>();
        if (!models.isEmpty()) {
            ServedModel first = models.getFirst();
            info.put("model_id", first.name());
            info.put("model_dtype", dtype(first));
            info.put("model_type", kind(first));
            info.put("max_input_length", first.model().config().maxTokens());
        }
        info.put("max_batch_tokens", settings.batchTokens());
        info.put("max_waiting_tokens", settings.queueTokens());
        info.put("max_waiting_seconds", settings.longestWait().toMillis() / 1000.0);
        info.put("max_client_batch_size", settings.maxTexts());
        info.put("max_body_bytes", settings.maxBodyBytes());
        info.put("timeout_seconds", settings.timeout().toMillis() / 1000.0);
        info.put("auto_truncate", false);
        info.put("models", models.stream().map(StateRoutes::described).toList());
        return info;
    }

    private static Map<String, Object> described(ServedModel model) {
        List<String> abilities = Arrays.stream(Ability.values())
                .filter(model::can)
                .map(ability -> ability.name().toLowerCase(Locale.ROOT))
                .toList();
        return ordered(
                "id",
                model.name(),
                "architecture",
                model.model().config().architecture(),
                "dtype",
                dtype(model),
                "max_input_length",
                model.model().config().maxTokens(),
                "abilities",
                abilities,
                "labels",
                model.can(Ability.CLASSIFY) ? model.classifier().labels() : List.of());
    }

    private static String dtype(ServedModel model) {
        return model.model().weights().type().toString();
    }

    private static Map<String, Object> kind(ServedModel model) {
        if (model.can(Ability.CLASSIFY)) {
            Map<String, Object> names = new LinkedHashMap<>();
            Map<String, Object> numbers = new LinkedHashMap<>();
            List<String> labels = model.classifier().labels();
            for (int c = 0; c < labels.size(); c++) {
                names.put(String.valueOf(c), labels.get(c));
                numbers.put(labels.get(c), c);
            }
            String kind = model.can(Ability.RERANK) ? "reranker" : "classifier";
            return ordered(kind, ordered("id2label", names, "label2id", numbers));
        }
        if (model.can(Ability.EMBED)) {
            boolean mean = model.embedder().options().pooling() == Pooling.MEAN;
            return ordered("embedding", ordered("pooling", mean ? "mean" : "cls"));
        }
        return ordered("generation", Map.of());
    }
}

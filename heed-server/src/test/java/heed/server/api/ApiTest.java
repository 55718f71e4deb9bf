package heed.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import heed.hub.Hub;
import heed.model.Model;
import heed.model.ModelOptions;
import heed.model.Models;
import heed.server.ExplorerServer;
import heed.serving.Serving;
import heed.serving.ServingSettings;
import heed.task.Classifier;
import heed.task.Embedder;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What programs ask, over a real socket, on small seeded checkpoints.
@Timeout(120)
class ApiTest {
    private static final Path GOLDEN = Path.of("..", "heed-models", "src", "test", "resources", "golden");
    private static final Path READER = GOLDEN.resolve("bert/masked-lm");
    private static final Path SORTER = GOLDEN.resolve("bert/sequence-classification-multi");
    private static final Path TRANSLATOR = GOLDEN.resolve("generation/marian");
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static ExplorerServer server;

    @BeforeAll
    static void start() throws Exception {
        Path writer = ClientModels.writer(folder.resolve("writer"));
        server = ExplorerServer.start(
                new ExplorerServer.Settings(
                        "127.0.0.1",
                        0,
                        List.of(READER.toString(), SORTER.toString(), writer.toString(), TRANSLATOR.toString()),
                        ModelOptions.defaults(),
                        ServingSettings.defaults().withMaxBodyBytes(1 << 20).withMaxTexts(100),
                        null,
                        new ModerationFiles(null, null, null, folder.resolve("suggestions.jsonl"))),
                Hub.in(folder.resolve("cache")));
        while (get("/health/ready").statusCode() != 200) {
            Thread.sleep(20);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.address().resolve(path));
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    private static HttpResponse<String> post(String path, Object body) throws IOException, InterruptedException {
        String json = body instanceof String raw ? raw : JSON.writeValueAsString(body);
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private static JsonNode ok(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static JsonNode asked(String path, Object body) throws IOException, InterruptedException {
        return ok(post(path, body));
    }

    private static JsonNode refused(String path, int status, Object body) throws IOException, InterruptedException {
        HttpResponse<String> answer = post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body()).get("error");
    }

    private static float[] floats(JsonNode node) {
        float[] values = new float[node.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = node.get(i).floatValue();
        }
        return values;
    }

    @Test
    void vectorsAreThoseOfTheModelToTheLastBit() throws Exception {
        List<String> texts = List.of("the bank", "the river bank by the river");
        try (Model model = Models.open(READER)) {
            List<float[]> expected = new Embedder(model).embed(texts);
            JsonNode embedded = asked("/embed", Map.of("inputs", texts));
            JsonNode floats = asked("/v1/embeddings", Map.of("input", texts, "model", READER.toString()));
            JsonNode base64 = asked("/v1/embeddings", Map.of("input", texts, "encoding_format", "base64"));
            for (int i = 0; i < texts.size(); i++) {
                assertThat(floats(embedded.get(i))).containsExactly(expected.get(i));
                JsonNode data = floats.get("data").get(i);
                assertThat(data.get("index").intValue()).isEqualTo(i);
                assertThat(floats(data.get("embedding"))).containsExactly(expected.get(i));
                byte[] bytes = Base64.getDecoder()
                        .decode(base64.get("data").get(i).get("embedding").stringValue());
                float[] values = new float[bytes.length / 4];
                ByteBuffer.wrap(bytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer()
                        .get(values);
                assertThat(values).containsExactly(expected.get(i));
            }
            int tokens = model.encode(texts.get(0), null).length()
                    + model.encode(texts.get(1), null).length();
            assertThat(floats.get("usage").get("prompt_tokens").intValue()).isEqualTo(tokens);
            int[] ids = model.encode(texts.getFirst(), null).ids();
            assertThat(floats(asked("/embed", Map.of("inputs", ids)).get(0))).containsExactly(expected.getFirst());
        }
    }

    @Test
    void fewerDimensionsHaveLengthOneAgain() throws Exception {
        float[] vector = floats(asked("/v1/embeddings", Map.of("input", "the bank", "dimensions", 7))
                .get("data")
                .get(0)
                .get("embedding"));
        double squares = 0;
        for (float x : vector) {
            squares += x * x;
        }
        assertThat(vector).hasSize(7);
        assertThat(squares).isCloseTo(1, within(1e-6));
        assertThat(refused("/v1/embeddings", 400, Map.of("input", "the bank", "dimensions", 999))
                        .get("message")
                        .stringValue())
                .contains("'dimensions' is 1 to");
    }

    @Test
    void labelsAreThoseOfTheModel() throws Exception {
        try (Model model = Models.open(SORTER)) {
            Map<String, Double> expected = new Classifier(model).classify("the bank");
            JsonNode one = asked("/predict", Map.of("inputs", "the bank"));
            for (JsonNode label : one) {
                assertThat(label.get("score").doubleValue())
                        .isCloseTo(expected.get(label.get("label").stringValue()), within(1e-7));
            }
            assertThat(one.get(0).get("score").doubleValue())
                    .isGreaterThanOrEqualTo(one.get(1).get("score").doubleValue());
            JsonNode many =
                    asked("/predict", Map.of("inputs", List.of(List.of("the bank"), List.of("the bank", "river"))));
            assertThat(many.get(0)).isEqualTo(one);
            assertThat(many.get(1)).isNotEqualTo(one);
            JsonNode moderated = asked("/v1/moderations", Map.of("input", List.of("the bank", "river")));
            JsonNode scores = moderated.get("results").get(0).get("category_scores");
            assertThat(moderated.get("results").size()).isEqualTo(2);
            expected.forEach((label, score) ->
                    assertThat(scores.get(label).doubleValue()).isCloseTo(score, within(1e-7)));
        }
    }

    @Test
    void perspectiveGetsItsAttributes() throws Exception {
        String text = "the bank";
        JsonNode answer = asked(
                "/v1alpha1/comments:analyze",
                Map.of(
                        "comment",
                        Map.of("text", text),
                        "requestedAttributes",
                        Map.of("TOXICITY", Map.of(), "THREAT", Map.of("scoreThreshold", 1)),
                        "languages",
                        List.of("en"),
                        "clientToken",
                        "t7"));
        try (Model model = Models.open(SORTER)) {
            JsonNode toxicity = answer.get("attributeScores").get("TOXICITY");
            assertThat(toxicity.get("summaryScore").get("value").doubleValue())
                    .isCloseTo(new Classifier(model).classify(text).get("toxic"), within(1e-7));
            assertThat(toxicity.get("spanScores").get(0).get("end").intValue()).isEqualTo(text.length());
        }
        assertThat(answer.get("attributeScores").has("THREAT")).isFalse();
        assertThat(answer.get("clientToken").stringValue()).isEqualTo("t7");
        JsonNode error = refused(
                "/v1alpha1/comments:analyze",
                400,
                Map.of("comment", Map.of("text", text), "requestedAttributes", Map.of("KINDNESS", Map.of())));
        assertThat(error.get("status").stringValue()).isEqualTo("INVALID_ARGUMENT");
        assertThat(error.get("message").stringValue()).contains("KINDNESS").contains("TOXICITY");
    }

    @Test
    void suggestedScoresAreKeptForTraining() throws Exception {
        Map<String, Object> body = Map.of(
                "comment",
                Map.of("text", "a kind word"),
                "attributeScores",
                Map.of("TOXICITY", Map.of("summaryScore", Map.of("value", 0.25))));
        asked("/v1alpha1/comments:suggestscore", body);
        JsonNode kept = JSON.readTree(
                Files.readAllLines(folder.resolve("suggestions.jsonl")).getLast());
        assertThat(kept.get("text").stringValue()).isEqualTo("a kind word");
        assertThat(kept.get("scores").get("TOXICITY").doubleValue()).isEqualTo(0.25);
    }

    @Test
    void tokensAreToldWithTheirPlacesAndBecomeTextAgain() throws Exception {
        JsonNode tokens = asked("/tokenize", Map.of("inputs", "the bank")).get(0);
        assertThat(tokens.get(0).get("special").booleanValue()).isTrue();
        assertThat(tokens.get(2).get("text").stringValue()).isEqualTo("bank");
        assertThat(tokens.get(2).get("start").intValue()).isEqualTo(4);
        assertThat(tokens.get(2).get("stop").intValue()).isEqualTo(8);
        List<Integer> ids = new ArrayList<>();
        tokens.forEach(token -> ids.add(token.get("id").intValue()));
        assertThat(asked("/decode", Map.of("ids", ids)).get(0).stringValue()).isEqualTo("the bank");
    }

    @Test
    void completionsAreTheSameWholeAndStreamed() throws Exception {
        Map<String, Object> body = Map.of("prompt", "the bank", "max_tokens", 9, "temperature", 0, "stream", false);
        JsonNode whole = asked("/v1/completions", body);
        JsonNode choice = whole.get("choices").get(0);
        assertThat(whole.get("usage").get("completion_tokens").intValue()).isBetween(1, 9);
        Map<String, Object> streamed = new HashMap<>(body);
        streamed.put("stream", true);
        streamed.put("stream_options", Map.of("include_usage", true));
        HttpResponse<String> answer = post("/v1/completions", streamed);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
        StringBuilder text = new StringBuilder();
        String reason = "";
        for (String line : answer.body().split("\n\n")) {
            String data = line.substring("data: ".length());
            if (!data.equals("[DONE]")) {
                for (JsonNode part : JSON.readTree(data).get("choices")) {
                    text.append(part.get("text").stringValue());
                    reason = part.get("finish_reason").isNull()
                            ? reason
                            : part.get("finish_reason").stringValue();
                }
            }
        }
        assertThat(text.toString()).isEqualTo(choice.get("text").stringValue());
        assertThat(reason).isEqualTo(choice.get("finish_reason").stringValue());
        assertThat(answer.body()).endsWith("data: [DONE]\n\n").contains("\"completion_tokens\"");
        assertThat(asked("/generate", Map.of("inputs", "the bank", "max_tokens", 9, "temperature", 0))
                        .get("generated_text"))
                .isEqualTo(choice.get("text"));
    }

    @Test
    void conversationsAreAnsweredAsTheTemplateSays() throws Exception {
        Map<String, Object> body = Map.of(
                "messages",
                List.of(Map.of("role", "user", "content", List.of(Map.of("type", "text", "text", "the bank")))),
                "max_tokens",
                5,
                "seed",
                7,
                "n",
                2);
        JsonNode answer = asked("/v1/chat/completions", body);
        assertThat(answer.get("object").stringValue()).isEqualTo("chat.completion");
        assertThat(answer.get("choices").size()).isEqualTo(2);
        assertThat(answer.get("choices").get(1).get("message").get("role").stringValue())
                .isEqualTo("assistant");
        assertThat(asked("/v1/chat/completions", body).get("choices")).isEqualTo(answer.get("choices"));
    }

    @Test
    void whatWouldChangeAnAnswerAndIsNotDoneIsRefused() throws Exception {
        for (Map.Entry<String, Object> more : Map.<String, Object>of(
                        "presence_penalty", 1, "logprobs", 3, "n", 99, "max_tokens", 0, "stop", "", "temperature", -1)
                .entrySet()) {
            Map<String, Object> body = Map.of("prompt", "the", more.getKey(), more.getValue());
            refused("/v1/completions", 400, body);
        }
        JsonNode error = refused("/v1/completions", 404, Map.of("prompt", "the", "model", "gpt-4"));
        assertThat(error.get("code").stringValue()).isEqualTo("model_not_found");
        refused("/v1/completions", 400, Map.of("prompt", "the", "model", READER.toString()));
        refused("/v1/chat/completions", 400, Map.of("messages", List.of()));
    }

    @Test
    void translationsCome() throws Exception {
        JsonNode answer = asked("/translate", Map.of("inputs", List.of("the bank", "the river"), "beams", 2));
        assertThat(answer.size()).isEqualTo(2);
        assertThat(answer.get(1).get("source").stringValue()).isEqualTo("the river");
        assertThat(answer.get(1).get("translation_text").isString()).isTrue();
    }

    @Test
    void aHeadShowsWhatItLooksAt() throws Exception {
        JsonNode answer = asked("/attend", Map.of("inputs", "the bank", "layer", 1, "head", 2));
        assertThat(answer.get("tokens").size()).isEqualTo(4);
        double sum = 0;
        for (JsonNode weight : answer.get("weights").get(2)) {
            sum += weight.doubleValue();
        }
        assertThat(sum).isCloseTo(1, within(1e-5));
    }

    @Test
    void theInterfaceIsDescribedAsItIs() throws Exception {
        JsonNode document = ok(get("/openapi.json"));
        Set<String> described = new HashSet<>();
        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
            path.getValue()
                    .propertyNames()
                    .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey()));
        }
        Set<String> served = new HashSet<>();
        Serving serving = new Serving(ServingSettings.defaults(), List.of(), System::nanoTime, "test");
        new Api(
                        serving,
                        null,
                        Judge.open(
                                ModerationFiles.NONE,
                                System::nanoTime,
                                serving.metrics().moderation()))
                .addTo(HttpRouting.builder())
                .forEach(path -> served.add(path.replace("{model:.+}", "{model}")));
        assertThat(described).isEqualTo(served);
        JsonNode info = ok(get("/info"));
        assertThat(info.get("max_client_batch_size").intValue()).isEqualTo(100);
        assertThat(info.get("models").size()).isEqualTo(4);
        assertThat(info.get("models").get(1).get("labels").get(0).stringValue()).isEqualTo("toxic");
        JsonNode models = ok(get("/v1/models")).get("data");
        String id = models.get(0).get("id").stringValue();
        assertThat(ok(get("/v1/models/" + URLEncoder.encode(id, StandardCharsets.UTF_8)))
                        .get("id")
                        .stringValue())
                .isEqualTo(id);
    }

    @Test
    void measuresAreThereForPrometheusAndHaveNoTexts() throws Exception {
        asked("/embed", Map.of("inputs", "unmistakable"));
        String metrics;
        do { // a request is counted once its answer was sent
            metrics = get("/metrics").body();
        } while (!metrics.contains("heed_requests_seconds_count{route=\"/embed\",status=\"200\"}"));
        assertThat(metrics)
                .contains("heed_batch_tokens")
                .contains("heed_admitted_tokens ")
                .contains("jvm_memory_used_bytes")
                .doesNotContain("unmistakable");
    }

    @Test
    void badRequestsGetTheirStatusAndAReason() throws Exception {
        assertThat(refused("/embed", 400, "{\"inputs\": ").stringValue()).contains("not JSON");
        assertThat(refused("/embed", 400, "[]").stringValue()).contains("not a JSON object");
        assertThat(refused("/embed", 400, Map.of("inputs", 7)).stringValue()).contains("'inputs' is not");
        assertThat(refused("/embed", 400, Map.of("inputs", List.of())).stringValue())
                .contains("'inputs'");
        assertThat(refused("/embed", 400, Map.of("inputs", " ")).stringValue()).contains("empty");
        assertThat(refused("/embed", 400, Map.of("inputs", List.of(1_000_000))).stringValue())
                .contains("no token 1000000");
        assertThat(refused("/embed", 413, Map.of("inputs", "bank ".repeat(1000)))
                        .stringValue())
                .contains("tokens");
        assertThat(refused(
                                "/embed",
                                413,
                                Map.of(
                                        "inputs",
                                        Stream.generate(() -> "a").limit(101).toList()))
                        .stringValue())
                .contains("101 texts");
        assertThat(refused("/rerank", 422, Map.of("query", "q", "texts", List.of("a")))
                        .stringValue())
                .contains("no model here that ranks");
        assertThat(post("/embed", Map.of("inputs", "bank ".repeat(1000), "truncate", true))
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> form = send(request("/embed").POST(HttpRequest.BodyPublishers.ofString("inputs=a")));
        assertThat(form.statusCode()).isEqualTo(400);
        assertThat(get("/embed").statusCode()).isIn(404, 405);
    }

    @Test
    void strangeTextsAreTextsLikeOthers() throws Exception {
        asked("/embed", "{\"inputs\": \"half \\ud83d a pair\"}");
        asked("/embed", Map.of("inputs", "\u200b".repeat(100_000) + "bank", "truncate", true));
        asked("/embed", Map.of("inputs", "\u0000\u202e\uFFFF", "truncate", true));
        JsonNode tokens = asked("/tokenize", "{\"inputs\": \"\\udc00\"}").get(0);
        assertThat(tokens.size()).isPositive();
    }

    @Test
    void aHundredMegabytesAreNotRead() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(head("/embed", 100 << 20).getBytes(StandardCharsets.US_ASCII));
            assertThat(firstLine(socket.getInputStream())).contains("413");
        }
    }

    private static String head(String path, int length) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + length + "\r\n\r\n";
    }

    private static String firstLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    @Test
    void clientsThatDripOrVanishKeepNobodyElseWaiting() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                sockets.add(socket);
                String begun = i % 2 == 0 ? "POST /embed HT" : head("/embed", 500) + "{\"inp";
                socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
            }
            asked("/embed", Map.of("inputs", "the bank"));
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        for (int i = 0; i < 10; i++) { // asks, and goes before the answer
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                String body = "{\"prompt\": \"the\", \"max_tokens\": 40, \"stream\": true}";
                socket.getOutputStream()
                        .write((head("/v1/completions", body.length()) + body).getBytes(StandardCharsets.US_ASCII));
            }
        }
        asked("/v1/completions", Map.of("prompt", "the", "max_tokens", 2));
        asked("/embed", Map.of("inputs", "the bank"));
    }
}

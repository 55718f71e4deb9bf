package heed.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import heed.hub.Hub;
import heed.model.ModelOptions;
import heed.moderation.AuditLog;
import heed.server.ExplorerServer;
import heed.serving.ServingSettings;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(120)
class ModerationRoutesTest {
    /// One label a text: without a policy nobody knows which of them is bad.
    private static final String MODEL = Path.of(
                    "..", "heed-models", "src", "test", "resources", "golden", "bert", "sequence-classification")
            .toString();

    private static final String POLICY = "{version: %s, categories: {unkind: {label: negative, review: %s}}}";

    private final HttpClient client = HttpClient.newHttpClient();

    private static ExplorerServer started(Path folder, ModerationFiles files) {
        return ExplorerServer.start(
                new ExplorerServer.Settings(
                        "127.0.0.1",
                        0,
                        List.of(MODEL),
                        ModelOptions.defaults(),
                        ServingSettings.defaults(),
                        null,
                        files),
                Hub.in(folder));
    }

    private HttpResponse<String> post(ExplorerServer server, String path, Object body) throws Exception {
        HttpResponse<String> answer;
        do { // until the model is open
            answer = client.send(
                    HttpRequest.newBuilder(server.address().resolve(path))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    JsonMapper.shared().writeValueAsString(body)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } while (answer.statusCode() == 503);
        return answer;
    }

    private JsonNode asked(ExplorerServer server, String path, Object body) throws Exception {
        HttpResponse<String> answer = post(server, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body());
    }

    @Test
    void commentsAreJudgedByThePolicyInForceAndWrittenDown(@TempDir Path folder) throws Exception {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), POLICY.formatted("v1", "0.0001"));
        Path log = folder.resolve("audit.jsonl");
        Map<String, Object> body = Map.of(
                "comments", List.of(Map.of("id", "c1", "text", "the bank"), Map.of("id", "c2", "text", "r i v e r")));
        try (ExplorerServer server = started(folder, new ModerationFiles(policy, null, log, null))) {
            JsonNode decisions = asked(server, "/moderate", body);
            assertThat(decisions.get(0).get("action").stringValue()).isEqualTo("review");
            assertThat(decisions.get(1).get("id").stringValue()).isEqualTo("c2");
            JsonNode moderated = asked(server, "/v1/moderations", Map.of("input", "the bank"))
                    .get("results")
                    .get(0);
            assertThat(moderated.get("flagged").booleanValue()).isTrue();
            assertThat(moderated.get("categories").get("unkind").booleanValue()).isTrue();
            Files.writeString(policy, POLICY.formatted("v2", "1"));
            while (asked(server, "/moderate", body)
                    .get(0)
                    .get("policy")
                    .stringValue()
                    .equals("v1")) {
                Thread.sleep(100);
            }
            JsonNode milder = asked(
                    server,
                    "/moderate",
                    Map.of("explain", true, "comments", List.of(Map.of("id", "c3", "text", "the bank"))));
            assertThat(milder.get(0).get("action").stringValue()).isEqualTo("allow");
            assertThat(milder.get(0).get("words").isEmpty()).isTrue();
        }
        List<AuditLog.Entry> entries = new ArrayList<>();
        AuditLog.read(log, entries::add);
        assertThat(entries.getFirst().id()).isEqualTo("c1");
        assertThat(entries.get(2).id()).startsWith("modr-");
        assertThat(entries.getLast().policy()).isEqualTo("v2");
    }

    @Test
    void withoutAPolicyNothingIsDecided(@TempDir Path folder) throws Exception {
        try (ExplorerServer server = started(folder, ModerationFiles.NONE)) {
            Map<String, Object> body = Map.of("comments", List.of(Map.of("id", "c1", "text", "the bank")));
            HttpResponse<String> answer = post(server, "/moderate", body);
            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(answer.body()).contains("--policy");
            assertThat(post(server, "/v1/moderations", Map.of("input", "a")).statusCode())
                    .isEqualTo(400);
            assertThat(post(server, "/moderate", Map.of("comments", List.of())).statusCode())
                    .isEqualTo(400);
        }
        Path broken = Files.writeString(folder.resolve("policy.yaml"), POLICY.formatted("v1", "7"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> started(folder, new ModerationFiles(broken, null, null, null)))
                .withMessageContaining("is a score, 0 to 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> started(folder, new ModerationFiles(null, null, folder.resolve("log"), null)))
                .withMessageContaining("without a policy");
    }

    private Map<String, Object> comment(String id, String text) {
        return Map.of("comments", List.of(Map.of("id", id, "text", text)));
    }

    @Test
    void whatThePolicyWantsReviewedWaitsForAPersonWhoseWordIsInTheLog(@TempDir Path folder) throws Exception {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), POLICY.formatted("v1", "0.0001"));
        Path log = folder.resolve("audit.jsonl");
        Path queue = folder.resolve("reviews.jsonl");
        ModerationFiles files = new ModerationFiles(policy, null, log, null).withReviews(queue, 10);
        int second;
        try (ExplorerServer server = started(folder, files)) {
            asked(server, "/moderate", comment("c1", "the bank"));
            asked(server, "/moderate", comment("c2", "the river"));
            JsonNode waiting = get(server, "/api/reviews");
            assertThat(waiting.get("waiting").intValue()).isEqualTo(2);
            JsonNode first = waiting.get("reviews").get(0);
            assertThat(first.get("text").stringValue()).isEqualTo("the bank");
            assertThat(first.get("decision").get("id").stringValue()).isEqualTo("c1");
            int key = first.get("key").intValue();
            second = waiting.get("reviews").get(1).get("key").intValue();
            for (String by : List.of("occlusion", "gradients")) {
                JsonNode why = asked(server, "/api/reviews/why", Map.of("key", key, "by", by));
                assertThat(why.get("words").size()).as(by).isEqualTo(2);
                assertThat(why.get("words").get(0).get("end").intValue()).isLessThanOrEqualTo(8);
            }
            Map<String, Object> decision = Map.of("key", key, "action", "block", "reviewer", "Ada", "note", "rude");
            assertThat(asked(server, "/api/reviews/decide", decision)
                            .get("waiting")
                            .intValue())
                    .isEqualTo(1);
            assertThat(post(server, "/api/reviews/decide", decision).statusCode())
                    .isEqualTo(404); // done already
            assertThat(post(server, "/api/reviews/decide", Map.of("key", second, "action", "allow", "reviewer", " "))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(post(server, "/api/reviews/decide", Map.of("key", second, "action", "review", "reviewer", "A"))
                            .body())
                    .contains("allow or block");
            assertThat(getText(server, "/metrics"))
                    .contains("heed_moderation_reviews_total{advised=\"review\",decided=\"block\"} 1.0")
                    .contains("heed_moderation_decisions_total{action=\"review\",advised=\"review\"} 2.0")
                    .contains("heed_moderation_waiting 1.0")
                    .doesNotContain("bank");
            assertThat(get(server, "/api/models").get("reviews").booleanValue()).isTrue();
        }
        List<AuditLog.Entry> entries = new ArrayList<>();
        AuditLog.read(log, entries::add);
        assertThat(entries.getLast().id()).isEqualTo("c1");
        assertThat(entries.getLast().reviewer()).isEqualTo("Ada");
        assertThat(entries.getLast().reason()).isEqualTo("rude");
        assertThat(Files.readString(log)).doesNotContain("the bank");
        try (ExplorerServer server = started(folder, files)) { // what waits is there after a restart
            JsonNode waiting = get(server, "/api/reviews");
            assertThat(waiting.get("reviews").get(0).get("key").intValue()).isEqualTo(second);
            assertThat(waiting.get("reviews").size()).isEqualTo(1);
        }
    }

    @Test
    void withoutReviewsNothingWaits(@TempDir Path folder) throws Exception {
        try (ExplorerServer server = started(folder, ModerationFiles.NONE)) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(server.address().resolve("/api/reviews"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("--reviews");
            assertThat(get(server, "/api/models").has("reviews")).isFalse();
        }
        Path policy = Files.writeString(folder.resolve("policy.yaml"), POLICY.formatted("v1", "0.5"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> started(
                        folder, new ModerationFiles(policy, null, null, null).withReviews(folder.resolve("queue"), 10)))
                .withMessageContaining("reviews need a log");
    }

    @Test
    void driftIsMeasuredAgainstTheReferenceBesideThePolicy(@TempDir Path folder) throws Exception {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), POLICY.formatted("v1", "1"));
        Path reference = Files.writeString(
                folder.resolve("reference.json"),
                "{\"scores\": {\"negative\": {\"edges\": [0.001], \"counts\": [90, 10]}},"
                        + " \"unknown_tokens\": 0.5, \"scripts\": {\"latin\": 100}}");
        try (ExplorerServer server =
                started(folder, new ModerationFiles(policy, null, null, null).withReference(reference))) {
            List<Map<String, String>> comments = new ArrayList<>();
            for (int i = 0; i < 250; i++) {
                comments.add(
                        Map.of("id", "c" + i, "text", "the bank", "language", i == 0 ? "de" : "no language at all"));
            }
            asked(server, "/moderate", Map.of("comments", comments));
            String metrics = getText(server, "/metrics");
            // 250 above an edge that 10 of 100 were above: shares 0.5/251 and 90.5/101, 250.5/251 and 10.5/101
            double low = 0.5 / 251 - 90.5 / 101;
            double index = low * Math.log(0.5 / 251 / (90.5 / 101)) - low * Math.log(250.5 / 251 / (10.5 / 101));
            String said = metrics.lines()
                    .filter(line -> line.startsWith("heed_moderation_stability"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Double.parseDouble(said.substring(said.lastIndexOf(' ') + 1)))
                    .isCloseTo(index, within(1e-9));
            assertThat(metrics)
                    .contains("heed_moderation_languages_total{language=\"de\"} 1.0")
                    .contains("heed_moderation_languages_total{language=\"other\"} 249.0");
        }
    }

    @Test
    void whatIsTooLargeIsToldInTheWordsOfTheRoute(@TempDir Path folder) throws Exception {
        try (ExplorerServer server = started(folder, ModerationFiles.NONE)) {
            assertThat(declaredTooLarge(server, "/v1/embeddings"))
                    .startsWith("HTTP/1.1 413")
                    .contains("\"type\":\"invalid_request_error\"");
            assertThat(declaredTooLarge(server, "/embed")).contains("\"error_type\":\"Validation\"");
            assertThat(declaredTooLarge(server, "/api/runs")).contains("is larger than");
        }
    }

    /// Says that a gigabyte will come, and waits for the answer.
    private static String declaredTooLarge(ExplorerServer server, String path) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            String request = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                    + "\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n{";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.setSoTimeout(60_000);
            StringBuilder answer = new StringBuilder();
            for (int c = socket.getInputStream().read();
                    c >= 0;
                    c = socket.getInputStream().read()) {
                answer.append((char) c);
                if (c == '}' && count(answer, '{') == count(answer, '}')) { // all of the JSON is there
                    break;
                }
            }
            return answer.toString();
        }
    }

    private static long count(StringBuilder answer, char bracket) {
        return answer.chars().filter(c -> c == bracket).count();
    }

    private String getText(ExplorerServer server, String path) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(server.address().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private JsonNode get(ExplorerServer server, String path) throws Exception {
        return JsonMapper.shared().readTree(getText(server, path));
    }
}

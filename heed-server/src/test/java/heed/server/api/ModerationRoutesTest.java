package heed.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import heed.hub.Hub;
import heed.model.ModelOptions;
import heed.moderation.AuditLog;
import heed.server.ExplorerServer;
import heed.serving.ServingSettings;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
}

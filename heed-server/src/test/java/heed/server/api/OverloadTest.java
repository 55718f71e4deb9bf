package heed.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import heed.model.Model;
import heed.model.Models;
import heed.serving.Admission;
import heed.serving.Serving;
import heed.serving.ServingSettings;
import io.helidon.webserver.WebServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

@Timeout(120)
class OverloadTest {
    private static final Path MODEL =
            Path.of("..", "heed-models", "src", "test", "resources", "golden", "bert", "sequence-classification-multi");

    private static HttpResponse<String> post(WebServer server, String path, String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void whoComesWhenTheGateIsFullIsToldWhenToComeAgain() throws Exception {
        try (Model model = Models.open(MODEL);
                Serving serving = new Serving(
                        ServingSettings.defaults().withQueueTokens(50), List.of("m"), System::nanoTime, "test")) {
            serving.opened("m", model);
            Judge judge = Judge.open(
                    ModerationFiles.NONE, System::nanoTime, serving.metrics().moderation());
            WebServer server = WebServer.builder()
                    .host("127.0.0.1")
                    .port(0)
                    .routing(routing -> new Api(serving, null, judge).addTo(routing))
                    .build()
                    .start();
            try {
                try (Admission.Ticket _ = serving.admission().admit(48)) {
                    HttpResponse<String> turnedAway = post(server, "/embed", "{\"inputs\": \"the bank\"}");
                    assertThat(turnedAway.statusCode()).isEqualTo(429);
                    assertThat(turnedAway.headers().firstValue("Retry-After")).contains("1");
                    assertThat(turnedAway.body()).contains("\"error_type\":\"Overloaded\"");
                    HttpResponse<String> other = post(server, "/v1/moderations", "{\"input\": \"the bank\"}");
                    assertThat(other.statusCode()).isEqualTo(429);
                    assertThat(JsonMapper.shared()
                                    .readTree(other.body())
                                    .get("error")
                                    .get("type")
                                    .stringValue())
                            .isEqualTo("rate_limit_error");
                }
                assertThat(post(server, "/embed", "{\"inputs\": \"the bank\"}").statusCode())
                        .isEqualTo(200);
                assertThat(post(server, "/embed", "{\"inputs\": [" + "\"the bank can lend\",".repeat(20) + "\"a\"]}")
                                .statusCode())
                        .isEqualTo(413);
                assertThat(serving.metrics().scrape()).contains("heed_declined_total{reason=\"overloaded\"} 2.0");
                assertThat(serving.admission().taken()).isZero();
                assertThat(serving.bodies().awaitEmpty(Duration.ofMinutes(1))).isTrue(); // after the answer was sent
            } finally {
                server.stop();
            }
        }
    }
}

package heed.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import heed.hub.Hub;
import heed.model.ModelOptions;
import heed.server.ExplorerServer;
import heed.serving.ServingSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ApiAccessTest {
    private static final String MODEL = Path.of(
                    "..", "heed-models", "src", "test", "resources", "golden", "bert", "base")
            .toString();

    private static final String KEY = "kéy-17";

    private final HttpClient client = HttpClient.newHttpClient();

    private static ExplorerServer started(Path cache, List<String> models, @Nullable String key) {
        return ExplorerServer.start(
                new ExplorerServer.Settings(
                        "127.0.0.1",
                        0,
                        models,
                        ModelOptions.defaults(),
                        ServingSettings.defaults(),
                        key,
                        ModerationFiles.NONE),
                Hub.in(cache));
    }

    private int status(URI address, UnaryOperator<HttpRequest.Builder> with) throws Exception {
        return client.send(with.apply(HttpRequest.newBuilder(address)).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void everythingButHealthAsksForTheKey(@TempDir Path cache) throws Exception {
        try (ExplorerServer server = started(cache, List.of(MODEL), KEY)) {
            URI info = server.address().resolve("/info");
            assertThat(status(info, UnaryOperator.identity())).isEqualTo(401);
            assertThat(status(server.address(), UnaryOperator.identity())).isEqualTo(401);
            assertThat(status(server.address().resolve("/api/models"), UnaryOperator.identity()))
                    .isEqualTo(401);
            assertThat(status(info, request -> request.header("Authorization", "Bearer wrong")))
                    .isEqualTo(401);
            assertThat(status(server.address().resolve("/health/live"), UnaryOperator.identity()))
                    .isEqualTo(200);
            String basic = Base64.getEncoder().encodeToString(("me:" + KEY).getBytes(StandardCharsets.UTF_8));
            assertThat(status(info, request -> request.header("Authorization", "Basic " + basic)))
                    .isEqualTo(200);
            assertThat(status(server.address().resolve("/info?key=k%C3%A9y-17"), UnaryOperator.identity()))
                    .isEqualTo(200);
        }
    }

    @Test
    void aServerWhoseModelCannotBeOpenedIsAliveAndNotReady(@TempDir Path cache) throws Exception {
        Path broken = Files.createDirectory(cache.resolve("broken"));
        Files.writeString(broken.resolve("config.json"), "{\"model_type\": \"bert\"}");
        try (ExplorerServer server = started(cache, List.of(broken.toString()), null)) {
            HttpResponse<String> ready;
            do {
                ready = client.send(
                        HttpRequest.newBuilder(server.address().resolve("/health/ready"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(ready.statusCode()).isEqualTo(503);
            } while (!ready.body().contains("could not be opened"));
            assertThat(status(server.address().resolve("/health/live"), UnaryOperator.identity()))
                    .isEqualTo(200);
        }
    }

    @Test
    void aServerThatIsToldToEndTakesOnNothingNew(@TempDir Path cache) throws Exception {
        try (ExplorerServer server = started(cache, List.of(MODEL), null)) {
            assertThat(server.drain()).isTrue();
            URI embed = server.address().resolve("/embed");
            assertThat(status(
                            embed,
                            request -> request.header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString("{\"inputs\": \"a\"}"))))
                    .isEqualTo(503);
            assertThat(status(server.address().resolve("/health/ready"), UnaryOperator.identity()))
                    .isEqualTo(503);
            assertThat(status(server.address().resolve("/health/live"), UnaryOperator.identity()))
                    .isEqualTo(200);
        }
    }
}

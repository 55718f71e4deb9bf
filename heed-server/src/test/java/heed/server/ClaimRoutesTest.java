package heed.server;

import static org.assertj.core.api.Assertions.assertThat;

import heed.claims.ClaimFolder;
import heed.claims.ClaimResult;
import heed.claims.Table;
import heed.hub.Hub;
import heed.model.ModelOptions;
import heed.server.api.ModerationFiles;
import heed.serving.ServingSettings;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ClaimRoutesTest {
    private static final String ENCODER = Path.of("../heed-models/src/test/resources/golden/bert/masked-lm")
            .toAbsolutePath()
            .normalize()
            .toString();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String PICTURE = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static ExplorerServer server;

    @BeforeAll
    static void start() throws IOException {
        new ClaimFolder(folder.resolve("claims"))
                .write(new ClaimResult(
                        "order",
                        "",
                        "",
                        false,
                        "half of it",
                        Map.of("threads", 2),
                        List.of(new Table("t", List.of("a"), List.of(List.of(0.5)))),
                        List.of(PICTURE)));
        Files.writeString(folder.resolve("claims/masks.json"), "[1");
        server = ExplorerServer.start(
                new ExplorerServer.Settings(
                        "127.0.0.1",
                        0,
                        List.of(ENCODER),
                        ModelOptions.defaults(),
                        ServingSettings.defaults(),
                        null,
                        ModerationFiles.NONE,
                        folder.resolve("claims")),
                Hub.in(folder.resolve("hub")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(server.address().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode claim(String name) throws Exception {
        return JsonMapper.shared()
                .readTree(get("api/claims").body())
                .path("claims")
                .valueStream()
                .filter(claim -> claim.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyClaimIsALessonAndThoseThatWereMeasuredHaveAResult() throws Exception {
        JsonNode order = claim("order");
        assertThat(order.path("question").asString()).startsWith("If every word looks at every other one");
        assertThat(order.path("rule").asString()).isNotBlank();
        JsonNode result = order.path("result");
        assertThat(result.path("confirmed").asBoolean()).isFalse();
        assertThat(result.path("summary").asString()).isEqualTo("half of it");
        assertThat(result.path("pictures").asInt()).isEqualTo(1);
        assertThat(result.at("/tables/0/rows/0/0").asDouble()).isEqualTo(0.5);
        assertThat(claim("moderation").has("result")).isFalse();
        assertThat(claim("masks").path("error").asString()).contains("masks.json is no result of a claim");
    }

    private static HttpResponse<String> read(String text) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(server.address().resolve("api/side-by-side"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                JsonMapper.shared().writeValueAsString(Map.of("text", text))))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aTextIsReadSideBySide() throws Exception {
        JsonNode found = JsonMapper.shared().readTree(read(" the cat  sat ").body());
        assertThat(found.path("words").valueStream().map(JsonNode::asString)).containsExactly("the", "cat", "sat");
        JsonNode lstm = found.at("/readers/0");
        JsonNode transformer = found.at("/readers/1");
        assertThat(lstm.path("name").asString()).isEqualTo("LSTM");
        assertThat(lstm.path("chain").asInt()).isEqualTo(2 + 2 * 3); // words, two layers of three steps, head
        assertThat(transformer.path("chain").asInt()).isEqualTo(22);
        assertThat(transformer.at("/influence/2")).hasSize(3);
        assertThat(read("cat").body()).contains("a text of 1 words is not read side by side, use 2 to 40");
        assertThat(read("cat").statusCode()).isEqualTo(422);
        assertThat(read(" ").statusCode()).isEqualTo(400);
    }

    @Test
    void aPictureIsAFileOfItsOwn() throws Exception {
        HttpResponse<String> picture = get("api/claims/order/1");
        assertThat(picture.headers().firstValue("Content-Type")).hasValue("image/svg+xml");
        assertThat(picture.body()).isEqualTo(PICTURE);
    }

    @Test
    void aPictureThatIsNotThereIsUnknown() throws Exception {
        assertThat(get("api/claims/order/2").statusCode()).isEqualTo(404);
        assertThat(get("api/claims/order/2").body()).contains("there is no picture 2 of the claim order");
        assertThat(get("api/claims/scale/1").statusCode()).isEqualTo(404);
        assertThat(get("api/claims/..%2Forder/1").statusCode()).isIn(400, 404);
        assertThat(get("api/claims/order/one").statusCode()).isEqualTo(400);
    }
}

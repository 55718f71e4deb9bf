package heed.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import heed.hub.Hub;
import heed.model.ModelOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every number of attention that the API tells, beside what Hugging Face computes in 64 bits
/// (`src/test/golden/make_explorer.py`).
class ExplorerReferenceTest {
    private static final Path MODELS = Path.of("..", "heed-models", "src", "test", "resources", "golden");
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final double CLOSE = 1e-5;

    /// Half a unit in the last of the 11 digits that a number in 16 bits has, for numbers up to 1.
    private static final double CLOSE_IN_HALVES = 1.0 / (1 << 12) + CLOSE;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path cache;

    @SuppressWarnings("NullAway.Init")
    private static ExplorerServer server;

    @SuppressWarnings("NullAway.Init")
    private static JsonNode golden;

    @BeforeAll
    static void start() throws IOException {
        List<String> models = List.of(model("bert/masked-lm"), model("generation/t5"));
        server = ExplorerServer.start(
                new ExplorerServer.Settings("127.0.0.1", 0, models, ModelOptions.defaults()), Hub.in(cache));
        try (InputStream in = Objects.requireNonNull(
                ExplorerReferenceTest.class.getResourceAsStream("/golden/explorer.json"), "explorer.json")) {
            golden = JSON.readTree(in);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String model(String name) {
        return MODELS.resolve(name).toString();
    }

    @ParameterizedTest
    @CsvSource({"bert/masked-lm,enc", "generation/t5,enc", "generation/t5,dec", "generation/t5,cross"})
    void rowsHeadsTilesLinksStepsAndExportsAreThoseOfTheReference(String name, String stream) throws Exception {
        JsonNode expected = golden.get(name);
        JsonNode run = run(name, expected);
        assertThat(ids(run, "source")).isEqualTo(numbers(expected.get("source")));
        String path = "/api/runs/" + run.get("run").stringValue() + "/" + stream;
        JsonNode weights = expected.get(stream);
        int queries = weights.get(0).get(0).size();
        int keys = weights.get(0).get(0).get(0).size();
        int heads = weights.get(0).size();
        for (int token = 0; token < queries; token++) {
            float[] rows = floats(path + "/row?dtype=f32&token=" + token);
            float[] halves = floats(path + "/row?token=" + token);
            for (int layer = 0; layer < weights.size(); layer++) {
                for (int head = 0; head < heads; head++) {
                    JsonNode row = weights.get(layer).get(head).get(token);
                    int start = (layer * heads + head) * keys;
                    assertClose(rows, start, row, CLOSE);
                    assertClose(halves, start, row, CLOSE_IN_HALVES);
                    assertThat(sum(halves, start, keys)).isCloseTo(1, within(1e-3));
                    float[] one = floats(path + "/row?dtype=f32&token=" + token + "&layer=" + layer + "&head=" + head);
                    assertClose(one, 0, row, CLOSE);
                }
            }
        }
        for (int layer = 0; layer < weights.size(); layer++) {
            for (int head = 0; head < heads; head++) {
                JsonNode matrix = weights.get(layer).get(head);
                String where = "layer=" + layer + "&head=" + head;
                assertMatrix(floats(path + "/head?dtype=f32&" + where), matrix);
                assertMatrix(floats(path + "/tile?dtype=f32&y=0&x=0&" + where), matrix);
                assertEdges(json(path + "/edges?mass=1&" + where), matrix);
                String exported = "/api/runs/" + run.get("run").stringValue()
                        + "/export?view=matrix&format=json&stream=" + stream + "&" + where;
                JsonNode rows = json(exported).get("weights");
                for (int i = 0; i < queries; i++) {
                    assertClose(rows.get(i), matrix.get(i));
                    JsonNode step = json("/api/runs/" + run.get("run").stringValue() + "/step?stream=" + stream + "&"
                            + where + "&j=0&i=" + i);
                    assertClose(step.get("row").get("weights"), matrix.get(i));
                    double weight = step.get("row").get("numerators").get(0).doubleValue()
                            / step.get("row").get("denominator").doubleValue();
                    assertThat(weight).isCloseTo(matrix.get(i).get(0).doubleValue(), within(CLOSE));
                }
            }
        }
    }

    private static void assertMatrix(float[] actual, JsonNode expected) {
        int columns = expected.get(0).size();
        assertThat(actual).hasSize(expected.size() * columns);
        for (int i = 0; i < expected.size(); i++) {
            assertClose(actual, i * columns, expected.get(i), CLOSE);
        }
    }

    private static void assertEdges(JsonNode edges, JsonNode expected) {
        assertThat(edges.get("from").isEmpty()).isFalse();
        for (int n = 0; n < edges.get("from").size(); n++) {
            double weight = expected.get(edges.get("from").get(n).intValue())
                    .get(edges.get("to").get(n).intValue())
                    .doubleValue();
            assertThat(edges.get("weight").get(n).doubleValue()).isCloseTo(weight, within(CLOSE));
        }
        assertThat(edges.get("shown").doubleValue()).isCloseTo(1, within(CLOSE));
    }

    private static void assertClose(float[] actual, int start, JsonNode expected, double tolerance) {
        for (int j = 0; j < expected.size(); j++) {
            assertThat((double) actual[start + j]).isCloseTo(expected.get(j).doubleValue(), within(tolerance));
        }
    }

    private static void assertClose(JsonNode actual, JsonNode expected) {
        assertThat(actual.size()).isEqualTo(expected.size());
        for (int j = 0; j < expected.size(); j++) {
            assertThat(actual.get(j).doubleValue()).isCloseTo(expected.get(j).doubleValue(), within(CLOSE));
        }
    }

    private static double sum(float[] values, int start, int count) {
        double sum = 0;
        for (int i = start; i < start + count; i++) {
            sum += values[i];
        }
        return sum;
    }

    private static List<Integer> ids(JsonNode run, String side) {
        return run.get("tokens")
                .get(side)
                .valueStream()
                .map(token -> token.get("id").intValue())
                .toList();
    }

    private static List<Integer> numbers(JsonNode list) {
        return list.valueStream().map(JsonNode::intValue).toList();
    }

    private static JsonNode run(String name, JsonNode expected) throws Exception {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("model", model(name));
        body.put("text", expected.get("text").stringValue());
        if (expected.has("pair")) {
            body.put("pair", expected.get("pair").stringValue());
        }
        for (int attempt = 0; ; attempt++) {
            HttpResponse<byte[]> answer = CLIENT.send(
                    HttpRequest.newBuilder(server.address().resolve("/api/runs"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() == 201) {
                return JSON.readTree(answer.body());
            }
            JsonNode refusal = JSON.readTree(answer.body());
            assertThat(answer.statusCode()).as(refusal.toString()).isEqualTo(409);
            assertThat(attempt).isLessThan(100);
            get("/api/jobs/" + refusal.get("job").stringValue() + "/events"); // ends with the job
        }
    }

    private static HttpResponse<byte[]> get(String path) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(server.address().resolve(path)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static JsonNode json(String path) throws Exception {
        HttpResponse<byte[]> answer = get(path);
        JsonNode json = JSON.readTree(answer.body());
        assertThat(answer.statusCode()).as(json.toString()).isEqualTo(200);
        return json;
    }

    private static float[] floats(String path) throws Exception {
        HttpResponse<byte[]> answer = get(path);
        assertThat(answer.statusCode()).isEqualTo(200);
        boolean halves = answer.headers().firstValue("X-Dtype").orElseThrow().equals("f16");
        ByteBuffer bytes = ByteBuffer.wrap(answer.body()).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[answer.body().length / (halves ? 2 : 4)];
        for (int i = 0; i < values.length; i++) {
            values[i] = halves ? Float.float16ToFloat(bytes.getShort()) : bytes.getFloat();
        }
        return values;
    }
}

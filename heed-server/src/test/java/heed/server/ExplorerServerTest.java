package heed.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import heed.hub.Hub;
import heed.lens.capture.Measure;
import heed.lens.capture.Run;
import heed.lens.capture.RunInput;
import heed.model.Model;
import heed.model.ModelOptions;
import heed.model.Models;
import heed.pass.Site.Stack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The API over a real socket, on small seeded checkpoints.
class ExplorerServerTest {
    private static final Path GOLDEN = Path.of("..", "heed-models", "src", "test", "resources", "golden");
    private static final String ENCODER = GOLDEN.resolve("bert/masked-lm").toString();
    private static final String DECODER = GOLDEN.resolve("generation/gpt2").toString();
    private static final String TRANSLATOR = GOLDEN.resolve("generation/marian").toString();
    private static final String BOTH = GOLDEN.resolve("generation/t5").toString();
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path cache;

    @SuppressWarnings("NullAway.Init")
    private static ExplorerServer server;

    @BeforeAll
    static void start() throws Exception {
        server = ExplorerServer.start(
                new ExplorerServer.Settings("127.0.0.1", 0, List.of(ENCODER), ModelOptions.defaults()), Hub.in(cache));
        for (String model : List.of(ENCODER, DECODER, BOTH, TRANSLATOR)) {
            open(model);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void open(String model) throws Exception {
        JsonNode answer = json(post("/api/models", Map.of("model", model)), 202);
        HttpResponse<byte[]> events = get("/api/jobs/" + answer.get("job").stringValue() + "/events");
        String text = new String(events.body(), StandardCharsets.UTF_8);
        assertThat(text).startsWith("data: ").contains("\"state\":\"done\"");
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.address().resolve(path));
    }

    private static HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    private static HttpResponse<byte[]> post(String path, Object body) throws IOException, InterruptedException {
        byte[] json = body instanceof String raw ? raw.getBytes(StandardCharsets.UTF_8) : JSON.writeValueAsBytes(body);
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json)));
    }

    private static JsonNode json(HttpResponse<byte[]> answer, int status) {
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    private static String error(HttpResponse<byte[]> answer, int status) {
        return json(answer, status).get("error").stringValue();
    }

    private static JsonNode run(Map<String, ?> body) throws IOException, InterruptedException {
        return json(post("/api/runs", body), 201);
    }

    private static float[] halves(HttpResponse<byte[]> answer, String shape) {
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Shape")).contains(shape);
        assertThat(answer.headers().firstValue("X-Dtype")).contains("f16");
        ByteBuffer bytes = ByteBuffer.wrap(answer.body()).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[answer.body().length / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.float16ToFloat(bytes.getShort());
        }
        return values;
    }

    @Test
    void aWordIsComparedInManySentences() throws Exception {
        List<Map<String, String>> sentences = List.of(
                Map.of("text", "the bank can lend", "label", "money"),
                Map.of("text", "the river bank", "label", "river"),
                Map.of("text", "by the river banks", "label", "river"));
        JsonNode senses = json(post("/api/senses", Map.of("word", "bank", "sentences", sentences)), 200);
        assertThat(senses.get("sentences").size()).isEqualTo(3);
        assertThat(senses.get("labels").size()).isEqualTo(2);
        JsonNode layer = senses.get("layers").get(0);
        assertThat(layer.get("points").size()).isEqualTo(3);
        assertThat(layer.get("neighbours").get(0).size()).isEqualTo(2);
        assertThat(layer.get("nearest").isNumber()).isTrue();
        assertThat(error(post("/api/senses", Map.of("word", "cat", "sentences", sentences)), 422))
                .contains("occurs in none of the sentences");
        assertThat(error(post("/api/senses", Map.of("word", "zyx")), 422)).contains("there are no sentences here");
        assertThat(error(post("/api/senses", Map.of("word", " ")), 400)).contains("'word' is empty");
        assertThat(error(post("/api/senses", Map.of("word", "bank", "model", BOTH, "sentences", sentences)), 422))
                .contains("taken from an encoder or a decoder");
    }

    @Test
    void rolesOfHeadsAreAJob() throws Exception {
        JsonNode job = json(post("/api/headroles", Map.of("model", BOTH)), 202);
        HttpResponse<byte[]> events = get("/api/jobs/" + job.get("job").stringValue() + "/events");
        assertThat(new String(events.body(), StandardCharsets.UTF_8))
                .contains("\"state\":\"done\"")
                .contains("\"role\":\"determiner\"")
                .contains("\"examples\":[");
    }

    @Test
    void aRunIsToldWithTokensStreamsHeadsAndPredictions() throws Exception {
        JsonNode run = run(Map.of("text", "the [MASK] by the river"));
        assertThat(run.get("kind").stringValue()).isEqualTo("encoder");
        JsonNode tokens = run.get("tokens").get("source");
        assertThat(tokens.get(0).get("special").booleanValue()).isTrue();
        assertThat(tokens.get(1).get("text").stringValue()).isEqualTo("the₁");
        assertThat(tokens.get(1).get("start").intValue()).isZero();
        JsonNode stream = run.get("streams").get("enc");
        int heads = stream.get("layers").intValue() * stream.get("heads").intValue();
        assertThat(run.get("heads").get("enc").size()).isEqualTo(heads);
        assertThat(run.get("predictions").get("kind").stringValue()).isEqualTo("fill");
        assertThat(run.get("predictions").get("at").get(0).get("token").intValue())
                .isEqualTo(2);
        assertThat(run.get("predictions").get("at").get(0).get("candidates").size())
                .isEqualTo(5);
        String id = run.get("run").stringValue();
        assertThat(run(Map.of("text", "the [MASK] by the river")).get("run").stringValue())
                .isEqualTo(id);
        assertThat(json(get("/api/runs/" + id), 200).get("tokens")).isEqualTo(run.get("tokens"));
        assertThat(id).doesNotContain("river").hasSize(20);
    }

    @Test
    void theNumbersAreThoseOfTheModel() throws Exception {
        String text = "the bank by the river";
        String id = run(Map.of("text", text)).get("run").stringValue();
        try (Model model = Models.open(Path.of(ENCODER))) {
            var stream = Run.of(model, RunInput.of(text)).stream(Stack.ENCODER);
            int n = stream.queries();
            String shape = stream.layers() + "," + stream.heads() + "," + n;
            float[] rows = halves(get("/api/runs/" + id + "/enc/row?token=2"), shape);
            float[] columns = halves(get("/api/runs/" + id + "/enc/row?token=2&dir=in"), shape);
            for (int layer = 0; layer < stream.layers(); layer++) {
                for (int head = 0; head < stream.heads(); head++) {
                    float[] row = stream.row(layer, head, 2, Measure.WEIGHT);
                    float[] column = stream.column(layer, head, 2, Measure.WEIGHT);
                    float[] whole =
                            halves(get("/api/runs/" + id + "/enc/head?layer=" + layer + "&head=" + head), n + "," + n);
                    for (int j = 0; j < n; j++) {
                        int at = (layer * stream.heads() + head) * n + j;
                        assertThat(rows[at]).isCloseTo(row[j], within(5e-4f));
                        assertThat(columns[at]).isCloseTo(column[j], within(5e-4f));
                        assertThat(whole[2 * n + j]).isEqualTo(rows[at]);
                    }
                }
            }
            JsonNode step = json(get("/api/runs/" + id + "/step?stream=enc&layer=1&head=2&i=2&j=3"), 200);
            double sum = 0;
            for (JsonNode product : step.get("products")) {
                sum += product.doubleValue();
            }
            assertThat(step.get("dot").doubleValue()).isCloseTo(sum, within(1e-9));
            double weight = step.get("row").get("numerators").get(3).doubleValue()
                    / step.get("row").get("denominator").doubleValue();
            assertThat(weight).isCloseTo(stream.row(1, 2, 2, Measure.WEIGHT)[3], within(1e-5));
        }
    }

    @Test
    void thumbnailsOfAllHeadsComeInBytes() throws Exception {
        String id = run(Map.of("text", "the bank by the river")).get("run").stringValue();
        HttpResponse<byte[]> thumbs = get("/api/runs/" + id + "/enc/thumbs?size=4");
        assertThat(thumbs.headers().firstValue("X-Dtype")).contains("u8");
        String[] shape = thumbs.headers().firstValue("X-Shape").orElseThrow().split(",");
        assertThat(shape).hasSize(4).endsWith("4", "4");
        assertThat(thumbs.body()).hasSize(Integer.parseInt(shape[0]) * Integer.parseInt(shape[1]) * 16);
        String tag = thumbs.headers().firstValue("ETag").orElseThrow();
        HttpResponse<byte[]> again =
                send(request("/api/runs/" + id + "/enc/thumbs?size=4").header("If-None-Match", tag));
        assertThat(again.statusCode()).isEqualTo(304);
    }

    @Test
    void aModelWithEncoderAndDecoderHasThreeStreams() throws Exception {
        JsonNode run =
                run(Map.of("model", BOTH, "text", "the bank by the river", "generate", Map.of("maxNewTokens", 3)));
        assertThat(run.get("kind").stringValue()).isEqualTo("encoder-decoder");
        assertThat(run.get("streams").propertyNames()).containsExactly("enc", "dec", "cross");
        int sources = run.get("tokens").get("source").size();
        int targets = run.get("tokens").get("target").size();
        JsonNode cross = run.get("streams").get("cross");
        halves(
                get("/api/runs/" + run.get("run").stringValue() + "/cross/head?layer=0&head=1"),
                targets + "," + sources);
        assertThat(cross.get("queries").stringValue()).isEqualTo("written");
        assertThat(run.get("generatedFrom").intValue()).isEqualTo(1);
    }

    @Test
    void headsAreTakenOutOneByOneAndTogether() throws Exception {
        JsonNode run = run(Map.of("model", DECODER, "text", "the bank by the river"));
        String id = run.get("run").stringValue();
        JsonNode effect = json(
                post(
                        "/api/ablate",
                        Map.of("run", id, "heads", List.of(Map.of("stream", "dec", "layer", 0, "head", 1)))),
                200);
        assertThat(effect.get("kl").doubleValue()).isPositive();
        assertThat(effect.get("before").get("at").size())
                .isEqualTo(effect.get("after").get("at").size());
        String job = json(post("/api/ablate/each", Map.of("run", id, "stream", "dec")), 202)
                .get("job")
                .stringValue();
        String events = new String(get("/api/jobs/" + job + "/events").body(), StandardCharsets.UTF_8);
        JsonNode last = JSON.readTree(events.substring(events.lastIndexOf("data: ") + 6));
        assertThat(last.get("result").get(1).get("kl")).isEqualTo(effect.get("kl"));
    }

    @Test
    void runsAreComparedTokenByToken() throws Exception {
        String a = run(Map.of("text", "the bank by the river")).get("run").stringValue();
        String b = run(Map.of("text", "the river by the bank")).get("run").stringValue();
        JsonNode same = json(post("/api/compare", Map.of("a", a, "b", a)), 200);
        assertThat(same.get("heads").get(0).get("change").doubleValue()).isZero();
        JsonNode other = json(post("/api/compare", Map.of("a", a, "b", b, "stream", "enc")), 200);
        int pairs = other.get("pairs").size();
        HttpResponse<byte[]> difference = get("/api/compare/head?a=" + a + "&b=" + b + "&stream=enc&layer=0&head=0");
        assertThat(difference.headers().firstValue("X-Shape")).contains(pairs + "," + pairs);
        assertThat(difference.body()).hasSize(4 * pairs * pairs);
    }

    @Test
    void viewsAreExportedAsFiles() throws Exception {
        String id = run(Map.of("text", "the \"bank\" by the river")).get("run").stringValue();
        String export = "/api/runs/" + id + "/export?stream=enc&layer=0&head=1";
        assertThat(new String(get(export + "&view=matrix&format=svg").body(), StandardCharsets.UTF_8))
                .startsWith("<svg");
        assertThat(new String(get(export + "&view=links&format=svg").body(), StandardCharsets.UTF_8))
                .startsWith("<svg");
        HttpResponse<byte[]> csv = get(export + "&view=matrix&format=csv");
        assertThat(csv.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"attention-matrix.csv\"");
        assertThat(new String(csv.body(), StandardCharsets.UTF_8)).startsWith("token,\"[CLS]\",\"the\",\"[UNK]\"");
        assertThat(json(get(export + "&view=matrix&format=json"), 200)
                        .get("weights")
                        .size())
                .isEqualTo(json(get("/api/runs/" + id), 200)
                        .get("tokens")
                        .get("source")
                        .size());
        assertThat(json(get(export + "&view=heads&format=json"), 200)
                        .get("heads")
                        .size())
                .isPositive();
        String map = new String(get(export + "&view=heads&format=svg").body(), StandardCharsets.UTF_8);
        assertThat(map).startsWith("<svg").contains("masked-lm, encoder: 2 layers of 5 heads", "Layer 1, head 4");
        assertThat(error(get(export + "&view=heads&format=png"), 400))
                .isEqualTo("the heads are exported as svg, json or csv");
        assertThat(error(get(export + "&view=matrix&format=gif"), 400))
                .isEqualTo("a head is exported as svg, json or csv");
    }

    @Test
    void whatCannotBeAnsweredIsRefusedWithAReason() throws Exception {
        assertThat(error(post("/api/runs", Map.of("text", " ")), 400)).isEqualTo("the text is empty");
        assertThat(error(post("/api/runs", Map.of()), 400)).isEqualTo("'text' is missing");
        assertThat(error(post("/api/runs", Map.of("text", 7)), 400)).isEqualTo("'text' is not a text");
        assertThat(error(post("/api/runs", "{\"text\":"), 400)).startsWith("the request is not JSON");
        assertThat(error(post("/api/runs", "[]"), 400)).isEqualTo("the request is not a JSON object");
        assertThat(error(post("/api/runs", Map.of("text", "a", "options", Map.of("mask", List.of("x")))), 400))
                .isEqualTo("'options.mask' is not a whole number");
        assertThat(error(post("/api/runs", Map.of("text", "a", "model", "nope")), 404))
                .startsWith("no model named 'nope'");
        assertThat(error(post("/api/runs", Map.of("text", "word ".repeat(9000))), 422))
                .contains("takes at most");
        assertThat(error(post("/api/runs", Map.of("text", "a", "generate", Map.of("maxNewTokens", 3))), 422))
                .endsWith("it reads, and writes nothing");
        assertThat(error(post("/api/runs", "{\"text\":\"" + "x".repeat(1 << 20) + "\"}"), 413))
                .isEqualTo("the request is larger than 1 MB");
        assertThat(error(send(request("/api/runs").POST(HttpRequest.BodyPublishers.ofString("text=a"))), 400))
                .isEqualTo("send JSON, with Content-Type: application/json");
        assertThat(error(get("/api/runs/unknown"), 404)).isEqualTo("this run is no longer kept; run the text again");
        assertThat(error(get("/api/jobs/j999"), 404)).isEqualTo("there is no job j999");
        assertThat(error(get("/api/elsewhere"), 404)).isEqualTo("there is nothing at this address of the API");
        String id = run(Map.of("text", "the bank")).get("run").stringValue();
        assertThat(error(get("/api/runs/" + id + "/cross/thumbs"), 422)).isEqualTo("this model has no cross-attention");
        assertThat(error(get("/api/runs/" + id + "/side/thumbs"), 400)).startsWith("a stream is enc, dec or cross");
        assertThat(error(get("/api/runs/" + id + "/enc/head?layer=77&head=0"), 400))
                .startsWith("there is no layer 77");
        assertThat(error(get("/api/runs/" + id + "/enc/head?layer=x&head=0"), 400))
                .isEqualTo("'layer' is a whole number, not 'x'");
        assertThat(error(get("/api/runs/" + id + "/enc/row"), 400)).isEqualTo("'token' is missing");
        assertThat(error(get("/api/runs/" + id + "/enc/thumbs?size=0"), 400)).isEqualTo("'size' is 1 to 256, not 0");
        HttpResponse<byte[]> refused = get("/api/runs/" + id + "/enc/head?layer=77&head=0");
        assertThat(refused.headers().firstValue("ETag")).isEmpty();
    }

    @Test
    void requestsOfForeignPagesAndForForeignHostsAreTurnedAway() throws Exception {
        assertThat(error(send(request("/api/models").header("Origin", "http://evil.example")), 403))
                .isEqualTo("this page does not belong to this server");
        assertThat(statusForHost("evil.example")).isEqualTo(421);
        assertThat(statusForHost("127.0.0.1.evil.example:" + server.port())).isEqualTo(421);
        assertThat(statusForHost("localhost:" + server.port())).isEqualTo(200);
        assertThat(get("/api/models").headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy).startsWith("default-src 'self'"));
    }

    private static int statusForHost(String host) throws IOException {
        String answer = exchange("GET /api/models HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        return Integer.parseInt(answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    }

    /// Sends what Java's client would not, then nothing more, and reads until the server closes.
    private static String exchange(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String request(String method, String path, String headers) {
        return method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n" + headers
                + "Connection: close\r\n\r\n";
    }

    @Test
    void headIsGetWithoutABody() throws Exception {
        String run = run(Map.of("text", "the bank")).get("run").stringValue();
        for (String path : List.of(
                "/api/models",
                "/api/runs/" + run,
                "/api/runs/" + run + "/enc/thumbs?size=4",
                "/api/runs/" + run + "/export?view=heads&format=csv",
                "/api/runs/unknown",
                "/api/elsewhere",
                "/no-such-page")) {
            String head = exchange(request("HEAD", path, ""));
            HttpResponse<byte[]> get = get(path);
            assertThat(head).startsWith("HTTP/1.1 " + get.statusCode()).endsWith("\r\n\r\n");
            assertThat(head).as(path).contains("Content-Length: " + get.body().length + "\r\n");
            assertThat(head.indexOf("\r\n\r\n")).isEqualTo(head.length() - 4);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    PUT     | /                        | 405 | PUT is not understood at this address, only GET, HEAD
                    POST    | /                        | 405 | POST is not understood at this address, only GET, HEAD
                    DELETE  | /api/models              | 405 | DELETE is not understood at this address, only GET, HEAD, POST
                    GET     | /api/runs                | 405 | GET is not understood at this address, only POST
                    POST    | /api/runs/abc            | 405 | POST is not understood at this address, only GET, HEAD
                    HEAD    | /api/ablate              | 405 |
                    PATCH   | /api/runs/abc/enc/thumbs | 405 | PATCH is not understood at this address, only GET, HEAD
                    OPTIONS | /api/compare             | 405 | OPTIONS is not understood at this address, only POST
                    TRACE   | /api/jobs/j1             | 405 | TRACE is not understood at this address, only GET, HEAD, DELETE
                    BREW    | /api/models              | 405 | BREW is not understood at this address, only GET, HEAD, POST
                    GET     | /../../etc/passwd        | 404 | there is no such page
                    GET     | /%2e%2e/%2e%2e/pom.xml   | 404 | there is no such page
                    GET     | /api/jobs/%00            | 404 |
                    GET     | /api/runs/a%20b/enc/row  | 404 | this run is no longer kept; run the text again
                    DELETE  | /api/jobs/j999           | 404 | there is no job j999
                    """)
    void oddMethodsAndAddressesAreRefusedWithAReason(String method, String path, int status, @Nullable String reason)
            throws Exception {
        String answer = exchange(request(method, path, ""));
        assertThat(answer).startsWith("HTTP/1.1 " + status);
        assertThat(answer).contains("Content-Type: application/json");
        if (status == 405) {
            assertThat(answer).contains("\r\nAllow: ");
        }
        if (reason != null) {
            assertThat(answer).endsWith("{\"error\":\"" + reason + "\"}");
        }
    }

    @Test
    void whatIsNoHttpIsRefusedWithAReasonAndClosed() throws Exception {
        for (String request : List.of(
                "NONSENSE\r\n\r\n",
                "GET /api/models HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
                "GET /api/models HTTP/1.1\r\nConnection: close\r\n\r\n",
                request("GET", "/api/models", "X-Long: " + "x".repeat(100_000) + "\r\n"),
                request("GET", "/api/models?x=" + "x".repeat(100_000), ""),
                request("POST", "/api/runs", "Content-Type: application/json\r\nContent-Length: -5\r\n"),
                request("POST", "/api/runs", "Content-Type: application/json\r\nTransfer-Encoding: gzip\r\n"))) {
            assertThat(exchange(request)).matches("(?s)HTTP/1.1 4\\d\\d .*\"error\":.*");
        }
        assertThat(get("/api/models").statusCode()).isEqualTo(200);
    }

    @Test
    void aBodyOf50MegabytesIsRefusedAndTheNextRequestAnswered() throws Exception {
        byte[] large = new byte[50 << 20];
        Arrays.fill(large, (byte) ' ');
        String head = "POST /api/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
                + large.length + "\r\nConnection: close\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream().write(large);
                } catch (IOException e) {
                    // The server stops reading: that is the point.
                }
            });
            byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 413".length());
            assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
            sender.join();
        }
        assertThat(get("/api/models").statusCode()).isEqualTo(200);
    }

    @Test
    void aModelThatTwoAskForIsOpenedOnce() throws Exception {
        String model = GOLDEN.resolve("bert/sharded").toString();
        Set<String> jobs = ConcurrentHashMap.newKeySet();
        List<Callable<Void>> askers = Collections.nCopies(8, () -> {
            jobs.add(json(post("/api/models", Map.of("model", model)), 202)
                    .get("job")
                    .stringValue());
            return null;
        });
        try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> asked : both.invokeAll(askers)) {
                asked.get();
            }
        }
        assertThat(jobs).hasSize(1);
        get("/api/jobs/" + jobs.iterator().next() + "/events");
        JsonNode entry = json(get("/api/models"), 200)
                .get("models")
                .valueStream()
                .filter(each -> each.get("name").stringValue().equals(model))
                .findFirst()
                .orElseThrow();
        assertThat(entry.get("state").stringValue()).isEqualTo("open");
        assertThat(entry.get("files").size()).isGreaterThan(3);
        assertThat(entry.get("bytes").longValue())
                .isEqualTo(entry.get("files")
                        .valueStream()
                        .mapToLong(file -> file.get("bytes").longValue())
                        .sum());
        assertThat(entry.get("parameters").longValue()).isPositive();
        assertThat(entry.get("weights").stringValue()).isEqualTo("f32");
    }

    @Test
    void aJobInStepsIsCalledOffAndOthersAreNot() throws Exception {
        String run =
                run(Map.of("model", DECODER, "text", "the bank")).get("run").stringValue();
        String each = json(post("/api/ablate/each", Map.of("run", run, "stream", "dec")), 202)
                .get("job")
                .stringValue();
        json(send(request("/api/jobs/" + each).DELETE()), 200);
        String events = new String(get("/api/jobs/" + each + "/events").body(), StandardCharsets.UTF_8);
        assertThat(events).containsAnyOf("called off", "\"state\":\"done\"");
        String opening = json(post("/api/models", Map.of("model", ENCODER)), 202)
                .get("job")
                .stringValue();
        assertThat(error(send(request("/api/jobs/" + opening).DELETE()), 422))
                .isEqualTo("this job cannot be called off");
    }

    @Test
    void withoutANumberAModelWritesAsMuchAsItHasRoomFor() throws Exception {
        JsonNode translated = run(Map.of("model", TRANSLATOR, "text", "the bank"));
        assertThat(translated.get("tokens").get("target").size()).isBetween(1, 40);
        JsonNode written = run(Map.of("model", DECODER, "text", "the bank", "generate", Map.of()));
        assertThat(written.get("tokens").get("source").size())
                .isGreaterThan(written.get("generatedFrom").intValue());
        assertThat(error(
                        post(
                                "/api/runs",
                                Map.of("model", DECODER, "text", "a", "generate", Map.of("maxNewTokens", 500))),
                        422))
                .contains("60");
        assertThat(error(
                        post(
                                "/api/runs",
                                Map.of("model", DECODER, "text", "a", "generate", Map.of("maxNewTokens", -1))),
                        400))
                .isEqualTo("'generate.maxNewTokens' is 0 to 512, not -1");
    }

    @Test
    void headsAreTakenOutOfAModelThatWroteItsTarget() throws Exception {
        JsonNode run =
                run(Map.of("model", BOTH, "text", "the bank by the river", "generate", Map.of("maxNewTokens", 4)));
        JsonNode effect = json(
                post(
                        "/api/ablate",
                        Map.of(
                                "run",
                                run.get("run").stringValue(),
                                "heads",
                                List.of(Map.of("stream", "cross", "layer", 0, "head", 1)))),
                200);
        assertThat(effect.get("kl").doubleValue()).isPositive();
        JsonNode after = json(get("/api/runs/" + effect.get("run").stringValue()), 200);
        assertThat(after.get("tokens").get("target"))
                .isEqualTo(run.get("tokens").get("target"));
    }

    @Test
    void aPortThatIsTakenIsRefusedInOneLine() {
        ExplorerServer.Settings settings =
                new ExplorerServer.Settings("127.0.0.1", server.port(), List.of(ENCODER), ModelOptions.defaults());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExplorerServer.start(settings, Hub.in(cache)))
                .withMessageStartingWith("cannot listen on 127.0.0.1, port " + server.port())
                .withMessageEndingWith("choose another with --host or --port");
        assertThat(URI.create(server.address().toString()).getPort()).isEqualTo(server.port());
    }
}

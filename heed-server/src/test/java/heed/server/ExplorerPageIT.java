package heed.server;

import static org.assertj.core.api.Assertions.assertThat;

import heed.claims.ClaimFolder;
import heed.claims.ClaimResult;
import heed.claims.Table;
import heed.hub.Hub;
import heed.model.ModelOptions;
import heed.server.api.ModerationFiles;
import heed.serving.ServingSettings;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The page in a real browser, on small models and one of learned weights. The tests themselves are TypeScript,
/// beside the page they test (`web/browser`); here they get a server, and each of their results is reported as
/// a test.
///
/// Without Node.js or without a Chromium nothing can be tested, and the reason is reported. `.ci/run` installs
/// both.
class ExplorerPageIT {
    private static final Path WEB = Path.of("web");
    private static final Path MODELS =
            Path.of("../heed-models/src/test/resources/golden").toAbsolutePath().normalize();
    private static final String ENCODER = MODELS.resolve("bert/masked-lm").toString();
    private static final String DECODER = MODELS.resolve("generation/gpt2").toString();
    private static final String TRANSLATOR = MODELS.resolve("generation/marian").toString();

    /// Relative positions have no end, so that it takes texts of any length.
    private static final String LONG = MODELS.resolve("generation/t5").toString();

    /// Of learned weights, for what the documentation shows.
    private static final String REAL = "minilm";

    private static final Duration PATIENCE = Duration.ofMinutes(12);

    /// One that judges comments.
    private static final String SORTER =
            MODELS.resolve("bert/sequence-classification-multi").toString();

    private static @Nullable ExplorerServer server;
    private static @Nullable ExplorerServer reviewing;

    @BeforeAll
    static void start(@TempDir Path cache) throws Exception {
        Assumptions.assumeTrue(onPath("node"), "Node.js is not on the PATH");
        Assumptions.assumeTrue(browser().isPresent(), "there is no Chromium; HEED_CHROMIUM may name one");
        Assumptions.assumeTrue(
                Files.isDirectory(WEB.resolve("node_modules")), "the page was not built (no npm, or -DskipFrontend)");
        ExplorerServer started = ExplorerServer.start(
                new ExplorerServer.Settings(
                        "127.0.0.1",
                        0,
                        List.of(ENCODER, DECODER, TRANSLATOR, LONG, REAL),
                        ModelOptions.defaults(),
                        ServingSettings.defaults(),
                        null,
                        ModerationFiles.NONE,
                        claims(cache.resolve("claims"))),
                Hub.in(cache));
        server = started;
        Path policy = Files.writeString(
                cache.resolve("policy.yaml"), "{version: v1, categories: {unkind: {label: toxic, review: 0.0001}}}");
        ModerationFiles files = new ModerationFiles(policy, null, cache.resolve("audit.jsonl"), null)
                .withReviews(cache.resolve("reviews.jsonl"), ModerationFiles.USUAL_REVIEWS);
        reviewing = ExplorerServer.start(
                new ExplorerServer.Settings(
                        "127.0.0.1",
                        0,
                        List.of(SORTER),
                        ModelOptions.defaults(),
                        ServingSettings.defaults(),
                        null,
                        files),
                Hub.in(cache));
        awaitModels(started);
        awaitModels(reviewing);
    }

    /// A folder with what was found of one claim.
    private static Path claims(Path folder) throws IOException {
        new ClaimFolder(folder)
                .write(new ClaimResult(
                        "scale",
                        "",
                        "",
                        true,
                        "It peaked.",
                        Map.of("threads", 2),
                        List.of(new Table("softmax", List.of("d_k", "entropy"), List.of(List.of(4, 0.692345)))),
                        List.of("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"76\" height=\"42\""
                                + " viewBox=\"0 0 76 42\"><path d=\"M0 0H76\"/></svg>")));
        return folder;
    }

    @AfterAll
    static void stop() {
        for (ExplorerServer each : Arrays.asList(server, reviewing)) {
            if (each != null) {
                each.close();
            }
        }
    }

    private static void awaitModels(ExplorerServer started) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < 3000; attempt++) {
            try (InputStream answer =
                    started.address().resolve("api/models").toURL().openStream()) {
                if (!new String(answer.readAllBytes(), StandardCharsets.UTF_8).contains("\"opening\"")) {
                    return;
                }
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException("the models were not open after five minutes");
    }

    @TestFactory
    Stream<DynamicTest> thePageInABrowser(@TempDir Path folder) throws Exception {
        Path report = folder.resolve("report.json");
        String said = run(Objects.requireNonNull(server).address(), report);
        assertThat(report).as(said).exists();
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode file : JsonMapper.shared().readTree(report).path("testResults")) {
            if (file.path("assertionResults").isEmpty()) {
                tests.add(test(
                        file.path("name").asString(),
                        "failed",
                        file.path("message").asString()));
            }
            for (JsonNode result : file.path("assertionResults")) {
                tests.add(test(
                        result.path("fullName").asString(),
                        result.path("status").asString(),
                        String.join(
                                "\n",
                                result.path("failureMessages")
                                        .valueStream()
                                        .map(JsonNode::asString)
                                        .toList())));
            }
        }
        assertThat(tests).as(said).hasSizeGreaterThanOrEqualTo(50);
        return tests.stream();
    }

    private static DynamicTest test(String name, String status, String message) {
        return DynamicTest.dynamicTest(
                name, () -> assertThat(status).as(message).isEqualTo("passed"));
    }

    /// Runs the browser's tests.
    ///
    /// @return what they printed
    private static String run(URI address, Path report) throws IOException, InterruptedException {
        Path log = report.resolveSibling("log.txt");
        ProcessBuilder builder = new ProcessBuilder(
                        "node",
                        "node_modules/vitest/vitest.mjs",
                        "run",
                        "--config",
                        "vitest.browser.config.ts",
                        "--reporter=json",
                        "--outputFile=" + report)
                .directory(WEB.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("HEED_URL", address.toString());
        builder.environment()
                .put("HEED_REVIEWS", Objects.requireNonNull(reviewing).address().toString());
        builder.environment().put("HEED_CHROMIUM", browser().orElseThrow().toString());
        builder.environment().put("HEED_ENCODER", ENCODER);
        builder.environment().put("HEED_DECODER", DECODER);
        builder.environment().put("HEED_TRANSLATOR", TRANSLATOR);
        builder.environment().put("HEED_LONG", LONG);
        builder.environment().put("HEED_REAL", REAL);
        Process process = builder.start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            throw new AssertionError("the browser's tests did not end: " + Files.readString(log));
        }
        return Files.readString(log);
    }

    private static Optional<Path> browser() {
        return Stream.concat(
                        Optional.ofNullable(System.getenv("HEED_CHROMIUM")).stream(),
                        Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"))
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static boolean onPath(String program) {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(Objects.requireNonNullElse(System.getenv("PATH"), ""))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}

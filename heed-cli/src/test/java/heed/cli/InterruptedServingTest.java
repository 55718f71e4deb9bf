package heed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import heed.model.Model;
import heed.model.Models;
import heed.moderation.Action;
import heed.moderation.AuditLog;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// A server in a process of its own that is killed while it decides, or has no room to write decisions down:
/// every decision that was answered is in the log once. Nothing here waits for a time.
@NullMarked
@Timeout(300)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no signals")
class InterruptedServingTest {
    private static final Path MODEL = Path.of(
                    "..", "heed-models", "src", "test", "resources", "golden", "bert", "sequence-classification-multi")
            .toAbsolutePath()
            .normalize();
    private static final int CALLERS = 6;
    private static final int ENOUGH = 60;

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path log = Path.of("");
    private Path policy = Path.of("");

    @BeforeEach
    void writePolicy() throws IOException {
        log = folder.resolve("audit.jsonl");
        policy = Files.writeString(
                folder.resolve("policy.yaml"), "{version: v1, categories: {toxic: {review: 0.0001}}}");
        try (Model model = Models.open(MODEL)) {
            model.tokenizer(); // unpacks its library, for which a process with little room has none
        }
    }

    private record Server(Process process, URI address) implements AutoCloseable {
        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /// @param before of the shell, before it becomes Java
    private Server start(String before) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", before + "exec \"$@\"", "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-cp", classPath(), "heed.cli.Heed"));
        command.addAll(List.of("serve", "--port", "0", "--model", MODEL.toString()));
        command.addAll(List.of("--policy", policy.toString(), "--audit", log.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        String address = said.readLine();
        while (address != null && !address.startsWith("http")) {
            address = said.readLine();
        }
        assertThat(address).as("the address of the server").isNotNull();
        Server server = new Server(process, URI.create(String.valueOf(address)));
        while (post(server, "first").statusCode() == 503) { // until the model is open
            assertThat(process.isAlive()).isTrue();
        }
        return server;
    }

    private static String classPath() {
        return Stream.of("jdk.module.path", "java.class.path", "surefire.test.class.path")
                .map(System::getProperty)
                .filter(path -> path != null && !path.isEmpty())
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElseThrow();
    }

    private HttpResponse<String> post(Server server, String id) throws IOException, InterruptedException {
        Object body = Map.of("comments", List.of(Map.of("id", id, "text", "the bank can lend money")));
        return client.send(
                HttpRequest.newBuilder(server.address.resolve("/moderate"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                JsonMapper.shared().writeValueAsString(body)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private List<String> logged() {
        List<String> ids = new ArrayList<>();
        AuditLog.read(log, entry -> ids.add(entry.id()));
        return ids;
    }

    @Test
    void everyAnsweredDecisionOfAKilledServerIsInTheLogOnce() throws Exception {
        Set<String> answered = ConcurrentHashMap.newKeySet();
        Set<String> sent = ConcurrentHashMap.newKeySet();
        try (Server server = start("")) {
            CountDownLatch enough = new CountDownLatch(ENOUGH);
            List<Thread> callers = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                String name = "c" + caller + "-";
                callers.add(Thread.ofVirtual().start(() -> askUntilItDies(server, name, sent, answered, enough)));
            }
            enough.await();
            server.process.destroyForcibly(); // SIGKILL, while it decides
            assertThat(server.process.waitFor()).isNotZero();
            for (Thread caller : callers) {
                caller.join();
            }
        }
        try (AuditLog again = AuditLog.open(log, InstantSource.system())) { // as a server that is started anew
            again.reviewed("after", Action.ALLOW, "Ada", "");
        }
        List<String> logged = logged();
        assertThat(answered).hasSizeGreaterThanOrEqualTo(ENOUGH);
        assertThat(logged).doesNotHaveDuplicates().containsAll(answered).endsWith("after");
        assertThat(logged.size() - answered.size() - 2) // "first" and "after"
                .as("decided and not answered: of each caller at most what was under way")
                .isBetween(0, CALLERS);
        assertThat(sent).containsAll(logged.subList(1, logged.size() - 1));
    }

    private void askUntilItDies(
            Server server, String name, Set<String> sent, Set<String> answered, CountDownLatch enough) {
        for (int i = 0; ; i++) {
            String id = name + i;
            sent.add(id);
            try {
                if (post(server, id).statusCode() == 200) {
                    answered.add(id);
                    enough.countDown();
                }
            } catch (IOException | InterruptedException e) {
                return;
            }
        }
    }

    /// A file may have a few blocks, of 512 or 1,024 bytes as the shell has it: enough for some decisions.
    @Test
    void whoCannotWriteADecisionDownDoesNotDecide() throws Exception {
        List<String> answered = new ArrayList<>(List.of("first"));
        try (Server server = start("ulimit -f 40; ")) {
            HttpResponse<String> answer = post(server, "id-1000");
            for (int i = 1001; answer.statusCode() == 200; i++) {
                answered.add("id-" + (i - 1));
                answer = post(server, "id-" + i);
            }
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("a decision could not be written down, and is not made");
            assertThat(post(server, "id-9999").statusCode()).isEqualTo(503);
            HttpResponse<String> alive = client.send(
                    HttpRequest.newBuilder(server.address.resolve("/health/live"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(alive.statusCode()).isEqualTo(200);
        }
        assertThat(answered).hasSizeGreaterThan(10);
        assertThat(logged()).isEqualTo(answered);
    }
}

package heed.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import heed.hub.Hub;
import heed.model.ModelOptions;
import heed.server.ExplorerServer;
import heed.timing.OpenLoad;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(300)
class LoadTest {
    private static final long MILLISECOND = 1_000_000;

    /// Passes only when somebody waits or works.
    private static final class Hands implements OpenLoad.Clock {
        private long now = 17;

        @Override
        public long now() {
            return now;
        }

        @Override
        public void sleepUntil(long time) {
            now = Math.max(now, time);
        }
    }

    /// One request at a time, 250 ms each, of which one is to be sent every 100 ms: the server is done at 250,
    /// 500 and 750 ms with what was to be sent at 0, 100 and 200 ms.
    @Test
    void latenciesCountFromWhenARequestWasToBeSent() throws InterruptedException {
        Hands clock = new Hands();
        OpenLoad run = new OpenLoad(
                _ -> {
                    clock.now += 250 * MILLISECOND;
                    return 200;
                },
                clock,
                Runnable::run);
        OpenLoad.Result result = run.run(10, 3);
        assertThat(result.latencies()).containsExactly(0.25, 0.4, 0.55);
        assertThat(result.percentile(50)).isEqualTo(0.4);
        assertThat(result.percentile(34)).isEqualTo(0.4);
        assertThat(result.percentile(33)).isEqualTo(0.25);
        assertThat(result.percentile(100)).isEqualTo(0.55);
        assertThat(result.seconds()).isCloseTo(0.75, within(1e-9));
    }

    @Test
    void whatIsDeclinedOrFailsIsCountedApart() throws InterruptedException {
        OpenLoad run = new OpenLoad(
                number -> {
                    if (number % 5 == 0) {
                        throw new IOException("the connection broke");
                    }
                    return number % 2 == 0 ? 429 : 200;
                },
                new Hands(),
                Runnable::run);
        OpenLoad.Result result = run.run(1000, 23);
        assertThat(result.sent()).isEqualTo(23);
        assertThat(result.failed()).isEqualTo(5);
        assertThat(result.ofStatus(429)).isEqualTo(9);
        assertThat(result.answered()).isEqualTo(9);
        assertThat(result.ofStatus(500)).isZero();
        assertThat(new OpenLoad(_ -> 503, new Hands(), Runnable::run).run(1, 1).percentile(99))
                .isNaN();
    }

    @Test
    void aCommentHasItsWords() {
        assertThat(LoadComments.comment(7, 100).split(" ")).hasSize(100);
        assertThat(LoadComments.comment(7, 100))
                .isEqualTo(LoadComments.comment(7, 100))
                .isNotEqualTo(LoadComments.comment(8, 100));
    }

    @Test
    void otherMachinesAreNotAsked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LoadTarget.of(URI.create("http://192.0.2.1/"), LoadTarget.Route.EMBED, 1))
                .withMessageContaining("loopback");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LoadTarget.of(URI.create("file:///etc"), LoadTarget.Route.EMBED, 1));
    }

    private record Ran(int status, List<JsonNode> lines, String err) {}

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = new CommandLine(new LoadBench())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
        return new Ran(
                status,
                out.toString().lines().map(JsonMapper.shared()::readTree).toList(),
                err.toString());
    }

    @Test
    void aServerIsAskedAsOftenAsWasSaid(@TempDir Path folder) {
        String model = Path.of(
                        "..", "heed-models", "src", "test", "resources", "golden", "bert", "sequence-classification")
                .toString();
        try (ExplorerServer server = ExplorerServer.start(
                new ExplorerServer.Settings("127.0.0.1", 0, List.of(model), ModelOptions.defaults()), Hub.in(folder))) {
            String url = server.address().toString();
            Ran ran;
            do { // until the model is open
                ran = run("--url", url, "--rate", "50", "--seconds", "0.3", "--words", "1", "--warm-up", "0");
            } while (ran.err().contains("is not ready"));
            assertThat(ran.status()).as(ran.err()).isZero();
            JsonNode line = ran.lines().getLast();
            assertThat(line.get("sent").intValue()).isEqualTo(15);
            assertThat(line.get("answered").intValue()).isEqualTo(15);
            assertThat(line.get("p50_ms").doubleValue())
                    .isPositive()
                    .isLessThanOrEqualTo(line.get("max_ms").doubleValue());
            assertThat(line.get("heap_after_mb").doubleValue()).isPositive();
            assertThat(ran.err()).contains("| 50.0 | 15 | 0 | 0 |");
            Ran tooLong = run("--url", url, "--words", "9000");
            assertThat(tooLong.err()).contains("answers with status 413 before there is any load");
        }
    }

    @Test
    void loadIsBounded() {
        assertThat(run("--url", "http://127.0.0.1:9/", "--seconds", "601").err())
                .contains("at most 600");
        assertThat(run("--url", "http://127.0.0.1:9/", "--rate", "50000", "--seconds", "60")
                        .err())
                .contains("3000000 requests are more than 2000000");
        assertThat(run("--rate", "5").status()).isEqualTo(2);
    }
}

package heed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `heed moderate stream`, beside `heed moderate run` on the same comments.
@NullMarked
class ModerateStreamTest {
    private static final String MODEL = Path.of(
                    "..", "heed-models", "src", "test", "resources", "golden", "bert", "sequence-classification-multi")
            .toString();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final StringWriter err = new StringWriter();

    private List<JsonNode> run(int status, String... arguments) {
        StringWriter out = new StringWriter();
        assertThat(Heed.run(new PrintWriter(out), new PrintWriter(err), arguments))
                .as(err.toString())
                .isEqualTo(status);
        return out.toString().lines().map(JsonMapper.shared()::readTree).toList();
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private List<JsonNode> written() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve("judged/decisions"))) {
            for (Path file : files.toList()) {
                Files.readAllLines(file)
                        .forEach(line -> lines.add(JsonMapper.shared().readTree(line)));
            }
        }
        return lines;
    }

    @Test
    void aStreamDecidesAsARunDoesAndTellsWhatCameOfIt() throws IOException {
        String policy = file("policy.yaml", "{version: v1, categories: {toxic: {review: 0.2, block: 0.25}}}");
        file("calibration.json", "{\"toxic\": {\"temperature\": 1.5}}");
        String comments = file(
                "comments.jsonl",
                String.join(
                        "\n",
                        IntStream.range(0, 23)
                                .mapToObj(i ->
                                        "{\"id\": " + i + ", \"text\": \"the bank" + " river".repeat(i % 7) + "\"}")
                                .toList()));
        String out = folder.resolve("judged").toString();
        List<JsonNode> expected = run(0, "moderate", "run", "--model", MODEL, "--policy", policy, "--jsonl", comments);
        JsonNode tally = run(
                        0,
                        "moderate",
                        "stream",
                        "--model",
                        MODEL,
                        "--policy",
                        policy,
                        "--in",
                        comments,
                        "--out",
                        out,
                        "--ordered")
                .getFirst();
        assertThat(tally.get("comments").intValue()).isEqualTo(23);
        assertThat(tally.get("allow").intValue()
                        + tally.get("review").intValue()
                        + tally.get("block").intValue())
                .isEqualTo(23);
        assertThat(tally.get("dead_letters").intValue() + tally.get("repeated").intValue())
                .isZero();
        List<JsonNode> written = written();
        assertThat(written).hasSize(23);
        for (int i = 0; i < 23; i++) {
            JsonNode one = written.get(i);
            assertThat(one.get("id")).isEqualTo(expected.get(i).get("id"));
            assertThat(one.get("action")).isEqualTo(expected.get(i).get("action"));
            assertThat(one.get("reasons")).isEqualTo(expected.get(i).get("reasons"));
            expected.get(i)
                    .get("scores")
                    .properties()
                    .forEach(score -> assertThat(
                                    one.get("scores").get(score.getKey()).get("probability"))
                            .isEqualTo(score.getValue()));
        }
        run(1, "moderate", "stream", "--model", MODEL, "--policy", policy, "--in", comments, "--out", out);
        assertThat(err.toString()).contains("has decisions already; name another folder, or go on with --resume");
        assertThat(run(
                        0,
                        "moderate",
                        "stream",
                        "--model",
                        MODEL,
                        "--policy",
                        policy,
                        "--in",
                        comments,
                        "--out",
                        out,
                        "--resume"))
                .hasSize(1);
        assertThat(written()).hasSize(23);
    }

    @Test
    void whatIsWrongIsToldInOneLine() throws IOException {
        String policy = file("policy.yaml", "{version: v1, categories: {rude: {review: 0.2}}}");
        String comments = file("comments.txt", "the bank\n");
        String out = folder.resolve("judged").toString();
        run(1, "moderate", "stream", "--model", MODEL, "--policy", policy, "--in", comments, "--out", out);
        assertThat(err.toString()).contains("the label 'rude', the model has toxic");
        run(1, "moderate", "stream", "--model", MODEL, "--policy", policy, "--in", comments + "x", "--out", out);
        assertThat(err.toString()).contains("there is no file or folder " + comments + "x");
        run(2, "moderate", "stream", "--model", MODEL, "--policy", policy, "--in", comments, "--out", "kafka://a:1/b");
        assertThat(err.toString()).contains("--checkpoints FOLDER is needed where --out is no folder");
        run(1, "moderate", "stream", "--model", MODEL, "--policy", policy, "--in", comments, "--out", out, "--resume");
        assertThat(Files.exists(folder.resolve("judged"))).isFalse();
    }
}

package heed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ModerateTest {
    private static final String MODEL = Path.of(
                    "..", "heed-models", "src", "test", "resources", "golden", "bert", "sequence-classification-multi")
            .toString();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static HeedRun run(String... arguments) {
        return HeedRun.heed(arguments);
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    /// Comments of which some are said to be toxic, whatever the model thinks.
    private String labelled() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        List<String> words = List.of("the", "bank", "river", "money", "can", "lend");
        return file(
                "labelled.jsonl",
                IntStream.range(0, 60)
                        .mapToObj(i -> IntStream.rangeClosed(0, random.nextInt(8))
                                .mapToObj(_ -> words.get(random.nextInt(words.size())))
                                .collect(Collectors.joining(" ", "", " " + i)))
                        .map(text -> "{\"text\": \"" + text + "\", \"labels\": ["
                                + (random.nextBoolean() ? "\"toxic\"" : "") + "]}")
                        .collect(Collectors.joining("\n")));
    }

    @Test
    void commentsAreJudgedWrittenDownAndJudgedAgain() throws IOException {
        String policy = file("policy.yaml", "{version: v1, categories: {toxic: {review: 0.0001}}}");
        String comments = file("comments.txt", "the bank can lend\nthe r i v e r\n");
        String log = folder.resolve("audit.jsonl").toString();
        HeedRun ran = run("moderate", "run", "--model", MODEL, "--policy", policy, "--log", log, "--explain", comments);
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.lines()).hasSize(2);
        JsonNode first = ran.lines().getFirst();
        assertThat(first.get("action").stringValue()).isEqualTo("review");
        assertThat(first.get("reasons").get(0).get("category").stringValue()).isEqualTo("toxic");
        assertThat(first.get("words").get(0).has("part")).isTrue();
        assertThat(run("moderate", "overrule", "--log", log, "--id", "1", "--action", "allow", "--reviewer", "Ada")
                        .status())
                .isZero();
        String milder = file("milder.yaml", "{version: v2, categories: {toxic: {review: 1}}}");
        HeedRun replayed = run("moderate", "replay", "--log", log, "--policy", milder);
        assertThat(replayed.lines().getFirst().get("decided").intValue()).isEqualTo(2);
        assertThat(replayed.lines()
                        .getFirst()
                        .get("counts")
                        .get("review → allow")
                        .intValue())
                .isEqualTo(2);
        assertThat(replayed.lines().getFirst().get("agrees_with_people").intValue())
                .isEqualTo(1);
        assertThat(replayed.lines()).hasSize(3);
    }

    @Test
    void whatIsTunedCanBeRunAndEvaluated() throws IOException {
        String data = labelled();
        String out = folder.resolve("tuned").toString();
        HeedRun tuned =
                run("moderate", "tune", "--model", MODEL, "--data", data, "--block-precision", "0.5", "--out", out);
        assertThat(tuned.status()).as(tuned.err()).isZero();
        assertThat(tuned.lines().getFirst().get("label").stringValue()).isEqualTo("toxic");
        Path html = folder.resolve("report.html");
        HeedRun evaluated = run(
                "moderate",
                "evaluate",
                "--model",
                MODEL,
                "--policy",
                out + "/policy.yaml",
                "--data",
                data,
                "--terms",
                file("terms.txt", "river\n"),
                "--html",
                html.toString());
        assertThat(evaluated.status()).as(evaluated.err()).isZero();
        assertThat(evaluated.lines().getFirst().get("terms").has("river")).isTrue();
        assertThat(html).isNotEmptyFile();
        assertThat(evaluated.lines().getFirst().has("recall_kept")).isTrue();
        String comments = file("comments.txt", "the bank can lend\nthe r i v e r\n");
        String log = folder.resolve("audit.jsonl").toString();
        HeedRun ran =
                run("moderate", "run", "--model", MODEL, "--policy", out + "/policy.yaml", "--log", log, comments);
        assertThat(ran.status()).as(ran.err()).isZero();
        HeedRun drift = run("moderate", "drift", "--log", log, "--reference", out + "/reference.json");
        assertThat(drift.lines().getFirst().get("decided").intValue()).isEqualTo(2);
        assertThat(drift.lines().getFirst().get("stability").has("toxic")).isTrue();
    }

    @Test
    void whatIsWrongIsToldInOneLine() throws IOException {
        String comments = file("comments.jsonl", "{\"id\": 1, \"text\": \"the bank\"}\n{\"text\": \"no id\"}\n");
        String impossible = file("p.yaml", "{version: 1, categories: {toxic: {review: 2}}}");
        HeedRun ran = run("moderate", "run", "--model", MODEL, "--policy", impossible, "--jsonl", comments);
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err()).contains("p.yaml: categories.toxic.review is a score, 0 to 1");
        String unknown = file("q.yaml", "{version: 1, categories: {rude: {review: 0.5}}}");
        assertThat(run("moderate", "run", "--model", MODEL, "--policy", unknown, "--jsonl", comments)
                        .err())
                .contains("the label 'rude', the model has toxic");
        String fine = file("r.yaml", "{version: 1, categories: {toxic: {review: 0.5}}}");
        assertThat(run("moderate", "run", "--model", MODEL, "--policy", fine, "--jsonl", comments)
                        .err())
                .contains("line 2 is no JSON with an id and a text");
        assertThat(run("moderate", "run", "--policy", fine).status()).isEqualTo(2);
    }

    @Test
    void whyIsToldByOcclusionOrByGradients() throws IOException {
        String policy = file("policy.yaml", "{version: v1, categories: {toxic: {review: 0.0001}}}");
        String comments = file("comments.txt", "the bank can lend\n");
        for (String how : List.of("--explain", "--explain=occlusion", "--explain=gradients")) {
            HeedRun ran = run("moderate", "run", "--model", MODEL, "--policy", policy, how, comments);
            assertThat(ran.status()).as(ran.err()).isZero();
            assertThat(ran.lines().getFirst().get("words").size()).as(how).isEqualTo(4);
        }
        HeedRun spaced =
                run("moderate", "run", "--model", MODEL, "--policy", policy, "--explain", "gradients", comments);
        assertThat(spaced.status()).as(spaced.err()).isZero();
    }

    @Test
    void aModelMayBringItsPolicy() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        try (var files = Files.list(Path.of(MODEL))) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        String comments = file("comments.txt", "the bank can lend\n");
        HeedRun without = run("moderate", "run", "--model", model.toString(), comments);
        assertThat(without.status()).isEqualTo(2);
        assertThat(without.err()).contains("name a policy with --policy FILE: model brings none");
        Files.writeString(model.resolve("policy.yaml"), "{version: own, categories: {toxic: {review: 0.0001}}}");
        HeedRun ran = run("moderate", "run", "--model", model.toString(), comments);
        assertThat(ran.lines().getFirst().get("policy").stringValue()).isEqualTo("own");
    }

    @Test
    void aBaselineIsTunedAndMeasuredAsAModelIs() throws IOException {
        String data = labelled();
        for (String features : List.of("words", "characters")) {
            HeedRun ran = run(
                    "moderate",
                    "baseline",
                    "--train",
                    data,
                    "--tune",
                    data,
                    "--data",
                    data,
                    "--features",
                    features,
                    "--block-precision",
                    "0.5",
                    "--evasion",
                    "2");
            assertThat(ran.status()).as(ran.err()).isZero();
            assertThat(ran.lines().getFirst().get("system").stringValue())
                    .isEqualTo("logistic regression, " + features);
            assertThat(ran.lines().getFirst().get("roc_auc").doubleValue()).isBetween(0.5, 1.0);
        }
    }
}

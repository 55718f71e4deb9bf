package heed.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// `heed score` on files.
class ScoreTest {
    private static final String GPT2 = "../heed-models/src/test/resources/golden/generation/gpt2";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static HeedRun score(String... arguments) {
        List<String> all = new ArrayList<>(List.of("score"));
        all.addAll(List.of(arguments));
        return HeedRun.heed(all.toArray(String[]::new));
    }

    private String file(String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n")
                .toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bleu", "chrf", "rouge", "accuracy", "f1", "mcc", "auc", "spearman", "pearson", "perplexity"})
    void everyMetricHasHelpWithAnExample(String metric) {
        HeedRun help = score(metric, "--help");
        assertThat(help.status()).isZero();
        assertThat(help.out()).contains("Example").contains("heed score " + metric);
    }

    @Test
    void bleuIsPrintedWithItsSignature() throws IOException {
        String hypotheses = file("hyp.txt", "The bank refuses to lend money.", "It was steep.");
        String references = file("ref.txt", "The bank refuses to lend the money.", "It was steep.");
        HeedRun text = score("bleu", hypotheses, references);
        assertThat(text.status()).isZero();
        assertThat(text.out())
                .startsWith("BLEU|nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:heed-")
                .contains("(BP = 0.913 ratio = 0.917 hyp_len = 11 ref_len = 12)");
        JsonNode json = score("bleu", "--json", hypotheses, references).json();
        assertThat(json.get("name").asString()).isEqualTo("BLEU");
        assertThat(text.out())
                .contains(String.format(" = %.2f ", json.get("score").asDouble()));
        assertThat(score("bleu", "--sentences", hypotheses, references).out().lines())
                .hasSize(2)
                .last()
                .isEqualTo("100.00");
    }

    @Test
    void fieldsAndColumnsAreFoundBehindAHash() throws IOException {
        String hypotheses = file(
                "out.jsonl",
                "{\"source\": \"a\", \"translation\": \"ನನ್ನ ಹೆಸರು ಅಜ್\"}",
                "{\"source\": \"b\", \"translation\": \"\"}");
        String byNumber = file("pairs.tsv", "my name is aj\tನನ್ನ ಹೆಸರು ಅಜ್", "nothing\t");
        String byName = file("named.tsv", "en\tkn", "my name is aj\tನನ್ನ ಹೆಸರು ಅಜ್", "nothing\t");
        for (String references : List.of(byNumber + "#2", byName + "#kn")) {
            HeedRun chrf = score("chrf", "--word-order", "2", hypotheses + "#translation", references);
            assertThat(chrf.err()).isEmpty();
            assertThat(chrf.out()).startsWith("chrF2++|nrefs:1|").contains(" = 100.00");
        }
    }

    @Test
    void twoSystemsAreComparedOnTheSameDraws() throws IOException {
        String references = file("ref.txt", "a b c d e", "f g h i j", "k l m n o", "p q r s t");
        String good = file("good.txt", "a b c d e", "f g h i x", "k l m n o", "p q r s t");
        String bad = file("bad.txt", "a b x d e", "f x h i j", "k l m x o", "p x r s x");
        JsonNode json =
                score("chrf", "--json", "--baseline", bad, good, references).json();
        assertThat(json.get("wins").asDouble()).isEqualTo(1);
        assertThat(json.get("p_value").asDouble()).isLessThan(0.01);
        assertThat(json.get("difference").asDouble())
                .isEqualTo(json.get("score").asDouble()
                        - json.get("baseline_score").asDouble());
        assertThat(score("chrf", "--baseline", bad, good, references).out().lines())
                .hasSize(3)
                .last()
                .asString()
                .contains("the system wins 100.0% of 1000 samples");
    }

    @Test
    void labelsComeFromLinesOrFromTheOutputOfClassify() throws IOException {
        String gold = file("gold.txt", "spam", "ham", "ham", "spam");
        String lines = file("lines.txt", "spam", "ham", "spam", "ham");
        String classified = file(
                "out.jsonl",
                "{\"text\": \"1\", \"labels\": {\"spam\": 0.9, \"ham\": 0.1}}",
                "{\"text\": \"2\", \"labels\": {\"spam\": 0.2, \"ham\": 0.8}}",
                "{\"text\": \"3\", \"labels\": {\"spam\": 0.6, \"ham\": 0.4}}",
                "{\"text\": \"4\", \"labels\": {\"spam\": 0.4, \"ham\": 0.6}}");
        for (String given : List.of(lines, classified + "#labels")) {
            assertThat(score("accuracy", "--json", given, gold)
                            .json()
                            .get("score")
                            .asDouble())
                    .isEqualTo(0.5);
            JsonNode f1 =
                    score("f1", "--json", "--positive", "spam", given, gold).json();
            assertThat(f1.get("precision").asDouble()).isEqualTo(0.5);
            assertThat(f1.get("by_label").get("ham").get("support").asInt()).isEqualTo(2);
            assertThat(score("mcc", "--json", given, gold).json().get("score").asDouble())
                    .isZero();
        }
        JsonNode auc = score("auc", "--json", "--positive", "spam", classified + "#labels", gold)
                .json();
        assertThat(auc.get("score").asDouble()).isEqualTo(0.75);
        assertThat(auc.get("pr_auc").asDouble()).isCloseTo(5 / 6.0, within(1e-12));
        assertThat(score("auc", "--json", classified + "#labels.spam", file("binary.txt", "1", "0", "0", "1"))
                        .json()
                        .get("score")
                        .asDouble())
                .isEqualTo(0.75);
        assertThat(score("auc", classified + "#labels", gold).out())
                .contains("average:macro")
                .contains("spam");
    }

    @Test
    void severalLabelsALine() throws IOException {
        String given = file("given.jsonl", "{\"y\": {\"a\": 0.7, \"b\": 0.6}}", "{\"y\": {\"a\": 0.1, \"b\": 0.2}}");
        String gold = file("gold.txt", "a", "");
        JsonNode micro = score("f1", "--json", "--multi-label", "--average", "micro", given + "#y", gold)
                .json();
        assertThat(micro.get("precision").asDouble()).isEqualTo(0.5);
        assertThat(micro.get("recall").asDouble()).isEqualTo(1);
        assertThat(score("accuracy", "--json", "--multi-label", given + "#y", gold)
                        .json()
                        .get("score")
                        .asDouble())
                .isEqualTo(0.5);
    }

    @Test
    void perplexityOfATextAndOfItsLines() throws IOException {
        String text = file("text.txt", "the cat sat on the mat", "", "the dog");
        JsonNode whole = score("perplexity", "--model", GPT2, "--json", "--context", "13", text)
                .json();
        assertThat(whole.get("words").asInt()).isEqualTo(8);
        assertThat(whole.get("bytes").asInt()).isEqualTo(32);
        assertThat(Math.log(whole.get("score").asDouble()) * whole.get("tokens").asInt())
                .isCloseTo(whole.get("negative_log_likelihood").asDouble(), within(1e-6));
        HeedRun lines = score("perplexity", "--model", GPT2, "--lines", "--beginning", text);
        assertThat(lines.status()).isZero();
        assertThat(lines.out()).contains("bits a byte").contains("beginning:yes");
    }

    @Test
    void whatIsWrongIsSaidInOneLine() throws IOException {
        String two = file("two.txt", "a", "b");
        String three = file("three.txt", "1", "2", "NaN");
        String json = file("out.jsonl", "{\"source\": \"a\", \"translation\": \"b\"}");
        file("empty.txt");
        Files.writeString(folder.resolve("empty.txt"), "");
        refused("two.txt has 2 lines, " + three + " has 3", "bleu", two, three);
        refused("empty.txt is empty", "chrf", folder.resolve("empty.txt").toString(), two);
        refused("there is no file", "chrf", folder.resolve("absent.txt").toString(), two);
        refused("say which field", "bleu", json, json);
        refused("line 1 has no field 'target', only source, translation", "bleu", json + "#target", json + "#source");
        refused("line 3 is no finite number but \"NaN\"", "spearman", three, three);
        refused("which label of", "auc", file("numbers.txt", "1", "2"), two);
        refused(
                "all lines of " + file("one.txt", "1", "1") + " have 1",
                "auc",
                folder.resolve("numbers.txt").toString(),
                folder.resolve("one.txt").toString());
        refused("column 3 is asked for", "bleu", file("t.tsv", "a\tb") + "#3", two);
        refused("there is no tokenizer 'spm'", "bleu", "--tokenize", "spm", two, two);
        refused(
                "the first series is constant",
                "pearson",
                folder.resolve("one.txt").toString(),
                file("n.txt", "1", "2"));
        Files.write(folder.resolve("latin.txt"), new byte[] {(byte) 0xE9, '\n'});
        refused("is not UTF-8", "bleu", folder.resolve("latin.txt").toString(), two);
        assertThat(score("bleu", two).status()).isEqualTo(2);
    }

    private static void refused(String reason, String... arguments) {
        HeedRun result = score(arguments);
        assertThat(result.status()).as("%s", List.of(arguments)).isEqualTo(1);
        assertThat(result.err().strip()).contains(reason).doesNotContain("\n").doesNotContain("unexpected");
        assertThat(result.out()).isEmpty();
    }
}

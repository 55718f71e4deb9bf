package heed.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import heed.score.Rouge.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// BLEU and chrF as sacreBLEU computes and prints them, ROUGE as rouge-score does.
final class TextMetricGoldenTest {
    private static final Offset<Double> EXACT = within(1e-9);

    @Test
    void bleuAndChrfAreThoseOfSacrebleuToThePrintedDigit() throws IOException {
        JsonNode golden = ScoreGolden.read("texts.json");
        assertThat(golden.get("cases").size()).isGreaterThan(90);
        SoftAssertions softly = new SoftAssertions();
        for (JsonNode expected : golden.get("cases")) {
            JsonNode corpus = golden.get("corpora").get(expected.get("corpus").asString());
            List<String> hypotheses = ScoreGolden.strings(corpus.get("hypotheses"));
            List<List<String>> references = references(corpus.get("references"));
            TextMetric metric = metric(expected, false);
            String what = expected.get("corpus") + " " + expected.get("metric") + " " + expected.get("options");
            SegmentCounts counts = metric.count(hypotheses, references);
            softly.assertThat(counts.score())
                    .as(what)
                    .isCloseTo(expected.get("score").asDouble(), EXACT);
            softly.assertThat(line(counts, references.getFirst().size()))
                    .isEqualTo(expected.get("line").asString());
            softly.assertThat(
                            metric(expected, true).count(hypotheses, references).scores())
                    .as("sentences of " + what)
                    .containsExactly(ScoreGolden.numbers(expected.get("sentences")), EXACT);
        }
        softly.assertAll();
    }

    private static List<List<String>> references(JsonNode lists) {
        return lists.valueStream().map(ScoreGolden::strings).toList();
    }

    private static TextMetric metric(JsonNode expected, boolean sentences) {
        JsonNode options = expected.get("options");
        boolean lower = options.path("lowercase").asBoolean(false);
        if (expected.get("metric").asString().equals("CHRF")) {
            return new Chrf(
                    options.path("char_order").asInt(6),
                    options.path("word_order").asInt(0),
                    options.path("beta").asInt(2),
                    lower,
                    options.path("whitespace").asBoolean(false));
        }
        return new Bleu(
                BleuTokenizer.named(options.path("tokenize").asString("13a")),
                Smoothing.named(
                        options.path("smooth_method").asString("exp"),
                        options.path("smooth_value").asDouble(Double.NaN)),
                lower,
                sentences || options.path("effective_order").asBoolean(false),
                options.path("max_ngram_order").asInt(4));
    }

    /// `name|signature = score verbose`, without a version.
    private static String line(SegmentCounts counts, int references) {
        TextMetric metric = counts.metric();
        String signature = metric.settings().entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining("|", "nrefs:" + references + "|", ""));
        String verbose =
                metric instanceof Bleu bleu ? " " + bleu.parts(counts.sums()).verbose() : "";
        return String.format(Locale.ROOT, "%s|%s = %.2f%s", metric.name(), signature, counts.score(), verbose);
    }

    @Test
    void rougeIsThatOfRougeScore() throws IOException {
        JsonNode cases = ScoreGolden.read("rouge.json");
        assertThat(cases.size()).isGreaterThan(30);
        Map<Kind, String> keys = Map.of(Kind.ROUGE_1, "rouge1", Kind.ROUGE_2, "rouge2", Kind.ROUGE_L, "rougeL");
        SoftAssertions softly = new SoftAssertions();
        for (JsonNode expected : cases) {
            List<String> references = ScoreGolden.strings(expected.get("references"));
            keys.forEach((kind, key) -> {
                double[] counts =
                        Rouge.of(kind).counts(expected.get("hypothesis").asString(), references);
                softly.assertThat(counts[0])
                        .as("%s of %s", kind, expected)
                        .isCloseTo(expected.get(key + "_fmeasure").asDouble(), within(1e-6));
                softly.assertThat(counts[1])
                        .as("precision, %s of %s", kind, expected)
                        .isCloseTo(expected.get(key + "_precision").asDouble(), within(1e-6));
                softly.assertThat(counts[2])
                        .as("recall, %s of %s", kind, expected)
                        .isCloseTo(expected.get(key + "_recall").asDouble(), within(1e-6));
            });
        }
        softly.assertAll();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rougeOfSeveralSentencesIsThatOfRougeScore(boolean stems) throws IOException {
        JsonNode cases = ScoreGolden.read("rouge_score.json").get("scores");
        assertThat(cases.size()).isGreaterThan(30);
        Map<Kind, String> keys = Map.of(
                Kind.ROUGE_1, "rouge1", Kind.ROUGE_2, "rouge2", Kind.ROUGE_L, "rougeL", Kind.ROUGE_LSUM, "rougeLsum");
        SoftAssertions softly = new SoftAssertions();
        for (JsonNode expected : cases) {
            List<String> references = ScoreGolden.strings(expected.get("references"));
            keys.forEach((kind, key) -> {
                double[] counts = new Rouge(kind, Rouge.Words.ASCII, stems)
                        .counts(expected.get("hypothesis").asString(), references);
                JsonNode right = expected.get(stems ? "stems" : "plain").get(key);
                for (int i = 0; i < 3; i++) {
                    softly.assertThat(counts[i])
                            .as("%s, %d, of %s", kind, i, expected)
                            .isCloseTo(right.get(i).asDouble(), within(1e-6));
                }
            });
        }
        softly.assertAll();
    }

    @Test
    void stemsAreThoseOfNltk() throws IOException {
        JsonNode stems = ScoreGolden.read("rouge_score.json").get("stems");
        assertThat(stems.size()).isGreaterThan(150);
        SoftAssertions softly = new SoftAssertions();
        stems.forEachEntry((word, stem) ->
                softly.assertThat(PorterStemmer.stem(word)).as(word).isEqualTo(stem.asString()));
        softly.assertAll();
    }

    @Test
    void rougeOfOtherScriptsNeedsWordsOfAllScripts() {
        List<String> reference = List.of("ನನ್ನ ಹೆಸರು ಅಜ್");
        assertThat(Rouge.of(Kind.ROUGE_1).counts("ನನ್ನ ಹೆಸರು ಅಜಯ್", reference)[0])
                .isZero();
        assertThat(new Rouge(Kind.ROUGE_1, Rouge.Words.UNICODE, false).counts("ನನ್ನ ಹೆಸರು ಅಜಯ್", reference)[0])
                .isCloseTo(2 / 3.0, EXACT);
    }

    @Test
    void theExampleOfThePaperOnClippedCounts() {
        // Papineni et al. 2002, §2.1: "the" is seven times in the hypothesis, at most twice in a reference
        double[] counts = Bleu.standard()
                .counts("the the the the the the the", List.of("The cat is on the mat", "There is a cat on the mat"));
        assertThat(counts[2]).isEqualTo(1);
        assertThat(Bleu.standard()
                        .withLowerCase(true)
                        .counts(
                                "the the the the the the the",
                                List.of("The cat is on the mat", "There is a cat on the mat"))[2])
                .isEqualTo(2);
    }
}

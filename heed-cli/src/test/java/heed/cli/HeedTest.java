package heed.cli;

import static heed.cli.HeedRun.heed;
import static org.assertj.core.api.Assertions.assertThat;

import heed.checkpoint.Checkpoint;
import heed.checkpoint.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The command line on tiny checkpoints: what scripts rely on.
class HeedTest {
    private static final String MODELS = "../heed-models/src/test/resources/golden/bert/";
    private static final String BASE = MODELS + "base";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "attend",
                "run",
                "embed",
                "fill",
                "classify",
                "answer",
                "models",
                "score",
                "tokenizer",
                "bench",
                "doctor"
            })
    void everyCommandHasHelpWithAnExample(String command) {
        HeedRun help = heed(command, "--help");
        assertThat(help.status()).isZero();
        assertThat(help.out()).contains("Example").contains("heed " + command);
    }

    @Test
    void attendPrintsAMapAndTheStrongestLinks() {
        HeedRun text = heed("attend", "--model", BASE, "--layer", "1", "--head", "2", "the cat sat on the mat.");
        assertThat(text.status()).isZero();
        assertThat(text.out())
                .contains("layer 1, head 2 of base")
                .contains("cat")
                .contains("%");
    }

    @Test
    void attendAsJsonHasOneHeadOrAllOfThem() {
        HeedRun one =
                heed("attend", "--model", BASE, "--format", "json", "--layer", "1", "--head", "2", "the cat sat.");
        JsonNode json = one.json();
        assertThat(json.get("model").asString()).isEqualTo("base");
        assertThat(json.get("layer").asInt()).isEqualTo(1);
        assertThat(json.get("head").asInt()).isEqualTo(2);
        assertThat(json.get("weights").size()).isEqualTo(json.get("tokens").size());

        JsonNode all = heed("attend", "--model", BASE, "--format", "json", "the cat sat.")
                .json();
        assertThat(all.get("attentions").size()).isEqualTo(3);
        assertThat(all.get("attentions").get(1).size()).isEqualTo(5);
        assertThat(all.get("attentions").get(1).get(2)).isEqualTo(json.get("weights"));
    }

    @ParameterizedTest
    @CsvSource({"svg, <svg", "html, <!doctype html>"})
    void attendWritesPicturesAndPages(String format, String begins) throws IOException {
        Path file = folder.resolve("attention." + format);
        HeedRun result = heed("attend", "--model", BASE, "--format", format, "--out", file.toString(), "the cat sat.");
        assertThat(result.status()).isZero();
        assertThat(result.out()).isEmpty();
        assertThat(Files.readString(file)).containsIgnoringCase(begins);
    }

    @Test
    void embedWritesAVectorALine() throws IOException {
        Path texts = Files.writeString(folder.resolve("texts.txt"), "the cat\nthe river bank\n");
        HeedRun result = heed("embed", "--model", BASE, texts.toString());
        assertThat(result.status()).isZero();
        String[] lines = result.out().split("\\R");
        assertThat(lines).hasSize(2);
        JsonNode second = JsonMapper.shared().readTree(lines[1]);
        assertThat(second.get("text").asString()).isEqualTo("the river bank");
        assertThat(second.get("embedding").size()).isEqualTo(35);
    }

    @Test
    void fillGivesTheBestWordsAsJson() {
        HeedRun result =
                heed("fill", "--model", MODELS + "masked-lm", "--format", "json", "--top", "3", "the [MASK] sat.");
        assertThat(result.status()).isZero();
        assertThat(result.json().size()).isEqualTo(3);
        assertThat(result.json().get(0).get("probability").asDouble())
                .isGreaterThan(result.json().get(2).get("probability").asDouble());
    }

    @Test
    void fillAddsAFullStopAfterAFinalMaskAndSaysSo() {
        String[] command = {"fill", "--model", MODELS + "masked-lm", "--format", "json"};
        HeedRun completed = heed(with(command, "the cat [MASK]"));
        HeedRun written = heed(with(command, "the cat [MASK]."));
        HeedRun asIs = heed(with(command, "--as-is", "the cat [MASK]"));
        assertThat(completed.out()).isEqualTo(written.out()).isNotEqualTo(asIs.out());
        assertThat(completed.err()).contains("added a full stop");
        assertThat(written.err() + asIs.err()).doesNotContain("full stop");
    }

    private static String[] with(String[] command, String... more) {
        String[] all = java.util.Arrays.copyOf(command, command.length + more.length);
        System.arraycopy(more, 0, all, command.length, more.length);
        return all;
    }

    @Test
    void classifyNamesTheLabels() throws IOException {
        Path texts = Files.writeString(folder.resolve("texts.txt"), "the cat\n");
        HeedRun result = heed("classify", "--model", MODELS + "sequence-classification", texts.toString());
        assertThat(result.json().get("labels").propertyNames()).containsExactly("negative", "neutral", "positive");
    }

    @Test
    void runWritesWhatHuggingFaceWouldUnderItsNames() {
        Path file = folder.resolve("out.safetensors");
        HeedRun result = heed(
                "run",
                "--model",
                BASE,
                "--ids",
                "2,17,9,3",
                "--type-ids",
                "0,0,1,1",
                "--hidden-states",
                "--attentions",
                "--out",
                file.toString());
        assertThat(result.status()).as(result.err()).isZero();
        try (Checkpoint written = Checkpoints.open(file)) {
            assertThat(written.tensors())
                    .containsKeys(
                            "last_hidden_state", "pooler_output", "hidden_states.0", "hidden_states.3", "attentions.2");
            assertThat(written.tensor("attentions.2").shape()).containsExactly(1, 5, 4, 4);
        }
    }

    @Test
    void badInputGetsOneLineAndStatusOne() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Path blank = Files.writeString(folder.resolve("blank.txt"), "the cat\n\nthe mat\n");
        Path latin = Files.write(folder.resolve("latin.txt"), new byte[] {'c', 'a', 'f', (byte) 0xe9, '\n'});
        Path nothing = Files.createFile(folder.resolve("nothing.txt"));
        assertRefused("has no config.json", "attend", "--model", empty.toString(), "the cat");
        assertRefused("no model named 'minlm'; did you mean minilm?", "attend", "--model", "minlm", "the cat");
        assertRefused("the text is empty", "attend", "--model", BASE, " ");
        assertRefused("base takes at most 23", "attend", "--model", BASE, "the cat ".repeat(30));
        assertRefused("layer 7 does not exist", "attend", "--model", BASE, "--layer", "7", "the cat");
        assertRefused("predicts no masked words", "fill", "--model", BASE, "the [MASK]");
        assertRefused("line 2 is empty", "embed", "--model", BASE, blank.toString());
        assertRefused("is not UTF-8", "embed", "--model", BASE, latin.toString());
        assertRefused("nothing.txt is empty", "embed", "--model", BASE, nothing.toString());
        assertRefused(
                "there is no file",
                "embed",
                "--model",
                BASE,
                folder.resolve("gone.txt").toString());
        assertRefused("is a folder", "embed", "--model", BASE, empty.toString());
        assertRefused("token id 101 is outside", "run", "--model", BASE, "--ids", "101", "--out", "x.safetensors");
        assertRefused(
                "there is no folder",
                "run",
                "--model",
                BASE,
                "--ids",
                "1",
                "--out",
                folder.resolve("a/b.safetensors").toString());
    }

    private static void assertRefused(String reason, String... arguments) {
        HeedRun result = heed(arguments);
        assertThat(result.status()).as(String.join(" ", arguments)).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("heed: ").contains(reason).doesNotContain("\tat ");
        assertThat(result.err().strip().lines()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"attend", "nonsense", "fill the", "run --model x --out y", "attend --head 3 text"})
    void aWrongCommandLineIsStatusTwo(String line) {
        assertThat(heed(line.split(" ")).status()).isEqualTo(2);
    }

    @Test
    void doctorNamesKernelsAndThreads() {
        assertThat(heed("doctor").out()).contains("kernels").contains("threads").contains("cache");
    }

    @Test
    void doctorNamesTheEnginesAndWhatTheyCanDo() {
        assertThat(heed("doctor").out())
                .contains("engine      java: weights of f32, bf16, int8")
                .containsPattern("engine      onednn: (weights of f32|not here: )");
    }

    @Test
    void weightsOfEveryTypeGiveNearlyTheSameOutputs() {
        List<Double> exact = embedding("f32");
        for (String type : List.of("bf16", "int8")) {
            List<Double> rounded = embedding(type);
            assertThat(rounded).isNotEqualTo(exact);
            double cosine = IntStream.range(0, exact.size())
                    .mapToDouble(i -> exact.get(i) * rounded.get(i))
                    .sum();
            assertThat(cosine).as(type).isBetween(0.99, 1.0001); // of vectors of length 1
        }
    }

    private static List<Double> embedding(String type) {
        Path texts = Path.of("src/test/resources/one-text.txt");
        HeedRun result = heed("embed", "--model", BASE, "--dtype", type, "--engine", "java", texts.toString());
        assertThat(result.status()).as(result.err()).isZero();
        List<Double> values = new ArrayList<>();
        result.json().get("embedding").forEach(value -> values.add(value.asDouble()));
        return values;
    }

    @Test
    void weightsThatCannotBeAreOneLine() {
        HeedRun engine = heed("run", "--model", BASE, "--ids", "1,2", "--out", "x", "--engine", "cuda");
        assertThat(engine.status()).isEqualTo(1);
        assertThat(engine.err())
                .startsWith("heed: there is no engine cuda, only java")
                .hasLineCount(1);
        HeedRun type = heed("embed", "--model", BASE, "--dtype", "fp8", "-");
        assertThat(type.status()).isEqualTo(2);
        assertThat(type.err()).contains("--dtype").contains("F32, BF16, INT8");
    }

    private static final String GOLDEN = "../heed-models/src/test/resources/golden/";

    @Test
    void aRecurrentTranslatorIsTrainedWritesAndShowsWhatItLooksAt() throws IOException {
        Files.writeString(folder.resolve("pairs.tsv"), "source\ttarget\n" + "a b\tb a\nb c\tc b\n".repeat(10));
        Path recipe = Files.writeString(folder.resolve("recipe.yaml"), """
                data: {file: pairs.tsv}
                tokenizer: words
                model: {kind: gru, attention: bahdanau, layers: 1, width: 8}
                steps: 2
                """);
        String model = folder.resolve("out").toString();
        HeedRun trained = heed("train", "seq2seq", "--config", recipe.toString(), "--out", model);
        assertThat(trained.status()).as(trained.err()).isZero();
        assertThat(trained.out()).contains("\"exact\":");
        Path lines = Files.writeString(folder.resolve("lines.txt"), "a b\nc b\n");
        HeedRun translated = heed("translate", "--model", model, "--format", "jsonl", lines.toString());
        assertThat(translated.status()).as(translated.err()).isZero();
        assertThat(translated.out().lines()).hasSize(2);
        String[] attend = {"attend", "--model", model, "--pair", "b a", "--of", "cross", "--format", "json", "a b"};
        JsonNode looked = heed(attend).json();
        assertThat(looked.path("key_tokens").toString()).isEqualTo("[\"a\",\"b\",\"</s>\"]");
        assertThat(looked.path("attentions").path(0).path(0)).hasSize(3);
        HeedRun refused = heed("attend", "--model", model, "a b");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("which has no heads to look at");
    }

    @Test
    void attendShowsWhatATargetLooksAtInItsSource() {
        String[] command = {"attend", "--model", GOLDEN + "t5/tied", "--pair", "a dog ate", "the cat sat"};
        HeedRun text = heed(command);
        assertThat(text.status()).isZero();
        assertThat(text.out()).contains("3 layers of 3 heads").contains("dog →").contains("sat");

        JsonNode json = heed(with(command, "--format", "json")).json();
        assertThat(json.get("tokens").size()).isEqualTo(4); // with </s>
        assertThat(json.get("target_tokens").size()).isEqualTo(4); // with <pad>, which every target begins with
        assertThat(json.get("attentions").size()).isEqualTo(2);
        assertThat(json.get("decoder_attentions").size()).isEqualTo(3);
        assertThat(json.get("cross_attentions").get(2).get(1).get(3).size()).isEqualTo(4);

        JsonNode one = heed(with(command, "--format", "json", "--of", "cross", "--layer", "2", "--head", "1"))
                .json();
        assertThat(one.get("weights"))
                .isEqualTo(json.get("cross_attentions").get(2).get(1));
        assertThat(one.get("key_tokens")).isEqualTo(json.get("tokens"));
        assertThat(heed(with(command, "--format", "html", "--of", "cross")).status())
                .isEqualTo(1);
        assertThat(heed("attend", "--model", BASE, "--of", "cross", "the cat").err())
                .contains("--of cross needs a model with encoder and decoder");
    }

    @Test
    void runWritesTheOutputsOfAnEncoderWithADecoder() throws IOException {
        Path file = folder.resolve("out.safetensors");
        HeedRun result = heed(
                "run",
                "--model",
                GOLDEN + "marian/separate",
                "--ids",
                "5,9,0",
                "--decoder-ids",
                "46,52",
                "--hidden-states",
                "--attentions",
                "--out",
                file.toString());
        assertThat(result.status()).as(result.err()).isZero();
        try (Checkpoint out = Checkpoints.open(file)) {
            assertThat(out.tensor("logits").shape()).containsExactly(1, 2, 53);
            assertThat(out.tensor("cross_attentions.2").shape()).containsExactly(1, 2, 2, 3);
            assertThat(out.tensor("encoder_hidden_states.2").shape()).containsExactly(1, 3, 20);
            assertThat(out.tensor("decoder_hidden_states.3").shape()).containsExactly(1, 2, 20);
        }
    }

    @Test
    void answerGivesTheBestSpansOfAContext() throws IOException {
        Path context = Files.writeString(folder.resolve("context.txt"), "the bank is by the river bank of paris");
        String[] command = {
            "answer", "--model", GOLDEN + "roberta/question-answering", "--question", "who?", "--format", "json"
        };
        JsonNode ofFile = heed(with(command, "--top", "2", "--context", context.toString()))
                .json();
        JsonNode ofText = heed(with(command, "--context", "the bank is by the river bank of paris"))
                .json();
        assertThat(ofFile.size()).isEqualTo(2);
        assertThat(ofText.get(0)).isEqualTo(ofFile.get(0));
        int start = ofText.get(0).get("start").asInt();
        int end = ofText.get(0).get("end").asInt();
        assertThat("the bank is by the river bank of paris".substring(start, end))
                .isEqualTo(ofText.get(0).get("answer").asString());
        assertThat(heed(with(command, "--context", " ")).err()).isEqualTo("heed: the context is empty\n");
        assertThat(heed(with(command, "--context", "the bank", "--max-answer-tokens", "0"))
                        .status())
                .isEqualTo(1);
    }

    @Test
    void classifyGivesEveryTokenAClassWhereTheModelDoes() throws IOException {
        Path texts = Files.writeString(folder.resolve("texts.txt"), "the bank\nparis is the capital\n");
        HeedRun result = heed("classify", "--model", GOLDEN + "roberta/token-classification", texts.toString());
        assertThat(result.status()).isZero();
        JsonNode line = JsonMapper.shared().readTree(result.out().split("\\R")[1]);
        assertThat(line.get("text").asString()).isEqualTo("paris is the capital");
        assertThat(line.get("tokens").get(0).get("label").asString()).matches("O|[BI]-(PER|LOC)");
        assertThat(line.get("entities").get(0).get("label").asString()).matches("PER|LOC");
    }

    @Test
    void fillTakesTheMaskOfTheModelsOwnTokenizer() {
        HeedRun result = heed("fill", "--model", GOLDEN + "roberta/masked-lm", "--format", "json", "the <mask> bank");
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.json().size()).isEqualTo(5);
        assertThat(heed("fill", "--model", GOLDEN + "roberta/masked-lm", "the [MASK] b.")
                        .err())
                .contains("no <mask> to fill");
    }
}

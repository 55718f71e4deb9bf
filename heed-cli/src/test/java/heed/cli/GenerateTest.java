package heed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The commands that write, on tiny checkpoints: what scripts rely on.
class GenerateTest {
    private static final String MODELS = "../heed-models/src/test/resources/golden/generation/";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static HeedRun heed(String... arguments) {
        return HeedRun.heed(arguments);
    }

    /// As people write it: words between spaces.
    private static HeedRun heed(String line) {
        return heed(line.replace("MODELS/", MODELS).split(" "));
    }

    private static List<Integer> ints(JsonNode list) {
        return list.valueStream().map(JsonNode::asInt).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"generate", "translate", "summarize", "bench generate"})
    void everyCommandHasHelpWithAnExample(String command) {
        HeedRun help = heed(command + " --help");
        assertThat(help.status()).isZero();
        assertThat(help.out()).contains("Example").contains("heed " + command);
    }

    @Test
    void idsInGiveIdsOutAsJson() throws IOException {
        JsonNode golden = JsonMapper.shared().readTree(Files.readString(Path.of(MODELS, "bart/generation.json")));
        JsonNode prompt = golden.get("prompts").get(0);
        JsonNode first = golden.get("cases").get(0);
        assertThat(first.get("options").get("max_new_tokens").asInt()).isEqualTo(24);
        String ids = String.join(",", ints(prompt).stream().map(String::valueOf).toList());
        HeedRun result = heed("generate --model MODELS/bart --max-new-tokens 24 --ids " + ids);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(ints(result.json().get("prompt_ids"))).isEqualTo(ints(prompt));
        assertThat(ints(result.json().get("ids")))
                .isEqualTo(ints(first.get("results").get(0).get(0).get("ids")));
        assertThat(result.json().get("text").isNull()).isTrue();
        assertThat(result.json().get("finish").asString()).isEqualTo("end_token");
    }

    @Test
    void beamsGiveTheirBestSequencesALineEach() {
        HeedRun result = heed("generate --model MODELS/t5 --ids 11,4,1 --beams 4 --sequences 2 --max-new-tokens 9");
        List<JsonNode> lines = result.out()
                .lines()
                .map(line -> JsonMapper.shared().readTree(line))
                .toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0).get("score").asDouble())
                .isGreaterThan(lines.get(1).get("score").asDouble());
        assertThat(lines.get(0).has("log_probabilities")).isFalse();
    }

    @Test
    void oneBeamAndTemperatureZeroAreGreedy() {
        String greedy = heed("generate --model MODELS/t5 --ids 11,4,1 --max-new-tokens 9")
                .out();
        assertThat(heed("generate --model MODELS/t5 --ids 11,4,1 --max-new-tokens 9 --beams 1")
                        .out())
                .isEqualTo(greedy);
        assertThat(heed("generate --model MODELS/t5 --ids 11,4,1 --max-new-tokens 9 --temperature 0 --seed 5")
                        .out())
                .isEqualTo(greedy);
    }

    @Test
    void aSeedGivesTheSameSampleAgain() {
        String sample = "generate --model MODELS/t5 --ids 11,4,1 --max-new-tokens 12 --temperature 1.3 --seed ";
        assertThat(heed(sample + 3).out())
                .isEqualTo(heed(sample + 3).out())
                .isNotEqualTo(heed(sample + 4).out());
        assertThat(heed("generate --model MODELS/t5 --ids 11,4,1 --max-new-tokens 12 --top-k 3 --seed 3")
                        .status())
                .isZero();
    }

    @Test
    void logProbabilitiesComeOnRequest() {
        JsonNode json = heed("generate --model MODELS/t5 --ids 11,4,1 --max-new-tokens 5 --log-probabilities")
                .json();
        assertThat(json.get("log_probabilities").size())
                .isEqualTo(json.get("ids").size());
    }

    @Test
    void textFormatIsTheTextAlone() {
        String[] command = {"generate", "--model", MODELS + "t5", "--prompt", "the house", "--max-new-tokens", "6"};
        HeedRun json = heed(command);
        HeedRun text = heed(with(command, "--format", "text"));
        HeedRun streamed = heed(with(command, "--stream"));
        assertThat(text.out().strip())
                .isEqualTo(json.json().get("text").asString())
                .isNotEmpty();
        assertThat(streamed.out()).isEqualTo(text.out());
    }

    private static String[] with(String[] command, String... more) {
        String[] all = java.util.Arrays.copyOf(command, command.length + more.length);
        System.arraycopy(more, 0, all, command.length, more.length);
        return all;
    }

    /// The tiny GPT-2 with a way to write conversations.
    private Path talker() throws IOException {
        Path talker = Files.createDirectories(folder.resolve("talker"));
        for (String file : List.of("config.json", "generation_config.json", "model.safetensors", "tokenizer.json")) {
            Files.copy(Path.of(MODELS, "gpt2", file), talker.resolve(file));
        }
        Files.writeString(
                talker.resolve("chat_template.jinja"),
                "{% for m in messages %}{% if m.role == 'tool' %}{{ raise_exception('no tools here') }}{% endif %}"
                        + "{{ m.role[0] }}:{{ m.content }}\n{% endfor %}{% if add_generation_prompt %}a:{{ mood }}"
                        + "{% endif %}");
        return talker;
    }

    @Test
    void aConversationGoesOnAsThePromptThatItsTemplateMakesOfIt() throws IOException {
        String model = talker().toString();
        HeedRun chat = heed(
                "generate",
                "--model",
                model,
                "--max-new-tokens",
                "6",
                "--system",
                "ha",
                "--chat",
                "the cat",
                "--chat-variable",
                "mood=so");
        assertThat(chat.status()).as(chat.err()).isZero();
        HeedRun prompt =
                heed("generate", "--model", model, "--max-new-tokens", "6", "--prompt", "s:ha\nu:the cat\na:so");
        assertThat(chat.out()).isEqualTo(prompt.out()).isNotEmpty();
    }

    @Test
    void everyConversationOfAFileGetsALine() throws IOException {
        Path file = Files.writeString(folder.resolve("talks.jsonl"), """
                [{"role": "user", "content": "the cat"}]
                {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"},
                              {"role": "user", "content": "c"}]}
                """);
        HeedRun talks =
                heed("generate", "--model", talker().toString(), "--max-new-tokens", "3", "--chat", file.toString());
        assertThat(talks.status()).as(talks.err()).isZero();
        assertThat(talks.out().lines()).hasSize(2);
        HeedRun second = heed(
                "generate",
                "--model",
                folder.resolve("talker").toString(),
                "--max-new-tokens",
                "3",
                "--prompt",
                "u:a\na:b\nu:c\na:");
        assertThat(talks.out().lines().toList().get(1)).isEqualTo(second.out().strip());
    }

    @Test
    void aConversationThatCannotBeWrittenIsRefusedInALine() throws IOException {
        assertRefused("has no chat template", "generate --model MODELS/gpt2 --chat hello");
        String command = "generate --model " + talker() + " --chat ";
        assertRefused("no tools here", command + file("[{\"role\": \"tool\", \"content\": \"x\"}]"));
        assertRefused("conversation 1 should be a list of messages", command + file("{\"role\": \"user\"}"));
        assertRefused("message 1 should have \"content\", a text", command + file("[{\"role\": \"user\"}]"));
        assertRefused(
                "message 1 has \"name\", which is not supported",
                command + file("[{\"role\": \"user\", \"content\": \"x\", \"name\": \"y\"}]"));
        assertRefused("is no JSON in conversation 2", command + file("[{\"role\": \"user\", \"content\": \"x\"}]\n]"));
        assertRefused("has no conversation", command + file(""));
        assertRefused(
                "begins with a message of the system already",
                command + file("[{\"role\": \"system\", \"content\": \"x\"}]") + " --system y");
    }

    private Path file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "talk", ".json"), content);
    }

    @ParameterizedTest
    @CsvSource({"translate, marian, translation", "summarize, t5, summary"})
    void textsGiveALineOfJsonEach(String command, String model, String key) throws IOException {
        Path texts = Files.writeString(folder.resolve("texts.txt"), "the house is small .\nshe sees a cat\n");
        HeedRun result = heed(command, "--model", MODELS + model, "--max-new-tokens", "7", texts.toString());
        assertThat(result.status()).as(result.err()).isZero();
        List<JsonNode> lines = result.out()
                .lines()
                .map(line -> JsonMapper.shared().readTree(line))
                .toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1).propertyNames()).containsExactly("source", key, "score");
        assertThat(lines.get(1).get("source").asString()).isEqualTo("she sees a cat");
        HeedRun plain =
                heed(command, "--model", MODELS + model, "--max-new-tokens", "7", "--format", "text", texts.toString());
        assertThat(plain.out().lines().toList().get(1))
                .isEqualTo(lines.get(1).get(key).asString());
    }

    @Test
    void theBenchmarkWritesWhatGenerateWrites() throws IOException {
        Path ids = Files.writeString(folder.resolve("ids.json"), "[11, 4, 7, 30]");
        HeedRun bench =
                heed("bench generate --model MODELS/gpt2 --prompt-tokens 3 --new-tokens 9 --passes 1 --warm-up 0"
                        + " --threads 1 --ids " + ids);
        assertThat(bench.status()).as(bench.err()).isZero();
        assertThat(bench.json().get("decode_tokens_per_s").asDouble()).isPositive();
        assertThat(bench.json().get("prefill_tokens_per_s").asDouble()).isPositive();
        assertThat(bench.json().get("prompt").asInt()).isEqualTo(3);
        HeedRun written = heed("generate --model MODELS/gpt2 --ids 11,4,7 --min-new-tokens 8 --max-new-tokens 8");
        assertThat(ints(bench.json().get("first_ids")))
                .isEqualTo(ints(written.json().get("ids")));
        assertRefused("cannot be cut from 4 ids", "bench generate --model MODELS/gpt2 --ids " + ids);
    }

    @Test
    void badInputGetsOneLineAndStatusOne() throws IOException {
        Path texts = Files.writeString(folder.resolve("texts.txt"), "the cat\n" + "cat ".repeat(50) + "\n");
        assertRefused("beam search with 0 beams", "generate --model MODELS/t5 --ids 4,1 --beams 0");
        assertRefused("use one or the other", "generate --model MODELS/t5 --ids 4,1 --beams 2 --temperature 0.5");
        assertRefused("belongs to beam search", "generate --model MODELS/t5 --ids 4,1 --length-penalty 2");
        assertRefused("0 new tokens are none", "generate --model MODELS/t5 --ids 4,1 --max-new-tokens 0");
        assertRefused("contradict", "generate --model MODELS/t5 --ids 4,1 --max-new-tokens 2 --min-new-tokens 3");
        assertRefused("temperature is -1.0", "generate --model MODELS/t5 --ids 4,1 --temperature -1");
        assertRefused("top-p is 2.0", "generate --model MODELS/t5 --ids 4,1 --top-p 2");
        assertRefused("at most 40", "generate --model MODELS/bart --ids 4,2 --max-new-tokens 50");
        assertRefused("has 41 tokens", "generate --model MODELS/bart --ids 4" + ",4".repeat(40));
        assertRefused("has no tokenizer", "generate --model MODELS/bart --ids 4,2 --format text");
        assertRefused("no tokenizer", "generate --model MODELS/bart --prompt hello");
        assertRefused("writes no text", "generate --model MODELS/../bert/base --ids 4,2");
        assertRefused("writes no text", "translate --model MODELS/../bert/base " + texts);
        assertRefused("line 2: the text has 51 tokens", "summarize --model MODELS/marian --max-new-tokens 3 " + texts);
    }

    private static void assertRefused(String reason, String line) {
        HeedRun result = heed(line);
        assertThat(result.status()).as(line).isEqualTo(1);
        assertThat(result.out()).as(line).isEmpty();
        assertThat(result.err()).startsWith("heed: ").contains(reason).doesNotContain("\tat ");
        assertThat(result.err().strip().lines()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "generate --model x",
                "generate --model x --ids 1 --prompt y",
                "generate --model x --ids 1 --stream --format json",
                "generate --model x --ids 1,b",
                "generate --model x --ids 1 --system y",
                "generate --model x --ids 1 --chat y",
                "translate x"
            })
    void aWrongCommandLineIsStatusTwo(String line) {
        assertThat(heed(line).status()).isEqualTo(2);
    }
}

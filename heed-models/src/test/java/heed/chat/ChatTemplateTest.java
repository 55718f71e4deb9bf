package heed.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ChatTemplateTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/chat");
    private static final Map<String, String> SPECIAL = Map.of("bos_token", "<s>", "eos_token", "</s>");
    private static final Clock CLOCK =
            Clock.fixed(LocalDateTime.of(2026, 2, 3, 4, 5, 6).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
    private static final List<ChatMessage> CHAT = List.of(
            ChatMessage.system(" Be brief. "),
            ChatMessage.user("  What is attention?\n"),
            ChatMessage.assistant(" A weighted mean. "),
            ChatMessage.user("Of what? 'Quotes' & <tags> \"too\""));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    static Stream<Arguments> conversations() throws IOException {
        JsonNode all = JsonMapper.shared().readTree(Files.readString(GOLDEN.resolve("chat.json")));
        Stream.Builder<Arguments> cases = Stream.builder();
        all.forEachEntry((name, family) -> {
            int number = 0;
            for (JsonNode row : family.path("cases")) {
                cases.add(Arguments.of(
                        name + " " + number++, family.path("template").asString(), row));
            }
        });
        return cases.build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conversations")
    void conversationsAreWrittenAsHuggingFaceWritesThem(String name, String template, JsonNode row) {
        List<ChatMessage> messages = row.path("messages")
                .valueStream()
                .map(turn -> new ChatMessage(
                        turn.path("role").asString(), turn.path("content").asString()))
                .toList();
        ChatTemplate chat = ChatTemplate.of(template, SPECIAL, CLOCK);
        boolean prompt = row.path("prompt").asBoolean();
        if (row.has("text")) {
            assertThat(chat.render(messages, prompt)).isEqualTo(row.path("text").asString());
        } else {
            assertThatExceptionOfType(ChatException.class)
                    .isThrownBy(() -> chat.render(messages, prompt))
                    .withMessageContaining(row.path("refused").asString());
        }
    }

    static Stream<Arguments> features() throws IOException {
        return JsonMapper.shared()
                .readTree(Files.readString(GOLDEN.resolve("features.json")))
                .valueStream()
                .map(row -> Arguments.of(row.path("template").asString(), row));
    }

    @ParameterizedTest
    @MethodSource("features")
    void expressionsMeanWhatTheyMeanInJinja(String template, JsonNode row) {
        if (row.has("text")) {
            assertThat(ChatTemplate.of(template, SPECIAL).render(CHAT, false))
                    .isEqualTo(row.path("text").asString());
        } else {
            assertThatExceptionOfType(ChatException.class)
                    .isThrownBy(() -> ChatTemplate.of(template, SPECIAL).render(CHAT, false))
                    .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("\n"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
                "{{ 'a' * 10000000000 }}",
                "{% set ns = namespace(x='ab') %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
                "{% set ns = namespace(x='ab') %}{% for i in range(100) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
                "{% set ns = namespace(x=[1]) %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
                "{% set ns = namespace(x=[1]) %}{% for i in range(90000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{{ range(1000000000)|length }}",
                "{{ 9 ** 999999 }}",
                "{{ ('a' * 10000).replace('', 'b' * 10000) }}",
                "{{ ['a' * 100000]|join * 1000 }}"
            })
    void whatWouldNotEndOrNotFitIsRefused(String template) {
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> ChatTemplate.of(template, SPECIAL).render(CHAT, false))
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("\n"));
    }

    @Test
    void nestingIsLimitedWhileReadingToo() {
        for (String deep : List.of("(".repeat(100_000), "-".repeat(100_000), "[".repeat(100_000))) {
            assertThatExceptionOfType(ChatException.class)
                    .isThrownBy(() -> ChatTemplate.of("{{ " + deep + "1 }}", SPECIAL));
        }
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> ChatTemplate.of("{% if 1 %}".repeat(100_000), SPECIAL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ''.getClass() }}",
                "{{ messages.getClass().forName('java.lang.Runtime') }}",
                "{{ ''.__class__.__mro__ }}",
                "{{ messages.append(1) }}",
                "{% include '/etc/passwd' %}",
                "{% import 'x' as y %}"
            })
    void nothingBeyondTheValuesIsReached(String template) {
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> ChatTemplate.of(template, SPECIAL).render(CHAT, false));
    }

    @Test
    void moreVariablesCanBeGiven() {
        var template = ChatTemplate.of("{{ 'think' if enable_thinking else 'no' }} {{ n + 1 }} {{ l }}", SPECIAL);
        assertThat(template.render(CHAT, false, Map.of("enable_thinking", true, "n", 1, "l", List.of("a"))))
                .isEqualTo("think 2 ['a']");
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> template.render(CHAT, false))
                .withMessageContaining("'n' is undefined");
    }

    @Test
    void aFolderSaysItsTemplate() throws IOException {
        assertThat(ChatTemplate.read(folder)).isEmpty();
        Files.writeString(folder.resolve("tokenizer_config.json"), """
                {"bos_token": {"content": "<b>"}, "chat_template": [{"name": "tools", "template": "t"},
                 {"name": "default", "template": "{{ bos_token }}config"}]}
                """);
        assertThat(ChatTemplate.read(folder).orElseThrow().render(CHAT, false)).isEqualTo("<b>config");
        Files.writeString(folder.resolve("chat_template.jinja"), "{{ bos_token }}file");
        assertThat(ChatTemplate.read(folder).orElseThrow().render(CHAT, false)).isEqualTo("<b>file");
        Files.writeString(folder.resolve("chat_template.jinja"), "one\n{{ two");
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> ChatTemplate.read(folder))
                .withMessageContaining("the chat template is broken in line 2");
    }
}

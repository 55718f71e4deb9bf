package heed.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tokenizers in other files than `tokenizer.json` give the ids that Hugging Face's give.
final class TokenizerFilesGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/tokenizers");

    @ParameterizedTest
    @ValueSource(strings = {"t5", "xlm-roberta", "llama", "llama-legacy", "marian", "gpt2", "roberta", "qwen2"})
    void idsAndTextsAreThoseOfHuggingFace(String name) throws Exception {
        Path folder = GOLDEN.resolve(name);
        JsonNode golden = JsonMapper.shared().readTree(Files.readString(folder.resolve("texts.json")));
        try (Tokenizer tokenizer = Tokenizers.open(folder)) {
            for (JsonNode row : golden.path("texts")) {
                String text = row.path("text").asString();
                int[] ids = ints(row.path("ids"));
                assertThat(tokenizer.encode(text).ids()).as("'%s'", text).containsExactly(ids);
                assertThat(tokenizer
                                .encode(text, EncodeOptions.defaults().withoutSpecialTokens())
                                .ids())
                        .as("'%s' without special tokens", text)
                        .containsExactly(ints(row.path("bare")));
                assertThat(tokenizer.decode(ids, true))
                        .as("'%s' and back", text)
                        .isEqualTo(row.path("decoded").asString());
            }
            assertThat(tokenizer.encode("the bank", "of river").ids()).containsExactly(ints(golden.path("pair")));
        }
    }

    @ParameterizedTest
    @CsvSource({"llama, llama-legacy", "qwen2, qwen2", "gpt2, gpt2"})
    void theVocabularyOfAGgufFileIsThatOfTheOtherFiles(String gguf, String name) throws Exception {
        JsonNode golden = JsonMapper.shared()
                .readTree(Files.readString(GOLDEN.resolve(name).resolve("texts.json")));
        try (Tokenizer tokenizer = Tokenizers.open(GOLDEN.resolveSibling("gguf").resolve(gguf))) {
            for (JsonNode row : golden.path("texts")) {
                String text = row.path("text").asString();
                int[] ids = ints(row.path("ids"));
                assertThat(tokenizer.encode(text).ids()).as("'%s'", text).containsExactly(ids);
                assertThat(tokenizer.decode(ids, true))
                        .as("'%s' and back", text)
                        .isEqualTo(row.path("decoded").asString());
            }
            assertThat(tokenizer.encode("the bank", "of river").ids()).containsExactly(ints(golden.path("pair")));
        }
    }

    private static int[] ints(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }
}

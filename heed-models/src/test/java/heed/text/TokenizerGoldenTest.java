package heed.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Texts as Hugging Face transformers tokenizes them in Python, from `tokenizer.json` and from `vocab.txt`.
final class TokenizerGoldenTest {

    @ParameterizedTest
    @ValueSource(strings = {"base", "vocab-txt"})
    void tokenizesAsHuggingFaceDoes(String name) throws IOException, URISyntaxException {
        Path folder = golden(name);
        JsonNode rows = JsonMapper.shared().readTree(Files.readString(folder.resolve("texts.json")));
        assertThat(rows).hasSizeGreaterThan(20);
        SoftAssertions softly = new SoftAssertions();
        try (Tokenizer tokenizer = Tokenizers.open(folder)) {
            for (JsonNode row : rows) {
                String text = row.path("text").stringValue();
                String pair =
                        row.path("pair").isNull() ? null : row.path("pair").stringValue();
                Encoding encoding = tokenizer.encode(text, pair);
                softly.assertThat(encoding.ids()).as("ids of %s", row).containsExactly(ints(row.path("ids")));
                softly.assertThat(encoding.typeIds())
                        .as("type ids of %s", row)
                        .containsExactly(ints(row.path("type_ids")));
                softly.assertThat(encoding.tokens()).as("tokens of %s", row).isEqualTo(strings(row.path("tokens")));
                softly.assertThat(codePointOffsets(encoding, text, pair))
                        .as("offsets of %s", row)
                        .isEqualTo(spans(row.path("offsets")));
            }
        }
        softly.assertAll();
    }

    private static Path golden(String name) throws URISyntaxException {
        URL folder = TokenizerGoldenTest.class.getResource("/golden/bert/" + name);
        return Path.of(Objects.requireNonNull(folder, name).toURI());
    }

    /// Python counts code points.
    private static List<List<Integer>> codePointOffsets(Encoding encoding, String text, @Nullable String pair) {
        List<List<Integer>> offsets = new ArrayList<>();
        for (int i = 0; i < encoding.length(); i++) {
            String source = encoding.sequences()[i] == 1 ? Objects.requireNonNull(pair) : text;
            offsets.add(List.of(
                    source.codePointCount(0, encoding.starts()[i]), source.codePointCount(0, encoding.ends()[i])));
        }
        return offsets;
    }

    private static int[] ints(JsonNode values) {
        return IntStream.range(0, values.size())
                .map(i -> values.get(i).intValue())
                .toArray();
    }

    private static List<String> strings(JsonNode values) {
        return values.valueStream().map(JsonNode::stringValue).toList();
    }

    private static List<List<Integer>> spans(JsonNode values) {
        return values.valueStream()
                .map(span -> List.of(span.get(0).intValue(), span.get(1).intValue()))
                .toList();
    }
}

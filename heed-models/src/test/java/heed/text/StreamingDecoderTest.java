package heed.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamingDecoderTest {
    /// `<s>`, then the 256 bytes, then whole words: as Llama's vocabulary is built.
    private static final int BYTES = 1;

    private static final List<String> WORDS = List.of("▁", "▁the", "▁bank", "s", "▁▁", "é");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static Tokenizer tokenizer;

    @BeforeAll
    static void open() throws IOException {
        String bytes = IntStream.range(0, 256)
                .mapToObj(b -> "\"<0x%02X>\": %d".formatted(b, BYTES + b))
                .collect(Collectors.joining(", "));
        String words = IntStream.range(0, WORDS.size())
                .mapToObj(i -> "\"%s\": %d".formatted(WORDS.get(i), BYTES + 256 + i))
                .collect(Collectors.joining(", "));
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version": "1.0",
                 "added_tokens": [{"id": 0, "content": "<s>", "single_word": false, "lstrip": false,
                                   "rstrip": false, "normalized": false, "special": true}],
                 "decoder": {"type": "Sequence", "decoders": [
                     {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
                     {"type": "ByteFallback"}, {"type": "Fuse"},
                     {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
                 "model": {"type": "BPE", "byte_fallback": true, "fuse_unk": true, "merges": [],
                           "vocab": {"<s>": 0, %s, %s}}}
                """.formatted(bytes, words));
        tokenizer = Tokenizers.open(folder);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    private static int word(String token) {
        return tokenizer.id(token).orElseThrow();
    }

    private static int[] bytes(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return IntStream.range(0, utf8.length)
                .map(i -> BYTES + Byte.toUnsignedInt(utf8[i]))
                .toArray();
    }

    private static List<String> pieces(StreamingDecoder decoder, int... ids) {
        List<String> pieces = new ArrayList<>();
        for (int id : ids) {
            pieces.add(decoder.add(id));
        }
        pieces.add(decoder.finish());
        return pieces;
    }

    private static StreamingDecoder decoder() {
        return new StreamingDecoder(tokenizer, true);
    }

    @Test
    void spacesStandBetweenWordsAndNotBeforeTheFirst() {
        assertThat(pieces(decoder(), word("▁the"), word("▁bank"), word("s"), word("▁the")))
                .containsExactly("the", " bank", "s", " the", "");
    }

    @Test
    void aCharacterWaitsForItsLastByte() {
        assertThat(pieces(decoder(), bytes("€"))).containsExactly("", "", "€", "");
        assertThat(pieces(decoder(), bytes("a🙂b"))).containsExactly("a", "", "", "", "🙂", "b", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ಕನ್ನಡ", "ಕ್\u200dಷ ರ\u200cಕ", "👩‍👩‍👧 ok", "naïve €5", "  two  spaces ", "a\uFFFDb", "\uFFFD"
            })
    void piecesTogetherAreTheWholeText(String text) {
        int[] ids = bytes(text);
        List<String> pieces = pieces(decoder(), ids);
        assertThat(String.join("", pieces)).isEqualTo(tokenizer.decode(ids, true));
        assertThat(pieces)
                .allSatisfy(
                        piece -> assertThat(new String(piece.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                                .isEqualTo(piece)); // no half of a surrogate pair
    }

    @Test
    void specialTokensSpellNothingAndChangeNothing() {
        assertThat(pieces(decoder(), 0, word("▁the"), 0, word("▁bank"))).containsExactly("", "the", "", " bank", "");
        assertThat(String.join("", pieces(new StreamingDecoder(tokenizer, false), 0, word("▁the"))))
                .isEqualTo(tokenizer.decode(new int[] {0, word("▁the")}, false));
    }

    @Test
    void severalSpacesAreKept() {
        int[] ids = {word("▁the"), word("▁▁"), word("▁"), word("▁bank")};
        assertThat(String.join("", pieces(decoder(), ids))).isEqualTo("the    bank");
    }

    @Test
    void aContinuationBeginsWithTheSpaceThatSeparatesItFromItsPrompt() {
        int[] prompt = {0, word("▁the")};
        assertThat(pieces(new StreamingDecoder(tokenizer, true, prompt), word("▁bank"), word("s")))
                .containsExactly(" bank", "s", "");
    }

    @Test
    void aPromptThatEndsWithinACharacterIsFinishedByTheContinuation() {
        int[] euro = bytes("€");
        var decoder = new StreamingDecoder(tokenizer, true, new int[] {euro[0], euro[1]});
        assertThat(String.join("", pieces(decoder, euro[2], word("s")))).endsWith("s");
    }

    @Test
    void anUnfinishedCharacterAtTheEndIsSaid() {
        int[] euro = bytes("€");
        assertThat(pieces(decoder(), word("s"), euro[0], euro[1])).containsExactly("s", "", "", "\uFFFD\uFFFD");
    }

    @Test
    void bytesThatAreNoCharacterDoNotHoldUpTheRest() {
        int stray = BYTES + 0xFF;
        assertThat(String.join("", pieces(decoder(), word("é"), stray, word("s"))))
                .isEqualTo("é\uFFFDs");
        int[] many = IntStream.generate(() -> stray).limit(100).toArray();
        List<String> pieces = pieces(decoder(), many);
        assertThat(pieces.subList(0, 20)).anyMatch(piece -> !piece.isEmpty());
        assertThat(String.join("", pieces)).isEqualTo("\uFFFD".repeat(100));
    }

    @Test
    void aByteAfterAWholeCharacterTakesNothingBack() {
        int[] euro = bytes("€");
        int[] ids = {euro[0], euro[1], euro[2], euro[0], word("s")};
        assertThat(pieces(decoder(), ids)).containsExactly("", "", "€", "", "\uFFFDs", "");
    }
}

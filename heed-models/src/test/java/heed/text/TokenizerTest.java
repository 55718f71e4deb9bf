package heed.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TokenizerTest {
    private static final int UNKNOWN = 1;
    private static final int CLS = 2;
    private static final int SEP = 3;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static Tokenizer tokenizer;

    @BeforeAll
    static void open() throws IOException {
        tokenizer = TinyVocabulary.open(folder);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void wordsAreCutIntoPiecesWithTheirPlacesInTheText() {
        Encoding encoding = tokenizer.encode("The unwanted cats!");
        assertThat(encoding.tokens())
                .containsExactly("[CLS]", "the", "un", "##want", "##ed", "cat", "##s", "!", "[SEP]");
        assertThat(encoding.ids()).containsExactly(CLS, 5, 9, 10, 11, 19, 20, 18, SEP);
        assertThat(encoding.starts()).containsExactly(0, 0, 4, 6, 10, 13, 16, 17, 0);
        assertThat(encoding.ends()).containsExactly(0, 3, 6, 10, 12, 16, 17, 18, 0);
        assertThat(encoding.words()).containsExactly(-1, 0, 1, 1, 1, 2, 2, 3, -1);
        assertThat(encoding.special()).containsExactly(1, 0, 0, 0, 0, 0, 0, 0, 1);
        assertThat(encoding.sequences()).containsExactly(-1, 0, 0, 0, 0, 0, 0, 0, -1);
        assertThat(encoding.typeIds()).containsOnly(0);
    }

    @Test
    void aPairHasTypesAndOffsetsOfItsOwn() {
        Encoding encoding = tokenizer.encode("the bank", "a river.");
        assertThat(encoding.tokens()).containsExactly("[CLS]", "the", "bank", "[SEP]", "a", "river", ".", "[SEP]");
        assertThat(encoding.typeIds()).containsExactly(0, 0, 0, 0, 1, 1, 1, 1);
        assertThat(encoding.sequences()).containsExactly(-1, 0, 0, -1, 1, 1, 1, -1);
        assertThat(encoding.starts()).containsExactly(0, 0, 4, 0, 0, 2, 7, 0);
        assertThat(encoding.ends()).containsExactly(0, 3, 8, 0, 1, 7, 8, 0);
    }

    @Test
    void anEmptyPairIsNone() {
        assertThat(tokenizer.encode("the bank", "")).isEqualTo(tokenizer.encode("the bank"));
        assertThat(tokenizer.encode("", "cat").ids()).containsExactly(CLS, SEP, 19, SEP);
    }

    @Test
    void accentsDisappearAndOffsetsPointToThem() {
        String text = "café cafe\u0301 bank"; // composed, then with a combining accent
        Encoding encoding = tokenizer.encode(text);
        assertThat(encoding.tokens()).containsExactly("[CLS]", "cafe", "cafe", "bank", "[SEP]");
        assertThat(text.substring(encoding.starts()[1], encoding.ends()[1])).isEqualTo("café");
        assertThat(text.substring(encoding.starts()[2], encoding.ends()[2])).startsWith("cafe");
        assertThat(text.substring(encoding.starts()[3], encoding.ends()[3])).isEqualTo("bank");
    }

    @Test
    void offsetsCountUtf16UnitsBehindCharactersOfTwo() {
        String text = "😀bank \uD840\uDC00 cat"; // an emoji, and a CJK ideograph beyond the first plane
        Encoding encoding = tokenizer.encode(text);
        assertThat(encoding.tokens()).containsExactly("[CLS]", "[UNK]", "[UNK]", "cat", "[SEP]");
        assertThat(spans(text, encoding)).containsExactly("", "😀bank", "\uD840\uDC00", "cat", "");
        assertThat(spans("the 😀", tokenizer.encode("the 😀"))).containsExactly("", "the", "😀", "");
    }

    @Test
    void ideographsAreWordsOfTheirOwn() {
        String text = "cat東京の";
        Encoding encoding = tokenizer.encode(text);
        assertThat(encoding.tokens()).containsExactly("[CLS]", "cat", "東", "京", "[UNK]", "[SEP]");
        assertThat(spans(text, encoding)).containsExactly("", "cat", "東", "京", "の", "");
    }

    @Test
    void aWordOfMoreThanAHundredCharactersIsUnknown() {
        assertThat(tokenizer.encode("a".repeat(100)).ids()).hasSize(102).doesNotContain(UNKNOWN);
        assertThat(tokenizer.encode("a".repeat(101)).ids()).containsExactly(CLS, UNKNOWN, SEP);
        assertThat(tokenizer.encode("dog").ids()).containsExactly(CLS, UNKNOWN, SEP);
    }

    @Test
    void specialTokensInTheTextAreTaken() {
        Encoding encoding = tokenizer.encode("the [MASK] bank");
        assertThat(encoding.ids()).containsExactly(CLS, 5, 4, 6, SEP);
        assertThat(encoding.special()).containsExactly(1, 0, 0, 0, 1);
        assertThat(encoding.starts()[2]).isEqualTo(4);
    }

    @Test
    void theFrameCanBeLeftOut() {
        EncodeOptions plain = EncodeOptions.defaults().withoutSpecialTokens();
        assertThat(tokenizer.encode("the bank", plain).ids()).containsExactly(5, 6);
        assertThat(tokenizer.encode("the bank", "cat", plain).typeIds()).containsExactly(0, 0, 1);
        assertThat(tokenizer.encode("", plain).length()).isZero();
    }

    @Test
    void nothingIsTruncatedUnlessAskedFor() {
        String text = "the cat ".repeat(1000);
        assertThat(tokenizer.encode(text).length()).isEqualTo(2002);
        Encoding cut = tokenizer.encode(text, EncodeOptions.defaults().withMaxTokens(7));
        assertThat(cut.tokens()).containsExactly("[CLS]", "the", "cat", "the", "cat", "the", "[SEP]");
        assertThat(cut.ends()).containsExactly(0, 3, 7, 11, 15, 19, 0);
    }

    /// What Hugging Face's tokenizers 0.23 keeps of two texts within a limit that counts three special tokens.
    @ParameterizedTest
    @CsvSource({
        "30, 10, 18,  8, 7",
        "30, 10, 21,  9, 9",
        "10, 30, 18,  7, 8",
        " 9,  9, 20,  8, 9",
        "30,  9, 18,  8, 7",
        " 8, 30, 21,  8, 10",
        "30,  7, 19,  9, 7",
        "30, 17, 18,  8, 7",
        "30, 18, 18,  7, 8", // both reach the limit and count as equal
        " 7, 30, 18,  7, 8",
        " 2,  2,  7,  2, 2",
        " 3,  3,  3,  0, 0"
    })
    void theLongerOfAPairIsCutFirst(int first, int second, int limit, int keptFirst, int keptSecond) {
        EncodeOptions options = EncodeOptions.defaults().withMaxTokens(limit);
        Encoding cut = tokenizer.encode("cat ".repeat(first), "bank ".repeat(second), options);
        assertThat(cut.tokens().stream().filter("cat"::equals)).hasSize(keptFirst);
        assertThat(cut.tokens().stream().filter("bank"::equals)).hasSize(keptSecond);
        assertThat(cut.length()).isEqualTo(keptFirst + keptSecond + 3);
    }

    @Test
    void aTokenizerThatCutsFromTheStartKeepsTheEnd(@TempDir Path other) throws IOException {
        Files.writeString(other.resolve("tokenizer_config.json"), "{\"truncation_side\": \"left\"}");
        try (Tokenizer left = TinyVocabulary.open(other)) {
            EncodeOptions options = EncodeOptions.defaults().withMaxTokens(4);
            assertThat(left.encode("a cat, the river bank", options).tokens())
                    .containsExactly("[CLS]", "river", "bank", "[SEP]");
        }
    }

    @Test
    void aTextIsCutIntoWindowsThatOverlap() {
        Encoding whole = tokenizer.encode("the river bank, the cat");
        assertThat(whole.windows(5, 1))
                .extracting(Encoding::tokens)
                .containsExactly(
                        List.of("[CLS]", "the", "river", "bank", "[SEP]"),
                        List.of("[CLS]", "bank", ",", "the", "[SEP]"),
                        List.of("[CLS]", "the", "cat", "[SEP]"));
        assertThat(whole.windows(8, 1)).containsExactly(whole);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> whole.windows(3, 1))
                .withMessage("windows of 3 tokens have room for 1 of the text beside the special tokens,"
                        + " more than the 1 that they share are needed");
    }

    @Test
    void aLimitThatTheFrameExceedsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tokenizer.encode(
                        "the bank", "cat", EncodeOptions.defaults().withMaxTokens(2)))
                .withMessage("a limit of 2 tokens has no room for the 3 special tokens");
        assertThatIllegalArgumentException().isThrownBy(() -> new EncodeOptions(true, -1));
    }

    @Test
    void halvesOfSurrogatePairsAndControlCharactersAreTaken() {
        assertThat(tokenizer.encode("\uD83D bank \uDE00").tokens()).containsExactly("[CLS]", "bank", "[SEP]");
        Encoding encoding = tokenizer.encode("\uDE00😀 \uD83D\uD83D\0b\u0007ank");
        assertThat(encoding.tokens()).containsExactly("[CLS]", "[UNK]", "bank", "[SEP]");
        assertThat(encoding.ends()[2]).isEqualTo("\uDE00😀 \uD83D\uD83D\0b\u0007ank".length());
    }

    @Test
    void aMegabyteIsOneRow() {
        String text = "the unwanted cats 😀. ".repeat(50_000);
        Encoding encoding = tokenizer.encode(text);
        assertThat(encoding.length()).isEqualTo(50_000 * 8 + 2);
        int last = encoding.length() - 2;
        assertThat(text.substring(encoding.starts()[last], encoding.ends()[last]))
                .isEqualTo(".");
        assertThat(encoding.ends()[last]).isEqualTo(text.length() - 1);
        assertThat(tokenizer.encode("x".repeat(1 << 20)).ids()).containsExactly(CLS, UNKNOWN, SEP);
    }

    @Test
    void aBatchIsEqualToItsTextsOneByOne() {
        Random random = new Random(11);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 700; i++) { // more than one native call takes
            texts.add(text(random));
        }
        EncodeOptions options = EncodeOptions.defaults().withMaxTokens(9);
        assertThat(tokenizer.encode(texts))
                .isEqualTo(texts.stream().map(tokenizer::encode).toList());
        assertThat(tokenizer.encode(texts, options))
                .isEqualTo(texts.stream()
                        .map(text -> tokenizer.encode(text, options))
                        .toList());
        assertThat(tokenizer.encode(List.of())).isEmpty();
    }

    @Test
    void anyStringIsTakenAndOffsetsStayInside() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            String text = text(random);
            String pair = random.nextBoolean() ? text(random) : null;
            EncodeOptions options =
                    new EncodeOptions(random.nextBoolean(), random.nextBoolean() ? 0 : 3 + random.nextInt(20));
            Encoding encoding = tokenizer.encode(text, pair, options);
            if (options.maxTokens() > 0) {
                assertThat(encoding.length()).isLessThanOrEqualTo(options.maxTokens());
            }
            for (int k = 0; k < encoding.length(); k++) {
                String source = encoding.sequences()[k] == 1 && pair != null ? pair : text;
                assertThat(encoding.ids()[k]).isBetween(0, tokenizer.vocabularySize() - 1);
                assertThat(encoding.tokens().get(k))
                        .isEqualTo(tokenizer.token(encoding.ids()[k]).orElseThrow());
                assertThat(encoding.starts()[k]).isBetween(0, encoding.ends()[k]);
                assertThat(encoding.ends()[k]).isBetween(0, source.length());
            }
            assertThat(tokenizer.decode(encoding.ids(), random.nextBoolean())).isNotNull();
        }
    }

    @Test
    void idsBecomeTextAgain() {
        int[] ids = tokenizer.encode("The unwanted cats, the bank!").ids();
        assertThat(tokenizer.decode(ids, true)).isEqualTo("the unwanted cats, the bank!");
        assertThat(tokenizer.decode(ids, false)).startsWith("[CLS] the").endsWith("[SEP]");
        assertThat(tokenizer.decode(new int[0], true)).isEmpty();
        assertThat(tokenizer.decode(new int[] {-1, 5, 1_000_000}, true)).isEqualTo("the");
    }

    @Test
    void theVocabularyCanBeAsked() {
        assertThat(tokenizer.vocabularySize()).isEqualTo(TinyVocabulary.TOKENS.size());
        assertThat(tokenizer.id("##want")).hasValue(10);
        assertThat(tokenizer.id("nowhere")).isEmpty();
        assertThat(tokenizer.token(14)).hasValue("東");
        assertThat(tokenizer.token(-1)).isEmpty();
        assertThat(tokenizer.token(21)).isEmpty();
        assertThat(tokenizer.maskToken()).hasValue("[MASK]");
        assertThat(tokenizer.maskId()).hasValue(4);
        assertThat(tokenizer.padId()).hasValue(0);
        assertThat(tokenizer.clsId()).hasValue(CLS);
        assertThat(tokenizer.sepId()).hasValue(SEP);
        assertThat(tokenizer.unknownId()).hasValue(UNKNOWN);
        assertThat(tokenizer.bosId()).isEmpty();
        assertThat(tokenizer.eosId()).isEmpty();
    }

    @Test
    void threadsShareATokenizer() throws Exception {
        Random random = new Random(3);
        List<String> texts = IntStream.range(0, 300).mapToObj(i -> text(random)).toList();
        List<Encoding> expected = tokenizer.encode(texts);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<List<Encoding>>> results = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                boolean batch = i % 2 == 0;
                results.add(threads.submit(() -> batch
                        ? tokenizer.encode(texts)
                        : texts.stream().map(tokenizer::encode).toList()));
            }
            for (Future<List<Encoding>> result : results) {
                assertThat(result.get()).isEqualTo(expected);
            }
        }
    }

    @Test
    void aClosedTokenizerSaysSo(@TempDir Path other) throws IOException {
        Tokenizer closed = TinyVocabulary.open(other);
        closed.close();
        closed.close();
        assertThatIllegalStateException().isThrownBy(() -> closed.encode("the")).withMessage("the tokenizer is closed");
    }

    private static List<String> spans(String text, Encoding encoding) {
        return IntStream.range(0, encoding.length())
                .mapToObj(i -> text.substring(encoding.starts()[i], encoding.ends()[i]))
                .toList();
    }

    /// Words of the vocabulary among anything that a Java string can hold, halves of pairs included.
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> text.append((char) random.nextInt(0x10000));
                case 1 -> text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
                case 2 -> text.append((char) random.nextInt(0x250));
                case 3 -> text.append(' ');
                default -> {
                    String token = TinyVocabulary.TOKENS.get(random.nextInt(TinyVocabulary.TOKENS.size()));
                    text.append(token).append(random.nextBoolean() ? " " : "");
                }
            }
        }
        return text.toString();
    }
}

package heed.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.subword.LearningProgress;
import heed.subword.UnigramModel;
import heed.subword.UnigramModel.Piece;
import heed.subword.WordCounts;
import heed.text.TokenizerRecipe.Kind;
import heed.text.TokenizerRecipe.Normalization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is learned from the texts of `make_subwords.py`, beside what Hugging Face's trainers learn.
final class TokenizerTrainerTest {
    @SuppressWarnings("NullAway.Init")
    private static JsonNode golden;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeAll
    static void read() throws IOException {
        golden = JsonMapper.shared()
                .readTree(Files.readString(Path.of("src/test/resources/golden/subwords/learned.json")));
    }

    private static List<String> lines() {
        return strings(golden.get("lines"));
    }

    private static List<String> strings(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }

    private static int[] ints(JsonNode list) {
        return list.valueStream().mapToInt(JsonNode::asInt).toArray();
    }

    private static TrainedTokenizer learn(TokenizerRecipe recipe, String lineEnd) {
        TokenizerTrainer trainer = new TokenizerTrainer(recipe);
        lines().forEach(line -> trainer.add(line + lineEnd));
        return trainer.learn(LearningProgress.none());
    }

    private Tokenizer open(TrainedTokenizer trained) throws IOException {
        trained.write(folder);
        return Tokenizers.open(folder);
    }

    @ParameterizedTest
    @CsvSource({"byte, BYTE_BPE, 700, 2", "characters, CHARACTER_BPE, 500, 2", "many, CHARACTER_BPE, 2000, 0"})
    void bytePairsAreThoseOfHuggingFace(String name, Kind kind, int size, int frequency) throws IOException {
        JsonNode expected = golden.get(name);
        TrainedTokenizer trained =
                learn(TokenizerRecipe.of(kind, size).withMinFrequency(frequency), kind == Kind.BYTE_BPE ? "\n" : "");
        JsonNode model = JsonMapper.shared().readTree(trained.json()).get("model");
        assertThat(List.copyOf(model.get("vocab").propertyNames())).isEqualTo(strings(expected.get("vocab")));
        assertThat(model.get("merges")).isEqualTo(expected.get("merges"));
        try (Tokenizer tokenizer = open(trained)) {
            for (JsonNode text : expected.get("texts")) {
                Encoding encoding = tokenizer.encode(text.get("text").asString());
                assertThat(encoding.ids()).as("%s", text).containsExactly(ints(text.get("ids")));
                assertThat(tokenizer.decode(encoding.ids(), true))
                        .isEqualTo(text.get("decoded").asString());
            }
        }
    }

    @Test
    void unigramPiecesAreNoLessLikelyThanThoseOfHuggingFace() {
        List<Piece> theirs = new ArrayList<>();
        for (JsonNode piece : golden.get("unigram")) {
            if (!piece.get(0).asString().matches("<.*>")) {
                theirs.add(new Piece(piece.get(0).asString(), piece.get(1).asDouble()));
            }
        }
        WordCounts words = new WordCounts();
        lines().forEach(line -> Words.PLAIN.cut(Words.normalized(line, Normalization.NFC), words::add));
        List<Piece> ours = UnigramModel.learn(words, theirs.size(), LearningProgress.none());
        assertThat(ours).hasSizeLessThanOrEqualTo(theirs.size());
        assertThat(UnigramModel.logLikelihood(words, ours))
                .isGreaterThan(UnigramModel.logLikelihood(words, normalized(theirs)));
    }

    /// Probabilities that sum to 1, which those of a prior do not.
    private static List<Piece> normalized(List<Piece> pieces) {
        double sum =
                pieces.stream().mapToDouble(piece -> Math.exp(piece.score())).sum();
        return pieces.stream()
                .map(piece -> new Piece(piece.text(), piece.score() - Math.log(sum)))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void textsComeBackAsTheyWere(Kind kind) throws IOException {
        TokenizerRecipe recipe = TokenizerRecipe.of(kind, 600);
        try (Tokenizer tokenizer = open(learn(recipe, "\n"))) {
            for (String line : lines()) {
                assertThat(tokenizer.decode(tokenizer.encode(line).ids(), true)).isEqualTo(line);
            }
            String joined = "ರಾಜ್\u200cಕುಮಾರ್ ಕ್\u200dಷೇತ್ರ"; // ZWNJ and ZWJ
            assertThat(tokenizer.decode(tokenizer.encode(joined).ids(), true)).isEqualTo(joined);
        }
    }

    @ParameterizedTest
    @EnumSource(
            names = {"CHARACTER_BPE", "UNIGRAM"},
            value = Kind.class)
    void bytesSpellWhatHasNoToken(Kind kind) throws IOException {
        TokenizerRecipe recipe = TokenizerRecipe.of(kind, 700).withByteFallback(true);
        try (Tokenizer tokenizer = open(learn(recipe, ""))) {
            String unseen = "Ωmega ⅓ 😎 fine";
            Encoding encoding = tokenizer.encode(unseen);
            assertThat(encoding.tokens()).contains("<0xCE>", "<0xA9>").doesNotContain("<unk>");
            assertThat(tokenizer.decode(encoding.ids(), true)).isEqualTo(unseen);
        }
    }

    @Test
    void rareCharactersCanBeLeftOut() throws IOException {
        TokenizerRecipe all = TokenizerRecipe.of(Kind.UNIGRAM, 400);
        try (Tokenizer tokenizer = open(learn(all.withCoverage(0.97), ""))) {
            assertThat(tokenizer.id("銀")).isEmpty();
            assertThat(tokenizer.id("a")).isPresent();
            assertThat(tokenizer.encode("銀").ids()).endsWith(0);
        }
    }

    @Test
    void framesAndPartsOfSpecialTokensAreWritten() throws IOException {
        TokenizerRecipe recipe = TokenizerRecipe.of(Kind.UNIGRAM, 300).withFrame(List.of("A", "</s>"));
        try (Tokenizer tokenizer = open(learn(recipe, ""))) {
            assertThat(tokenizer.encode("the bank").tokens()).last().isEqualTo("</s>");
            assertThat(tokenizer.encode("the", "bank").typeIds()).endsWith(1, 1);
            assertThat(tokenizer.eosId()).hasValue(2);
            assertThat(tokenizer.bosId()).hasValue(1);
            assertThat(tokenizer.padId()).hasValue(3);
            assertThat(tokenizer.unknownId()).hasValue(0);
        }
    }

    @Test
    void wordsOfKannadaKeepTheirVowelSigns() {
        List<String> words = new ArrayList<>();
        Words.BYTES.cut("ನನ್ನ ಹೆಸರು, 12 ಅಜ್", words::add);
        assertThat(words).hasSize(5); // GPT-2's own cut makes eleven of it
        words.clear();
        Words.PLAIN.cut("  a\tb  c▁d\n", words::add);
        assertThat(words).containsExactly("▁a", "▁b", "▁c", "▁d");
    }

    @Test
    void theOrderOfLinesDoesNotMatter() {
        TokenizerRecipe recipe = TokenizerRecipe.of(Kind.UNIGRAM, 300);
        TokenizerTrainer backwards = new TokenizerTrainer(recipe);
        lines().reversed().forEach(backwards::add);
        assertThat(backwards.learn(LearningProgress.none())).isEqualTo(learn(recipe, ""));
    }

    @Test
    void whatDoesNotFitIsSaidInOneLine() {
        assertThatThrownBy(() -> learn(TokenizerRecipe.of(Kind.CHARACTER_BPE, 50), ""))
                .isInstanceOf(TokenizerException.class)
                .hasMessageMatching(
                        "a vocabulary of 50 is too small: 4 special tokens, 0 bytes and \\d+ characters need \\d+");
        assertThatThrownBy(
                        () -> new TokenizerTrainer(TokenizerRecipe.of(Kind.UNIGRAM, 50)).learn(LearningProgress.none()))
                .hasMessage("there is no text to learn a tokenizer from");
        TokenizerRecipe recipe = TokenizerRecipe.of(Kind.UNIGRAM, 50);
        assertThatThrownBy(() -> recipe.withFrame(List.of("A", "[SEP]"))).hasMessageContaining("'[SEP]'");
        assertThatThrownBy(() -> recipe.withSpecialTokens(List.of("<s>"))).hasMessageContaining("<unk>");
        assertThatThrownBy(() -> recipe.withCoverage(1.5)).hasMessageContaining("1.5");
    }
}

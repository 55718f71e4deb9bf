package heed.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenizersTest {
    private static final String WORD_PIECE = """
            {"version": "1.0",
             "truncation": {"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0},
             "padding": {"strategy": {"Fixed": 9}, "direction": "Right", "pad_to_multiple_of": null,
                         "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"},
             "added_tokens": [
               {"id": 0, "content": "[UNK]", "single_word": false, "lstrip": false, "rstrip": false,
                "normalized": false, "special": true},
               {"id": 3, "content": "<new>", "single_word": false, "lstrip": false, "rstrip": false,
                "normalized": false, "special": false}],
             "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null, "decoder": null,
             "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                       "max_input_chars_per_word": 100, "vocab": {"[UNK]": 0, "a": 1, "##b": 2}}}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void theFilesOwnTruncationAndPaddingAreIgnored() throws IOException {
        write("tokenizer.json", WORD_PIECE);
        try (Tokenizer tokenizer = Tokenizers.open(folder)) {
            assertThat(tokenizer.encode("a a a a a a").ids()).containsExactly(1, 1, 1, 1, 1, 1);
            assertThat(tokenizer.encode("a").ids()).containsExactly(1);
        }
    }

    @Test
    void addedTokensAreNumberedBehindTheVocabulary() throws IOException {
        write("tokenizer.json", WORD_PIECE);
        try (Tokenizer tokenizer = Tokenizers.open(folder)) {
            assertThat(tokenizer.encode("ab<new>").ids()).containsExactly(1, 2, 3);
            assertThat(tokenizer.id("<new>")).hasValue(3);
            assertThat(tokenizer.token(3)).hasValue("<new>");
            assertThat(tokenizer.vocabularySize()).isEqualTo(4);
            assertThat(tokenizer.unknownId()).hasValue(0);
            assertThat(tokenizer.maskToken()).isEmpty();
        }
    }

    @Test
    void aModelWithoutItsUnknownTokenFailsOnSomeTextsOnly() throws IOException {
        write("tokenizer.json", WORD_PIECE.replace("\"unk_token\": \"[UNK]\"", "\"unk_token\": \"[none]\""));
        try (Tokenizer tokenizer = Tokenizers.open(folder)) {
            assertThat(tokenizer.encode(List.of("a", "ab"))).hasSize(2);
            assertThatExceptionOfType(TokenizerException.class)
                    .isThrownBy(() -> tokenizer.encode(List.of("a", "c")))
                    .withMessageContaining("cannot be tokenized");
        }
    }

    @Test
    void unigramVocabulariesAreNumberedByTheirOrder() throws IOException {
        write("tokenizer.json", """
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
                 "post_processor": null,
                 "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
                 "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": false,
                           "vocab": [["<unk>", 0.0], ["▁the", -1.5], ["▁", -3.0], ["cat", -2.0]]}}
                """);
        write("tokenizer_config.json", "{\"unk_token\": {\"content\": \"<unk>\"}, \"eos_token\": \"</s>\"}");
        try (Tokenizer tokenizer = Tokenizers.open(folder)) {
            assertThat(tokenizer.encode("the cat 😀").ids()).containsExactly(1, 2, 3, 2, 0);
            assertThat(tokenizer.id("▁the")).hasValue(1);
            assertThat(tokenizer.unknownId()).hasValue(0);
            assertThat(tokenizer.eosId()).as("named, but not in the vocabulary").isEmpty();
            assertThat(tokenizer.decode(new int[] {1, 2, 3}, false)).isEqualTo("the cat");
        }
    }

    @Test
    void theConfigurationNamesSpecialTokens() throws IOException {
        TinyVocabulary.write(folder, List.of("<s>", "</s>", "<unk>", "<mask>", "a", "b"));
        write("special_tokens_map.json", "{\"cls_token\": \"<s>\", \"sep_token\": {\"content\": \"</s>\"}}");
        write("tokenizer_config.json", """
                {"unk_token": "<unk>", "mask_token": {"content": "<mask>", "lstrip": true}, "pad_token": null}""");
        try (Tokenizer tokenizer = Tokenizers.open(folder)) {
            assertThat(tokenizer.encode("a <mask> c").ids()).containsExactly(0, 4, 3, 2, 1);
            assertThat(tokenizer.maskId()).hasValue(3);
            assertThat(tokenizer.padId()).isEmpty();
            assertThat(tokenizer.encode("a <mask>").starts()[2])
                    .as("lstrip takes the space")
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{};                                              The café; [UNK] café", // capitals: a cased vocabulary
                "{\"do_lower_case\": true};                       The café; the cafe",
                "{\"do_lower_case\": true, \"strip_accents\": false}; The café; the café",
                "{\"do_lower_case\": false, \"strip_accents\": true}; the café; the cafe",
                "{\"tokenize_chinese_chars\": false};             東京;    東京",
                "{\"tokenize_chinese_chars\": true};              東京;    東 [UNK]"
            })
    void theConfigurationSaysHowTextIsNormalised(String config, String text, String tokens) throws IOException {
        TinyVocabulary.write(folder, List.of("[UNK]", "[CLS]", "[SEP]", "the", "cafe", "café", "東京", "東", "Berlin"));
        write("tokenizer_config.json", config);
        try (Tokenizer tokenizer = Tokenizers.open(folder)) {
            assertThat(tokenizer
                            .encode(text, EncodeOptions.defaults().withoutSpecialTokens())
                            .tokens())
                    .containsExactly(tokens.split(" "));
        }
    }

    @Test
    void withoutConfigurationTheVocabularyTellsWhetherCaseMatters() throws IOException {
        List<String> tokens = new ArrayList<>(TinyVocabulary.TOKENS);
        try (Tokenizer uncased = Tokenizers.open(TinyVocabulary.write(folder, tokens))) {
            assertThat(uncased.encode("THE").tokens()).contains("the");
        }
        tokens.add("Paris");
        try (Tokenizer cased = Tokenizers.open(TinyVocabulary.write(folder, tokens))) {
            assertThat(cased.encode("THE Paris").tokens()).containsExactly("[CLS]", "[UNK]", "Paris", "[SEP]");
        }
    }

    @Test
    void aVocabularyMayEndInBlankLinesAndBeginWithAByteOrderMark() throws IOException {
        write("vocab.txt", "\uFEFF" + String.join("\r\n", TinyVocabulary.TOKENS) + "\r\n\r\n\n");
        try (Tokenizer tokenizer = Tokenizers.open(folder)) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(TinyVocabulary.TOKENS.size());
            assertThat(tokenizer.padId()).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "null",
                "\"text\"",
                "{\"model\": 7}",
                "{\"model\": {}}",
                "{} {}",
                "{\"model\": {\"type\": \"Clever\", \"vocab\": {}}}",
                "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": -1}}}",
                "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": 99999999999}}}",
                "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": \"b\"}}}",
                "{\"model\": {\"type\": \"Unigram\", \"vocab\": [[1, 2]]}}",
                "{\"model\": {\"type\": \"Unigram\", \"vocab\": [[\"a\", 0.5], 7, [\"b\", 0.5]]}}",
                "{\"added_tokens\": [7], \"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": 0}}}",
                "{\"model\": {\"type\": \"Unigram\", \"unk_id\": 9, \"vocab\": [[\"a\", 0.5]]}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [\"a b\"]}}",
                "{\"added_tokens\": [{\"id\": 0}], \"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": 0}}}"
            })
    void aBrokenTokenizerFileIsOneLine(String json) throws IOException {
        write("tokenizer.json", json);
        assertRefused("tokenizer.json");
    }

    /// The native library accepts each of these, and ends the process when a text comes.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "post_processor; {'single': [{'SpecialToken': {'id': '<s>', 'type_id': 0}}], 'special_tokens': {}}",
                "post_processor; {'processors': [{'single': [{'SpecialToken': ['<s>', 0]}], 'special_tokens': {}}]}",
                "post_processor; {'single': [{'Sequence': {'id': 'B', 'type_id': 0}}], 'special_tokens': {}}",
                "post_processor; {'special_tokens': {'<s>': {'id': '<s>', 'ids': [0], 'tokens': []}}}",
                "pre_tokenizer;  {'type': 'FixedLength', 'length': 0}",
                "normalizer;     {'type': 'Prepend', 'prepend': ''}",
                "normalizer;     {'type': 'Replace', 'pattern': {'String': ''}, 'content': 'z'}",
                "decoder;        {'decoders': [{'type': 'Strip', 'content': 't', 'start': 0, 'stop': 9}]}",
                "normalizer;     {'type': 'Precompiled', 'precompiled_charsmap': 'AAAAAAAA'}",
                "normalizer;     {'normalizers': [{'type': 'Precompiled', 'precompiled_charsmap': '?'}]}"
            })
    void stepsThatTheNativeLibraryDiesOfAreRefused(String part, String step) throws IOException {
        write(
                "tokenizer.json",
                "{\"" + part + "\": " + step.replace('\'', '"')
                        + ", \"model\": {\"type\": \"WordPiece\", \"vocab\": {\"[UNK]\": 0}}}");
        assertRefused("tokenizer.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"a b\"]", "[[\"a\", \"b\"]]"})
    void mergesWithoutTheirPrefixAreRefused(String merges) throws IOException {
        write(
                "tokenizer.json",
                "{\"model\": {\"type\": \"BPE\", \"continuing_subword_prefix\": \"##\", "
                        + "\"vocab\": {\"a\": 0, \"b\": 1, \"ab\": 2}, \"merges\": " + merges + "}}");
        assertRefused("merges b, which does not begin with its prefix ##");
    }

    @Test
    void aTokenizerFileThatIsCutOffIsOneLine() throws IOException {
        for (int length = 0; length < WORD_PIECE.stripTrailing().length(); length += 13) {
            write("tokenizer.json", WORD_PIECE.substring(0, length));
            assertRefused("tokenizer.json");
        }
    }

    @Test
    void aFileThatIsNotTextIsOneLine() throws IOException {
        Files.write(folder.resolve("tokenizer.json"), new byte[] {'{', (byte) 0xff, (byte) 0xfe, '}'});
        assertRefused("is not UTF-8 text");
        Files.delete(folder.resolve("tokenizer.json"));
        Files.write(folder.resolve("vocab.txt"), "[PAD]\ncaf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused("vocab.txt is not UTF-8 text");
    }

    @Test
    void aBrokenVocabularyNamesTheLine() throws IOException {
        TinyVocabulary.write(folder, List.of("[UNK]", "[CLS]", "", "[SEP]"));
        assertRefused("blank line 3");
        TinyVocabulary.write(folder, List.of("[UNK]", "[CLS]", "a", "[SEP]", "a"));
        assertRefused("the token a twice, in lines 3 and 5");
        TinyVocabulary.write(folder, List.of("[UNK]", "[CLS]", "a"));
        assertRefused("lacks the token [SEP]");
        write("vocab.txt", "\n\n");
        assertRefused("vocab.txt is empty");
    }

    @Test
    void aBrokenConfigurationIsOneLine() throws IOException {
        TinyVocabulary.write(folder, TinyVocabulary.TOKENS);
        write("tokenizer_config.json", "{\"do_lower_case\": tru}");
        assertRefused("tokenizer_config.json is broken JSON at line 1");
        write("tokenizer_config.json", "[]");
        assertRefused("tokenizer_config.json holds no JSON object");
    }

    @Test
    void aVocabularyOfAnotherTokenizerIsRefused() throws IOException {
        TinyVocabulary.write(folder, TinyVocabulary.TOKENS);
        write("tokenizer_config.json", "{\"tokenizer_class\": \"BertJapaneseTokenizer\"}");
        assertRefused("belongs to a BertJapaneseTokenizer");
        write("tokenizer_config.json", "{\"tokenizer_class\": \"BertTokenizerFast\"}");
        Tokenizers.open(folder).close();
    }

    @Test
    void aFolderWithoutTokenizerSaysWhatWasLookedFor() {
        assertRefused("SentencePiece model is there; token ids can still be given");
        assertThatExceptionOfType(TokenizerException.class)
                .isThrownBy(() -> Tokenizers.open(folder.resolve("nowhere")))
                .withMessageContaining("nowhere is no folder");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private void assertRefused(String reason) {
        assertThatExceptionOfType(TokenizerException.class)
                .isThrownBy(() -> Tokenizers.open(folder))
                .withMessageContaining(reason)
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("\n"));
    }
}

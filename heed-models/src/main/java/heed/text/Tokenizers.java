package heed.text;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.nio.file.Files;
import java.nio.file.Path;

/// Opens the tokenizer that lies in a model's folder.
public final class Tokenizers {
    private Tokenizers() {}

    /// The tokenizer of a folder in Hugging Face's layout:
    ///
    /// 1. `tokenizer.json`, as it stands; only its truncation and padding are ignored;
    /// 2. otherwise `vocab.txt`, read as BERT's WordPiece. `tokenizer_config.json` may say `do_lower_case`,
    ///    `strip_accents` and `tokenize_chinese_chars` and, as may `special_tokens_map.json`, name the
    ///    special tokens. Where nothing is said, text becomes lower case unless the vocabulary has words
    ///    with capitals.
    ///
    /// The first call of a process loads the native library, and the first on a machine unpacks it to the
    /// cache folder: the property `heed.cache`, the variable HEED_CACHE, or `~/.cache/heed`. Nothing is
    /// fetched or sent.
    ///
    /// A broken `tokenizer.json` is refused where that can be told from the file. The native library is not
    /// made for hostile ones, though: open folders that you trust.
    ///
    /// @throws TokenizerException if the folder has neither, if one of its files is broken, or if there is
    ///     no native library for this platform
    public static Tokenizer open(Path folder) {
        Path tokenizerJson = folder.resolve("tokenizer.json");
        Path vocabulary = folder.resolve("vocab.txt");
        if (Files.exists(tokenizerJson)) {
            return open(TokenizerSettings.text(tokenizerJson), tokenizerJson, TokenizerSettings.read(folder));
        }
        if (Files.exists(vocabulary)) {
            if (Files.exists(folder.resolve("added_tokens.json"))) {
                throw new TokenizerException(
                        folder + " has added_tokens.json beside vocab.txt; this needs to become a tokenizer.json");
            }
            TokenizerSettings settings = TokenizerSettings.read(folder);
            return open(VocabularyFile.toJson(vocabulary, settings), vocabulary, settings);
        }
        throw new TokenizerException(
                (Files.isDirectory(folder) ? folder + " has no tokenizer" : folder + " is no folder")
                        + ": neither tokenizer.json nor vocab.txt is there; token ids can still be given instead of text");
    }

    private static Tokenizer open(String json, Path source, TokenizerSettings settings) {
        TokenizerFile file = TokenizerFile.read(json, source);
        TokenizersLibrary library = NativeLibrary.functions();
        long handle;
        try {
            handle = library.createTokenizerFromString(json);
        } catch (RuntimeException refused) {
            String message = refused.getMessage();
            throw new TokenizerException(
                    source + " is no tokenizer: "
                            + (message == null
                                    ? "the library refuses it"
                                    : message.lines().findFirst().orElse("")),
                    refused);
        }
        boolean truncateFromStart =
                settings.string("truncation_side").map("left"::equals).orElse(false);
        return new NativeTokenizer(library, handle, file, settings.specialTokens(file), truncateFromStart);
    }
}

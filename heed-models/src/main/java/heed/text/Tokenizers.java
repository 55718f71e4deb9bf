package heed.text;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import heed.checkpoint.Gguf;
import heed.checkpoint.SentencePieceModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Opens the tokenizer that lies in a model's folder.
public final class Tokenizers {
    private static final List<String> SENTENCE_PIECE =
            List.of("tokenizer.model", "spiece.model", "sentencepiece.bpe.model");

    private Tokenizers() {}

    /// The tokenizer of a folder in Hugging Face's layout:
    ///
    /// 1. `tokenizer.json`, as it stands; only its truncation and padding are ignored;
    /// 2. otherwise `vocab.txt`, read as BERT's WordPiece. `tokenizer_config.json` may say `do_lower_case`,
    ///    `strip_accents` and `tokenize_chinese_chars` and, as may `special_tokens_map.json`, name the
    ///    special tokens. Where nothing is said, text becomes lower case unless the vocabulary has words
    ///    with capitals.
    ///
    /// 3. otherwise `source.spm` and `vocab.json`, as Marian has them;
    /// 4. otherwise `vocab.json` and `merges.txt`: byte-level BPE as in GPT-2, RoBERTa, BART or Qwen2;
    /// 5. otherwise a SentencePiece model (`tokenizer.model`, `spiece.model`, `sentencepiece.bpe.model`) of T5,
    ///    XLM-RoBERTa or Llama.
    ///
    /// A GGUF file, or a folder with nothing but one, has its vocabulary in it.
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
        Optional<Path> gguf = Gguf.at(folder);
        if (gguf.isPresent()) {
            GgufVocabulary.Parts parts = GgufVocabulary.read(gguf.get());
            return open(parts.json(), gguf.get(), parts.settings());
        }
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
        TokenizerSettings settings = TokenizerSettings.read(folder);
        if (Files.exists(folder.resolve("source.spm"))) {
            return MarianTokenizer.open(folder, settings);
        }
        Path merges = folder.resolve("merges.txt");
        Path words = folder.resolve("vocab.json");
        if (Files.exists(merges) && Files.exists(words)) {
            String family = settings.family().orElse("GPT2");
            return open(MergesFile.toJson(words, merges, settings, family), words, settings);
        }
        for (String name : SENTENCE_PIECE) {
            if (Files.exists(folder.resolve(name))) {
                return sentencePiece(folder.resolve(name), settings);
            }
        }
        throw new TokenizerException(
                (Files.isDirectory(folder) ? folder + " has no tokenizer" : folder + " is no folder")
                        + ": neither tokenizer.json nor vocab.txt, vocab.json with merges.txt, or a"
                        + " SentencePiece model is there; token ids can still be given instead of text");
    }

    private static Tokenizer sentencePiece(Path file, TokenizerSettings settings) {
        var pieces = new SentencePieceFile(SentencePieceModel.read(file), settings);
        String family = settings.family().orElse("");
        String json = switch (family) {
            case "T5", "MT5" -> pieces.t5();
            case "XLMRoberta" -> pieces.xlmRoberta();
            case "Llama", "CodeLlama" -> {
                boolean prefix = settings.flag("add_prefix_space").orElse(true);
                boolean everywhere = settings.flag("legacy").orElse(false);
                yield pieces.llama(
                        prefix ? everywhere ? "always" : "first" : "never",
                        settings.flag("add_bos_token").orElse(false),
                        settings.flag("add_eos_token").orElse(false));
            }
            default ->
                throw new TokenizerException(file + " belongs to a tokenizer of the family '" + family
                        + "', which needs a tokenizer.json; SentencePiece models of T5, XLMRoberta, Llama and"
                        + " Marian can be read");
        };
        return open(json, file, settings);
    }

    /// Says that a tokenizer will soon be opened: loading the native library takes as long as reading the
    /// weights of a small model, and may go on beside it.
    public static void prepare() {
        NativeLibrary.loadAside();
    }

    static Tokenizer open(String json, Path source, TokenizerSettings settings) {
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

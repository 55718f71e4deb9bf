package heed.recipe;

import heed.text.EncodeOptions;
import heed.text.Tokenizer;
import heed.text.TokenizerException;
import heed.text.Tokenizers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The tokens of a tokenizer that was learned before, such as by `heed tokenizer train`.
///
/// @param tokenizerJson the text of its `tokenizer.json`
/// @param settings the text of its `tokenizer_config.json`, where there is one
record TokenizerVocabulary(Tokenizer tokenizer, String tokenizerJson, Optional<String> settings) implements Vocabulary {
    private static final String FILE = "tokenizer.json";
    private static final String SETTINGS = "tokenizer_config.json";

    static TokenizerVocabulary open(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        Path folder = path.endsWith(FILE) && parent != null ? parent : path;
        if (!Files.exists(folder.resolve(FILE))) {
            throw new TokenizerException(
                    "there is no " + FILE + " in " + folder + "; `heed tokenizer train` makes one");
        }
        Path settings = folder.resolve(SETTINGS);
        return new TokenizerVocabulary(
                Tokenizers.open(folder),
                read(folder.resolve(FILE)),
                Files.exists(settings) ? Optional.of(read(settings)) : Optional.empty());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new TokenizerException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public int size() {
        return tokenizer.vocabularySize();
    }

    @Override
    public String unit() {
        return "different tokens";
    }

    @Override
    public int[] ids(String text) {
        return tokenizer
                .encode(text, EncodeOptions.defaults().withoutSpecialTokens())
                .ids();
    }

    @Override
    public String text(int... ids) {
        return tokenizer.decode(ids, true);
    }
}

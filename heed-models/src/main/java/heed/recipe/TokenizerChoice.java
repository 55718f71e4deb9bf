package heed.recipe;

import heed.checkpoint.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What texts are cut into for a model that begins with nothing: their words, their characters, or the tokens
/// of a tokenizer that was learned before, such as by `heed tokenizer train`.
///
/// @param said `words`, `characters`, or the path of a tokenizer
/// @param least how often a word or character must be there to be known
record TokenizerChoice(String said, int least) {
    private static final List<String> OWN = List.of("words", "characters");
    private static final String FILE = "tokenizer.json";
    private static final String SETTINGS = "tokenizer_config.json";

    /// @param folder of the recipe
    static TokenizerChoice read(Section root, String otherwise, @Nullable Path folder) {
        String said = root.text("tokenizer", otherwise);
        String place = OWN.contains(said) || folder == null
                ? said
                : folder.resolve(said).toString();
        return new TokenizerChoice(place, root.integer("least_count", 1, 1));
    }

    /// Writes the tokenizer's files.
    ///
    /// @param texts whose words or characters become tokens
    /// @param maxTokens of a text, as the files say it
    /// @throws RecipeException when there is no such tokenizer
    void write(Path folder, List<String> texts, int maxTokens) throws IOException {
        Files.createDirectories(folder);
        Path settings = folder.resolve(SETTINGS);
        if (OWN.contains(said)) {
            WordVocabulary vocabulary = WordVocabulary.of(texts, said.equals("words"), least);
            DurableFiles.write(folder.resolve(FILE), vocabulary.tokenizerJson());
            DurableFiles.write(settings, WordVocabulary.tokenizerConfigJson(maxTokens));
            return;
        }
        Path file = Files.isDirectory(Path.of(said)) ? Path.of(said).resolve(FILE) : Path.of(said);
        if (!Files.isRegularFile(file)) {
            throw new RecipeException(
                    "the tokenizer must be words, characters or a tokenizer.json; there is no file " + file);
        }
        Files.copy(file, folder.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
        Path beside = file.resolveSibling(SETTINGS);
        if (Files.isRegularFile(beside)) {
            Files.copy(beside, settings, StandardCopyOption.REPLACE_EXISTING);
        } else {
            DurableFiles.write(settings, WordVocabulary.tokenizerConfigJson(maxTokens));
        }
    }
}

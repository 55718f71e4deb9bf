package heed.recipe;

import heed.checkpoint.DurableFiles;
import heed.corpus.Protection;
import heed.subword.LearningProgress;
import heed.text.TokenizerRecipe;
import heed.text.TokenizerRecipe.Kind;
import heed.text.TokenizerTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What texts are cut into for a model that begins with nothing: their words, their characters, subwords that
/// are learned from them, or the tokens of a tokenizer that was learned before, such as by `heed tokenizer
/// train`.
///
/// @param said `words`, `characters`, `bpe`, `unigram`, or the path of a tokenizer
/// @param least how often a word or character must be there to be known
/// @param vocabulary tokens of a tokenizer of subwords that is learned
record TokenizerChoice(String said, int least, int vocabulary) {
    private static final List<String> OWN = List.of("words", "characters");
    private static final List<String> LEARNED = List.of("bpe", "unigram");

    /// The share of all characters that get tokens of their own; bytes spell the others.
    private static final double COVERAGE = 0.9999;

    /// Of so many texts one has every sign.
    private static final int SIGNED_TEXTS = 200;

    private static final String FILE = "tokenizer.json";
    private static final String SETTINGS = "tokenizer_config.json";

    /// @param folder of the recipe
    static TokenizerChoice read(Section root, String otherwise, @Nullable Path folder) {
        String said = root.text("tokenizer", otherwise);
        String place = OWN.contains(said) || LEARNED.contains(said) || folder == null
                ? said
                : folder.resolve(said).toString();
        return new TokenizerChoice(place, root.integer("least_count", 1, 1), root.integer("vocabulary", 8000, 1));
    }

    /// Writes the tokenizer's files.
    ///
    /// @param texts whose words or characters become tokens
    /// @param maxTokens of a text, as the files say it
    /// @param signs whether all signs of [Protection] get tokens, rare ones too
    /// @throws RecipeException when there is no such tokenizer
    void write(Path folder, List<String> texts, int maxTokens, boolean signs) throws IOException {
        Files.createDirectories(folder);
        Path settings = folder.resolve(SETTINGS);
        if (OWN.contains(said)) {
            WordVocabulary vocabulary = WordVocabulary.of(texts, said.equals("words"), least);
            DurableFiles.write(folder.resolve(FILE), vocabulary.tokenizerJson());
            DurableFiles.write(settings, WordVocabulary.tokenizerConfigJson(maxTokens));
            return;
        }
        if (LEARNED.contains(said)) {
            learn(folder, texts, signs);
            return;
        }
        Path file = Files.isDirectory(Path.of(said)) ? Path.of(said).resolve(FILE) : Path.of(said);
        if (!Files.isRegularFile(file)) {
            throw new RecipeException(
                    "the tokenizer must be words, characters, bpe, unigram or a tokenizer.json; there is no file "
                            + file);
        }
        Files.copy(file, folder.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
        Path beside = file.resolveSibling(SETTINGS);
        if (Files.isRegularFile(beside)) {
            Files.copy(beside, settings, StandardCopyOption.REPLACE_EXISTING);
        } else {
            DurableFiles.write(settings, WordVocabulary.tokenizerConfigJson(maxTokens));
        }
    }

    private void learn(Path folder, List<String> texts, boolean signs) throws IOException {
        if (Files.exists(folder.resolve(FILE)) && Files.exists(folder.resolve("checkpoints"))) {
            return; // what was trained so far was trained with it
        }
        Kind kind = said.equals("bpe") ? Kind.CHARACTER_BPE : Kind.UNIGRAM;
        TokenizerTrainer trainer = new TokenizerTrainer(TokenizerRecipe.of(kind, vocabulary)
                .withSpecialTokens(List.of(WordVocabulary.PADDING, WordVocabulary.END, WordVocabulary.UNKNOWN))
                .withByteFallback(true)
                .withCoverage(COVERAGE)
                .withFrame(List.of("A", WordVocabulary.END)));
        texts.forEach(trainer::add);
        for (int i = 0; signs && i < texts.size() / SIGNED_TEXTS; i++) {
            trainer.add(Protection.signs());
        }
        trainer.learn(LearningProgress.none()).write(folder);
    }
}

package heed.recipe;

import java.nio.file.Path;
import java.util.Optional;

/// What a text is cut into.
public sealed interface Vocabulary permits CharacterVocabulary, TokenizerVocabulary {
    /// The tokens of the recipe's tokenizer, or the characters of the text where it names none.
    ///
    /// @throws heed.text.TokenizerException when there is no such tokenizer
    /// @throws RecipeException when the prompt of the sample has no tokens, or one that is not in the vocabulary
    static Vocabulary of(LanguageRecipe recipe, String text) {
        Path tokenizer = recipe.tokenizer();
        Vocabulary vocabulary = tokenizer == null ? CharacterVocabulary.of(text) : TokenizerVocabulary.open(tokenizer);
        if (recipe.samples() > 0 && vocabulary.ids(recipe.prompt()).length == 0) {
            throw new RecipeException("sample.prompt '" + recipe.prompt().replace("\n", "\\n")
                    + "' has no tokens, so a sample cannot begin with it");
        }
        return vocabulary;
    }

    int size();

    /// What the size counts, for people.
    String unit();

    /// @throws RecipeException when a part of the text is not in the vocabulary
    int[] ids(String text);

    String text(int... ids);

    /// The text of `tokenizer.json`.
    String tokenizerJson();

    /// The text of `tokenizer_config.json`, where there was one.
    Optional<String> settings();
}

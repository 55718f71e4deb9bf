package heed.recipe;

import heed.hub.Progress;
import java.util.Arrays;
import java.util.List;

/// The text of a language recipe as its models learn it, whatever their kind.
///
/// @param training the tokens to learn from
/// @param validation the tokens behind them, by which the best parameters are chosen
record LearningText(Vocabulary vocabulary, int[] training, int[] validation) {
    /// @throws RecipeException when the text cannot be had
    static LearningText of(LanguageRecipe recipe, Progress fetching) {
        String text = recipe.text().load(fetching);
        Vocabulary vocabulary = Vocabulary.of(recipe, text);
        int[] ids = vocabulary.ids(text);
        int trainingTokens = (int) Math.round(ids.length * (1 - recipe.validation()));
        return new LearningText(
                vocabulary,
                Arrays.copyOfRange(ids, 0, trainingTokens),
                Arrays.copyOfRange(ids, trainingTokens, ids.length));
    }

    long stepsPerEpoch(LanguageRecipe recipe) {
        return Math.max(1, training.length / ((long) recipe.batch() * recipe.context()));
    }

    List<String> summary(long parameters) {
        return List.of(parameters + " parameters, " + vocabulary.size() + " " + vocabulary.unit() + ", "
                + training.length + " to learn from");
    }
}

package heed.recipe;

import heed.training.CausalModel;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// How a language model is trained from nothing: `heed train lm`.
///
/// @param validation the share at the end of the text that is not learned from
/// @param width D
/// @param batch windows in a batch
/// @param samples characters of each sample that is printed at the end; 0 for none
public record LanguageRecipe(
        TextSource text,
        double validation,
        int layers,
        int heads,
        int width,
        int context,
        int batch,
        TrainingSettings training,
        int samples,
        String prompt) {
    /// @param steps instead of those of the recipe; 0 for those of the recipe
    /// @throws RecipeException naming the key that is wrong
    public static LanguageRecipe read(Path file, long steps) {
        Section root = Section.read(file);
        Section model = root.part("model");
        Section sample = root.part("sample");
        LanguageRecipe recipe = new LanguageRecipe(
                TextSource.read(root.part("text"), file.toAbsolutePath().getParent()),
                root.number("validation", 0.1, 0, 1),
                model.integer("layers", 4, 1),
                model.integer("heads", 4, 1),
                model.integer("width", 128, 1),
                model.integer("context", 64, 1),
                root.integer("batch", 12, 1),
                TrainingSettings.read(root, model, TrainingSettings.Defaults.LANGUAGE, steps),
                sample.integer("length", 500, 0),
                sample.text("prompt", "\n"));
        root.requireKnown();
        if (recipe.width % recipe.heads != 0) {
            throw model.refuse("width", "divisible by the " + recipe.heads + " heads", recipe.width);
        }
        return recipe;
    }

    CausalModel.Sizes sizes(int vocabulary) {
        return new CausalModel.Sizes(vocabulary, context, layers, heads, width);
    }

    /// What must be the same when training goes on: everything that the next step depends on but the text.
    Map<String, String> fingerprint() {
        Map<String, String> print = new TreeMap<>(training.fingerprint());
        print.put("model.layers", String.valueOf(layers));
        print.put("model.heads", String.valueOf(heads));
        print.put("model.width", String.valueOf(width));
        print.put("model.context", String.valueOf(context));
        print.put("batch", String.valueOf(batch));
        return print;
    }
}

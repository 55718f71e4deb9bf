package heed.recipe;

import heed.kernel.RecurrentCell;
import heed.training.CausalModel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How a language model is trained from nothing: `heed train lm`.
///
/// @param tokenizer what cuts the text into tokens, a folder or file; null for characters
/// @param validation the share at the end of the text that is not learned from
/// @param cell of a recurrent network; null for a Transformer
/// @param heads 0 for a recurrent network
/// @param width D
/// @param context the positions of a window
/// @param carry whether a window begins with the state of a recurrent network that the one before it has left
/// @param batch windows in a batch
/// @param samples tokens of the sample that is printed at the end; 0 for none
public record LanguageRecipe(
        TextSource text,
        @Nullable Path tokenizer,
        double validation,
        @Nullable RecurrentCell cell,
        int layers,
        int heads,
        int width,
        int context,
        boolean carry,
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
        RecurrentCell cell = RecurrentFiles.cell(model);
        Path folder = file.toAbsolutePath().getParent();
        String tokenizer = root.text("tokenizer", "");
        LanguageRecipe recipe = new LanguageRecipe(
                TextSource.read(root.part("text"), folder),
                tokenizer.isEmpty() ? null : folder == null ? Path.of(tokenizer) : folder.resolve(tokenizer),
                root.number("validation", 0.1, 0, 1),
                cell,
                model.integer("layers", cell == null ? 4 : 2, 1),
                cell == null ? model.integer("heads", 4, 1) : 0,
                model.integer("width", 128, 1),
                model.integer("context", 64, 1),
                cell != null && model.choice("carry", "true", "true", "false").equals("true"),
                root.integer("batch", 12, 1),
                TrainingSettings.read(root, model, TrainingSettings.Defaults.LANGUAGE, steps),
                sample.integer("length", 500, 0),
                sample.text("prompt", "\n"));
        root.requireKnown();
        if (cell != null && recipe.training.accumulate() > 1) {
            throw root.refuse(
                    "accumulate",
                    "1 for a recurrent network, whose state goes from step to step",
                    recipe.training.accumulate());
        }
        if (cell == null && recipe.width % recipe.heads != 0) {
            throw model.refuse("width", "divisible by the " + recipe.heads + " heads", recipe.width);
        }
        return recipe;
    }

    CausalModel.Sizes sizes(int vocabulary) {
        return new CausalModel.Sizes(vocabulary, context, layers, heads, width);
    }

    /// What must be the same when training goes on: everything that the next step depends on but the text.
    Map<String, String> fingerprint(Vocabulary vocabulary) {
        Map<String, String> print = new TreeMap<>(training.fingerprint());
        print.put("model.layers", String.valueOf(layers));
        print.put("model.heads", String.valueOf(heads));
        print.put("model.width", String.valueOf(width));
        print.put("model.context", String.valueOf(context));
        print.put("batch", String.valueOf(batch));
        if (tokenizer != null) {
            print.put(
                    "tokenizer", Integer.toHexString(vocabulary.tokenizerJson().hashCode()));
        }
        if (cell != null) {
            print.put("model.kind", cell.name().toLowerCase(Locale.ROOT));
            print.put("model.carry", String.valueOf(carry));
        }
        return print;
    }
}

package heed.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/// How a model learns to sort texts into classes: `heed train classifier`.
///
/// @param start what it begins with
/// @param validation the share of the examples that decides which parameters are the best
/// @param test the share that nothing is learned or decided from; 0 for none
/// @param balanced whether classes count the same however many examples they have
/// @param smoothing of the targets
/// @param maxTokens longer texts are cut
/// @param windows into how many stretches of `maxTokens` a longer text is cut at most, each with the classes of
///     the whole; 1 for its beginning alone
/// @param batch examples in a batch, if it is not tokens that are counted
/// @param batchTokens tokens in a batch
/// @param baseline whether a logistic regression over words is trained beside, to compare with
public record ClassifierRecipe(
        ClassifierStart start,
        LabelledTexts.Source data,
        double validation,
        double test,
        boolean balanced,
        double smoothing,
        int maxTokens,
        int windows,
        int batch,
        OptionalLong batchTokens,
        boolean baseline,
        TrainingSettings training) {
    /// @param steps instead of those of the recipe; 0 for those of the recipe
    /// @throws RecipeException naming the key that is wrong
    public static ClassifierRecipe read(Path file, long steps) {
        Section root = Section.read(file);
        Path folder = file.toAbsolutePath().getParent();
        ClassifierStart start = ClassifierStart.read(root, folder);
        boolean several = root.choice("problem", "single_label", "single_label", "multi_label")
                .equals("multi_label");
        ClassifierRecipe recipe = new ClassifierRecipe(
                start,
                LabelledTexts.Source.read(root, folder, several),
                root.number("validation", 0.1, 0, 1),
                root.number("test", 0.0, 0, 1),
                root.choice("class_weights", "none", "none", "balanced").equals("balanced"),
                root.number("label_smoothing", 0.0, 0, 1),
                root.integer("max_tokens", 128, 3),
                root.integer("windows", 1, 1),
                root.integer("batch", 16, 1),
                root.whole("batch_tokens", 1),
                root.flag("baseline", false),
                TrainingSettings.read(root, root, start.defaults(), steps));
        if (recipe.data.files().files().isEmpty()) {
            throw root.part("data").missing("file");
        }
        root.requireKnown();
        return recipe;
    }

    boolean several() {
        return data.several();
    }

    /// What must be the same when training goes on.
    Map<String, String> fingerprint(List<String> labels) {
        Map<String, String> print = new TreeMap<>(training.fingerprint());
        print.putAll(start.fingerprint());
        print.put("labels", labels.toString());
        print.put("validation", String.valueOf(validation));
        print.put("test", String.valueOf(test));
        print.put("batch", batch + " " + batchTokens);
        print.put("class_weights", String.valueOf(balanced));
        print.put("max_tokens", String.valueOf(maxTokens));
        if (windows > 1) { // folders of before have no such line
            print.put("windows", String.valueOf(windows));
        }
        return print;
    }
}

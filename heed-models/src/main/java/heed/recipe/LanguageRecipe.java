package heed.recipe;

import heed.pass.DropoutRates;
import heed.training.CausalModel;
import heed.training.Optimizer;
import heed.training.Schedule;
import heed.training.Trainer;
import heed.training.TrainingLoop;
import java.nio.file.Path;
import java.util.Locale;
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
        double dropout,
        int batch,
        Optimizer optimizer,
        Schedule schedule,
        double clip,
        TrainingLoop.Plan plan,
        long seed,
        int samples,
        String prompt) {
    /// @param steps instead of those of the recipe; 0 for those of the recipe
    /// @throws RecipeException naming the key that is wrong
    public static LanguageRecipe read(Path file, long steps) {
        Section root = Section.read(file);
        Section model = root.part("model");
        Section optimizer = root.part("optimizer");
        Section schedule = root.part("schedule");
        Section evaluation = root.part("evaluate");
        Section sample = root.part("sample");
        long planned = steps > 0 ? steps : root.whole("steps", null, 1);
        root.whole("steps", planned, 1); // known also when the command line has its own
        LanguageRecipe recipe = new LanguageRecipe(
                TextSource.read(root.part("text"), file.toAbsolutePath().getParent()),
                root.number("validation", 0.1, 0, 1),
                model.integer("layers", 4, 1),
                model.integer("heads", 4, 1),
                model.integer("width", 128, 1),
                model.integer("context", 64, 1),
                model.number("dropout", 0.0, 0, 1),
                root.integer("batch", 12, 1),
                optimizer(optimizer),
                schedule(schedule, optimizer.number("rate", 1e-3, 0, Double.POSITIVE_INFINITY), planned),
                optimizer.number("clip", 1.0, 0, Double.POSITIVE_INFINITY),
                new TrainingLoop.Plan(
                        planned,
                        evaluation.whole("every", 250L, 1),
                        root.whole("save_every", 250L, 1),
                        evaluation.integer("patience", 0, 0)),
                root.whole("seed", 1337L, 0),
                sample.integer("length", 500, 0),
                sample.text("prompt", "\n"));
        root.requireKnown();
        if (recipe.width % recipe.heads != 0) {
            throw model.refuse("width", "divisible by the " + recipe.heads + " heads", recipe.width);
        }
        return recipe;
    }

    private static Optimizer optimizer(Section section) {
        String name = section.text("name", "adamw").toLowerCase(Locale.ROOT);
        double decay = section.number("decay", name.equals("adamw") ? 0.1 : 0.0, 0, Double.POSITIVE_INFINITY);
        double beta1 = section.number("beta1", 0.9, 0, 1);
        double beta2 = section.number("beta2", 0.99, 0, 1);
        double eps = section.number("eps", 1e-8, 0, 1);
        double momentum = section.number("momentum", 0.9, 0, 1);
        return switch (name) {
            case "adamw" -> new Optimizer.AdamW(beta1, beta2, eps, decay);
            case "adam" -> new Optimizer.Adam(beta1, beta2, eps, decay);
            case "sgd" -> new Optimizer.Sgd(momentum, decay);
            default -> throw section.refuse("name", "adamw, adam or sgd", name);
        };
    }

    private static Schedule schedule(Section section, double rate, long steps) {
        String name = section.text("name", "cosine").toLowerCase(Locale.ROOT);
        long warmUp = section.whole("warm_up", 0L, 0);
        double least = section.number("least_rate", 0.0, 0, Double.POSITIVE_INFINITY);
        return switch (name) {
            case "cosine" -> new Schedule.Cosine(rate, least, warmUp, steps);
            case "linear" -> new Schedule.Linear(rate, least, warmUp, steps);
            case "constant" -> new Schedule.Constant(rate, warmUp);
            default -> throw section.refuse("name", "cosine, linear or constant", name);
        };
    }

    public CausalModel.Sizes sizes(int vocabulary) {
        return new CausalModel.Sizes(vocabulary, context, layers, heads, width);
    }

    public Trainer.Settings settings() {
        return new Trainer.Settings(optimizer, schedule, clip, DropoutRates.of((float) dropout), seed);
    }

    /// What must be the same when training goes on: everything that the next step depends on but the text.
    Map<String, String> fingerprint() {
        Map<String, String> print = new TreeMap<>();
        print.put("model.layers", String.valueOf(layers));
        print.put("model.heads", String.valueOf(heads));
        print.put("model.width", String.valueOf(width));
        print.put("model.context", String.valueOf(context));
        print.put("model.dropout", String.valueOf(dropout));
        print.put("batch", String.valueOf(batch));
        print.put("optimizer", String.valueOf(optimizer));
        print.put("seed", String.valueOf(seed));
        return print;
    }
}

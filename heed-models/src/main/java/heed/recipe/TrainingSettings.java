package heed.recipe;

import heed.autograd.Parameter;
import heed.pass.DropoutRates;
import heed.training.MovingAverage;
import heed.training.Optimizer;
import heed.training.Schedule;
import heed.training.Trainer;
import heed.training.TrainingLoop;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/// What every recipe says about training itself: the optimiser and its rate, how long, what is averaged, when
/// to evaluate and save.
///
/// @param clip the greatest norm of all gradients together; 0 for no limit
/// @param accumulate parts of a batch that are computed one after the other
/// @param steps none when the recipe counts epochs
/// @param epochs walks through the data; fractions are allowed
/// @param evaluateEvery steps between evaluations; none for once an epoch
/// @param saveEvery steps between checkpoints; none for once an epoch
/// @param patience evaluations without a better loss after which training ends; 0 for no such end
record TrainingSettings(
        Optimizer optimizer,
        Rate rate,
        double clip,
        int accumulate,
        Average average,
        float dropout,
        OptionalLong steps,
        double epochs,
        OptionalLong evaluateEvery,
        OptionalLong saveEvery,
        int patience,
        long seed) {
    /// What holds where a recipe is silent.
    ///
    /// @param epochs 0 where steps must be said
    record Defaults(
            String optimizer,
            double rate,
            double beta2,
            double eps,
            double decay,
            double clip,
            String schedule,
            long warmUp,
            double dropout,
            double epochs,
            OptionalLong every) {
        /// nanoGPT's, for models that begin with nothing.
        static final Defaults LANGUAGE =
                new Defaults("adamw", 1e-3, 0.99, 1e-8, 0.1, 1, "cosine", 0, 0, 0, OptionalLong.of(250));

        Defaults withRate(double other) {
            return new Defaults(optimizer, other, beta2, eps, decay, clip, schedule, warmUp, dropout, epochs, every);
        }
    }

    /// The learning rate, before it is known how many steps there are.
    record Rate(String schedule, double rate, double least, long warmUp) {
        /// @param dModel D
        Schedule over(long steps, int dModel) {
            return switch (schedule) {
                case "cosine" -> new Schedule.Cosine(rate, least, warmUp, steps);
                case "linear" -> new Schedule.Linear(rate, least, warmUp, steps);
                case "constant" -> new Schedule.Constant(rate, warmUp);
                case "noam" -> new Schedule.Noam(rate, dModel, warmUp);
                default -> throw new IllegalStateException(schedule);
            };
        }
    }

    /// Which average of the parameters is evaluated and written.
    record Average(String name, double decay, long from, long every) {
        MovingAverage of(List<Parameter> parameters) {
            return switch (name) {
                case "none" -> MovingAverage.none();
                case "ema" -> MovingAverage.exponential(parameters, decay);
                case "mean" -> MovingAverage.mean(parameters, from, every);
                default -> throw new IllegalStateException(name);
            };
        }
    }

    /// @param root of the recipe
    /// @param dropout the section that has the key `dropout`
    /// @param steps instead of those of the recipe; 0 for those of the recipe
    static TrainingSettings read(Section root, Section dropout, Defaults defaults, long steps) {
        Section optimizer = root.part("optimizer");
        Section evaluation = root.part("evaluate");
        OptionalLong planned = steps > 0 ? OptionalLong.of(steps) : root.whole("steps", 1);
        root.whole("steps", 1); // known also when the command line has its own
        if (planned.isEmpty() && defaults.epochs == 0) {
            throw root.missing("steps");
        }
        if (root.has("steps") && root.has("epochs")) {
            throw root.refuse("epochs", "left out where there are steps", root.text("epochs", null));
        }
        return new TrainingSettings(
                optimizer(optimizer, defaults),
                rate(root.part("schedule"), optimizer, defaults),
                optimizer.number("clip", defaults.clip, 0, Double.POSITIVE_INFINITY),
                root.integer("accumulate", 1, 1),
                average(root.part("average")),
                (float) dropout.number("dropout", defaults.dropout, 0, 1),
                planned,
                defaults.epochs == 0
                        ? 0
                        : root.number("epochs", defaults.epochs, Double.MIN_VALUE, Double.POSITIVE_INFINITY),
                orDefault(evaluation.whole("every", 1), defaults.every),
                orDefault(root.whole("save_every", 1), defaults.every),
                evaluation.integer("patience", 0, 0),
                root.whole("seed", 1337L, 0));
    }

    private static OptionalLong orDefault(OptionalLong value, OptionalLong otherwise) {
        return value.isPresent() ? value : otherwise;
    }

    private static Optimizer optimizer(Section section, Defaults defaults) {
        String name = section.choice("name", defaults.optimizer, "adamw", "adam", "sgd");
        double usual = name.equals("adamw") ? defaults.decay : 0;
        double decay = section.number("decay", usual, 0, Double.POSITIVE_INFINITY);
        double beta1 = section.number("beta1", 0.9, 0, 1);
        double beta2 = section.number("beta2", defaults.beta2, 0, 1);
        double eps = section.number("eps", defaults.eps, 0, 1);
        double momentum = section.number("momentum", 0.9, 0, 1);
        return switch (name) {
            case "adamw" -> new Optimizer.AdamW(beta1, beta2, eps, decay);
            case "adam" -> new Optimizer.Adam(beta1, beta2, eps, decay);
            default -> new Optimizer.Sgd(momentum, decay);
        };
    }

    private static Rate rate(Section section, Section optimizer, Defaults defaults) {
        String name = section.choice("name", defaults.schedule, "cosine", "linear", "constant", "noam");
        boolean noam = name.equals("noam");
        double usual = noam ? 1 : defaults.rate; // Noam's own factor
        long warmUp = section.whole("warm_up", noam ? Math.max(1, defaults.warmUp) : defaults.warmUp, noam ? 1 : 0);
        return new Rate(
                name,
                optimizer.number("rate", usual, 0, Double.POSITIVE_INFINITY),
                section.number("least_rate", 0.0, 0, Double.POSITIVE_INFINITY),
                warmUp);
    }

    private static Average average(Section section) {
        return new Average(
                section.choice("name", "none", "none", "ema", "mean"),
                section.number("decay", 0.999, 0, 1),
                section.whole("from", 1L, 1),
                section.whole("every", 1L, 1));
    }

    /// How many steps there are when a walk through the data takes so many.
    long steps(long stepsPerEpoch) {
        return steps.orElseGet(() -> Math.max(1, Math.round(epochs * stepsPerEpoch)));
    }

    TrainingLoop.Plan plan(long stepsPerEpoch) {
        return new TrainingLoop.Plan(
                steps(stepsPerEpoch), evaluateEvery.orElse(stepsPerEpoch), saveEvery.orElse(stepsPerEpoch), patience);
    }

    /// @param dModel D
    Trainer.Settings trainer(long stepsPerEpoch, int dModel) {
        Schedule schedule = rate.over(steps(stepsPerEpoch), dModel);
        return new Trainer.Settings(optimizer, schedule, clip, DropoutRates.of(dropout), seed);
    }

    /// What must be the same when training goes on: everything that the next step depends on but the number of
    /// steps.
    Map<String, String> fingerprint() {
        Map<String, String> print = new TreeMap<>();
        print.put("dropout", String.valueOf(dropout));
        print.put("accumulate", String.valueOf(accumulate));
        print.put("optimizer", String.valueOf(optimizer).toLowerCase(Locale.ROOT));
        print.put("average", String.valueOf(average).toLowerCase(Locale.ROOT));
        print.put("seed", String.valueOf(seed));
        return print;
    }
}

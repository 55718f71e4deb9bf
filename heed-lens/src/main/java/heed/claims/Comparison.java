package heed.claims;

import heed.claims.Practice.Budget;
import heed.claims.Practice.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/// Several models that learn the same drill: each at the learning rate that suits it, which a short run with a
/// seed of its own decides, then with several seeds. Every run is a cell of the notebook.
final class Comparison {
    static final List<Double> RATES = List.of(1e-3, 3e-3, 1e-2);

    /// The sweep takes a third of the steps.
    private static final int SWEEP = 3;

    private static final long SWEEP_SEED = 1000;

    /// Parameters may differ by so much.
    private static final double EQUAL = 0.03;

    private final Practice practice;
    private final Budget budget;
    private final Trial trial;
    private final Table.Builder rates =
            Table.of("learning rates", "model", "rate", "mean accuracy after a third of the steps", "loss");
    private final Table.Builder results;
    private final Map<String, Integer> sizes = new LinkedHashMap<>();
    private final Map<String, Double> chosen = new LinkedHashMap<>();
    private final Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();
    private final String about;

    /// @param about what the number of an examination is, for the columns of tables
    Comparison(Practice practice, Budget budget, String about, Trial trial) {
        this.practice = practice;
        this.budget = budget;
        this.about = about;
        this.trial = trial;
        this.results = Table.of(
                "accuracy", "model", "parameters", "rate", "seed", about, "after equal steps", "after equal time");
    }

    /// Teaches models of one kind that know nothing yet.
    ///
    /// @param fresh gives one of a seed
    /// @param rateOf a name whose rate was chosen before and is used again; the model's own to choose now
    /// @return what those of the trial's seeds have learned
    List<Outcome> teach(String name, String rateOf, LongFunction<SequenceModel> fresh) {
        double rate = chosen.computeIfAbsent(rateOf, _ -> rate(name, fresh));
        int parameters = fresh.apply(0).parameters();
        sizes.put(name, parameters);
        List<Outcome> learned = new ArrayList<>();
        for (long seed : trial.seeds()) {
            Outcome outcome = run(name, fresh, rate, budget, seed);
            learned.add(outcome);
            for (int i = 0; i < practice.drill().examinations(); i++) {
                results.row(
                        name,
                        parameters,
                        rate,
                        seed,
                        practice.drill().about(i),
                        outcome.afterSteps().get(i),
                        outcome.undisturbed() ? (Object) outcome.afterTime().get(i) : "busy");
            }
        }
        outcomes.put(name, learned);
        return learned;
    }

    private double rate(String name, LongFunction<SequenceModel> fresh) {
        double best = RATES.getFirst();
        Outcome leader = null;
        for (double rate : RATES) {
            Outcome outcome = run(name, fresh, rate, budget.part(SWEEP), SWEEP_SEED);
            rates.row(name, rate, outcome.mean(), outcome.loss());
            if (leader == null || outcome.mean() > leader.mean()) {
                leader = outcome;
                best = rate;
            }
        }
        return best;
    }

    private Outcome run(String name, LongFunction<SequenceModel> fresh, double rate, Budget time, long seed) {
        String cell = "%s, rate %s, %d steps, seed %d".formatted(name, rate, time.steps(), seed);
        return Outcome.of(trial.cell(
                cell, () -> practice.learn(fresh.apply(seed), rate, time, seed).numbers()));
    }

    /// Whether all models have equally many parameters as another, within 3 %.
    boolean equal(String reference) {
        int parameters = sizes.getOrDefault(reference, 0);
        return sizes.values().stream().allMatch(size -> Math.abs(size - parameters) <= EQUAL * parameters);
    }

    /// Whether the machine was free during all runs.
    boolean undisturbed() {
        return outcomes.values().stream().flatMap(List::stream).allMatch(Outcome::undisturbed);
    }

    /// The examinations' results of one model, over its seeds.
    ///
    /// @param afterTime after equal time instead of equal steps
    static List<Spread> spreads(List<Outcome> learned, boolean afterTime) {
        List<Spread> spreads = new ArrayList<>();
        int examinations = learned.getFirst().afterSteps().size();
        for (int i = 0; i < examinations; i++) {
            int number = i;
            spreads.add(Spread.of(learned.stream()
                    .map(outcome -> (afterTime ? outcome.afterTime() : outcome.afterSteps()).get(number))
                    .toList()));
        }
        return spreads;
    }

    /// The rates that were tried, the results of every run, and their medians and ranges.
    List<Table> tables() {
        Table.Builder medians = Table.of(
                "median of the seeds",
                "model",
                "parameters",
                about,
                "after equal steps",
                "after equal time",
                "ms a step");
        outcomes.forEach((name, learned) -> {
            List<Spread> steps = spreads(learned, false);
            List<Spread> time = spreads(learned, true);
            boolean timed = learned.stream().allMatch(Outcome::undisturbed);
            double step = Spread.of(learned.stream().map(Outcome::stepSeconds).toList())
                    .median();
            for (int i = 0; i < steps.size(); i++) {
                medians.row(
                        name,
                        sizes.getOrDefault(name, 0),
                        practice.drill().about(i),
                        percent(steps.get(i)),
                        timed ? percent(time.get(i)) : "busy",
                        timed ? (Object) (1e3 * step) : "busy");
            }
        });
        return List.of(medians.table(), results.table(), rates.table());
    }

    static String percent(Spread shares) {
        return shares.shown(share -> Math.round(100 * share) + " %");
    }
}

package heed.claims;

import heed.claims.Practice.Budget;
import heed.claims.Practice.Outcome;
import heed.claims.TransformerReader.Plan;
import heed.claims.TransformerReader.Shared;
import java.util.ArrayList;
import java.util.List;

/// Why queries, keys and values have a matrix each.
final class ThreeMatrices implements Claim {
    private static final int LAYERS = 2;
    private static final int HEADS = 4;
    private static final int WIDTH = 32;
    private static final double MORE = 0.05;

    @Override
    public String name() {
        return "three-matrices";
    }

    @Override
    public String statement() {
        return "Queries, keys and values need matrices of their own.";
    }

    @Override
    public String rule() {
        return "Transformers with separate matrices, with Q = K, with K = V and with Q = K = V, whose feed-forward"
                + " networks are wider by what they save (parameters equal ± 3 %), learn recall of up to 16 pairs from"
                + " one pair on, each at a learning rate chosen for it. After the same number of steps, in the median"
                + " of 3 seeds over all examinations, the one with three matrices has at least 5 points more right"
                + " answers than each of the others.";
    }

    @Override
    public Lesson lesson() {
        return new Lesson(
                "Why three matrices?",
                "A word has three roles: what it looks for, how it is found, and what it hands on; one matrix for two of"
                        + " them makes them the same. With Q = K two words find each other equally well or not at all,"
                        + " and each finds itself best; with K = V whatever is handed on is also what it is found by."
                        + " The table shows which of these a small network can make up for with more parameters"
                        + " elsewhere.");
    }

    private static String shown(Shared shared) {
        return switch (shared) {
            case NONE -> "three matrices";
            case QUERY_AND_KEY -> "Q = K";
            case KEY_AND_VALUE -> "K = V";
            case ALL -> "Q = K = V";
        };
    }

    @Override
    public Finding measure(Trial trial) {
        boolean quick = trial.effort() == Effort.QUICK;
        Recall recall = new Recall(quick ? 1 : 4);
        Practice practice = new Practice(recall, 32, quick ? 16 : 200, trial.compute());
        Budget budget = new Budget(trial.effort().choose(6, 1200), quick ? 0 : 15);
        Comparison comparison = new Comparison(practice, budget, "pairs", trial);
        Plan whole = Plan.of(recall.reading(), LAYERS, HEADS, WIDTH);
        int parameters = TransformerReader.fresh(whole, 0).parameters();
        Accuracy accuracy =
                new Accuracy("Recall by Transformers with %,d parameters".formatted(parameters), recall, "pairs");
        List<Spread> means = new ArrayList<>(); // in the order of the kinds
        List<String> found = new ArrayList<>();
        for (Shared shared : Shared.values()) {
            Plan plan = filled(whole.sharing(shared), parameters);
            List<Outcome> learned =
                    comparison.teach(shown(shared), shown(shared), seed -> TransformerReader.fresh(plan, seed));
            Spread mean = Spread.of(learned.stream().map(Outcome::mean).toList());
            means.add(mean);
            found.add(shown(shared) + " " + Comparison.percent(mean));
            accuracy.with(shown(shared), Comparison.spreads(learned, false));
        }
        double separate = means.getFirst().median();
        boolean confirmed = comparison.equal(shown(Shared.NONE))
                && means.stream().skip(1).allMatch(other -> separate - other.median() >= MORE);
        return new Finding(
                confirmed,
                "Right answers over all examinations: " + String.join(", ", found) + ".",
                comparison.tables(),
                List.of(accuracy.chart()));
    }

    /// The plan with feed-forward networks so wide that there are as many parameters.
    private static Plan filled(Plan plan, int parameters) {
        if (plan.shared() == Shared.NONE) {
            return plan;
        }
        return plan.withInner(Architecture.nearest(
                16 * WIDTH,
                parameters,
                inner -> TransformerReader.fresh(plan.withInner(inner), 0).parameters()));
    }
}

package heed.claims;

import heed.chart.LineChart;
import heed.claims.Practice.Budget;
import heed.claims.Practice.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// All that an RNN knows of a text has to pass through one vector.
final class Bottleneck implements Claim {
    private static final int LAYERS_OF_TRANSFORMER = 2;
    private static final int LAYERS_OF_LSTM = 1;
    private static final double KNOWS = 0.9;

    /// Widths of Transformers; the others are as wide as gives as many parameters.
    private static final List<Integer> WIDTHS = List.of(32, 64);

    private static final List<Architecture> COMPARED =
            List.of(Architecture.LSTM, Architecture.ATTENDING_LSTM, Architecture.TRANSFORMER);

    @Override
    public String name() {
        return "bottleneck";
    }

    @Override
    public String statement() {
        return "The hidden state of an RNN is a bottleneck: a vector of fixed size holds only so much of a text, and"
                + " attention, which looks at all positions, is free of it.";
    }

    @Override
    public String rule() {
        return "Models read N pairs of a key and one of 8 values, then are asked for the value of each key; they learn"
                + " from one pair on and get more as they succeed. The capacity is the largest N of 1, 2, 4, 8, 16 up to"
                + " which 90 % of the answers are right, in the median of 3 seeds, after the same number of steps. At"
                + " both sizes, with equally many parameters (± 3 %) and learning rates chosen for each: the LSTM with"
                + " attention and the Transformer have at least twice the capacity of the LSTM.";
    }

    @Override
    public Lesson lesson() {
        return new Lesson(
                "How is this different from an RNN?",
                "An RNN hands one vector from word to word, and whatever is to be known later must fit into it beside"
                        + " everything else. Attention keeps a vector for every word and goes back to the one it"
                        + " needs, so the longer the text the more there is to look at. The same LSTM with attention on"
                        + " top shows which part of the difference is the bottleneck and not the network.");
    }

    @Override
    public Finding measure(Trial trial) {
        boolean quick = trial.effort() == Effort.QUICK;
        Recall recall = new Recall(quick ? 1 : 4);
        Practice practice = new Practice(recall, 32, quick ? 16 : 200, trial.compute());
        Budget budget = new Budget(trial.effort().choose(6, 1200), quick ? 0 : 20);
        Comparison comparison = new Comparison(practice, budget, "pairs", trial);
        List<LineChart> charts = new ArrayList<>();
        Table.Builder capacities =
                Table.of("capacity", "model", "parameters", "width of the state", "pairs", "bits", "seeds");
        boolean confirmed = true;
        List<String> found = new ArrayList<>();
        for (int width : quick ? WIDTHS.subList(0, 1) : WIDTHS) {
            int parameters = Architecture.TRANSFORMER
                    .fresh(recall.reading(), LAYERS_OF_TRANSFORMER, width, 0)
                    .parameters();
            Accuracy accuracy = new Accuracy("Recall with %,d parameters".formatted(parameters), recall, "pairs");
            int[] capacity = new int[COMPARED.size()];
            for (int m = 0; m < COMPARED.size(); m++) {
                Architecture kind = COMPARED.get(m);
                int layers = layers(kind);
                int own = kind == Architecture.TRANSFORMER ? width : kind.width(recall.reading(), layers, parameters);
                String name = "%s of width %d".formatted(kind.shown(), own);
                List<Outcome> learned =
                        comparison.teach(name, kind.shown(), seed -> kind.fresh(recall.reading(), layers, own, seed));
                List<Spread> spreads = Comparison.spreads(learned, false);
                capacity[m] = capacity(recall, spreads);
                accuracy.with(name, spreads);
                capacities.row(kind.shown(), parameters, own, capacity[m], capacity[m] * recall.bits(), learned.size());
            }
            accuracy.beside("commonest value", commonest(recall));
            charts.add(accuracy.chart());
            confirmed &= capacity[1] >= 2 * capacity[0]
                    && capacity[2] >= 2 * capacity[0]
                    && capacity[1] > 0
                    && capacity[2] > 0;
            found.add("with %,d parameters the LSTM recalls %d pairs, the LSTM with attention %d, the Transformer %d"
                    .formatted(parameters, capacity[0], capacity[1], capacity[2]));
        }
        List<Table> tables = new ArrayList<>(List.of(capacities.table()));
        tables.addAll(comparison.tables());
        return new Finding(confirmed, sentence(found), tables, charts);
    }

    private static int layers(Architecture kind) {
        return kind == Architecture.TRANSFORMER ? LAYERS_OF_TRANSFORMER : LAYERS_OF_LSTM;
    }

    /// The largest number of pairs up to which most answers are right; 0 for none.
    private static int capacity(Drill drill, List<Spread> spreads) {
        int capacity = 0;
        for (int i = 0; i < spreads.size() && spreads.get(i).median() >= KNOWS; i++) {
            capacity = drill.about(i);
        }
        return capacity;
    }

    private static double[] commonest(Recall recall) {
        SplittableRandom random = new SplittableRandom(1);
        return IntStream.range(0, recall.examinations())
                .mapToDouble(grade -> recall.commonest(grade, 1000, random))
                .toArray();
    }

    private static String sentence(List<String> parts) {
        String joined = String.join("; ", parts);
        return Character.toUpperCase(joined.charAt(0)) + joined.substring(1) + ".";
    }
}

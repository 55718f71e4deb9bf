package heed.claims;

import heed.chart.Axis;
import heed.chart.LineChart;
import heed.chart.LineChart.Line;
import heed.claims.Practice.Budget;
import heed.claims.Practice.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What stands far back has a long way to go through an RNN, and a short one through attention.
final class Distance implements Claim {
    private static final int WIDTH = 32;
    private static final int LAYERS_OF_TRANSFORMER = 2;
    private static final int LAYERS_OF_RNN = 1;
    private static final double REMEMBERED = 0.95;
    private static final double FEWER = 0.1;

    /// The influence of the farthest word over that of the nearest, below which it has vanished.
    private static final double VANISHED = 1e-3;

    /// Smallest influence that is drawn: floats have no smaller ones worth a line.
    private static final double LEAST = 1e-30;

    private static final List<Architecture> COMPARED =
            List.of(Architecture.RNN, Architecture.LSTM, Architecture.TRANSFORMER);

    @Override
    public String name() {
        return "distance";
    }

    @Override
    public String statement() {
        return "A word has to go through every state in between to reach a distant one in an RNN, and its trace fades,"
                + " which gates can only slow down; in a Transformer it is one step away.";
    }

    @Override
    public String rule() {
        return "For a simple RNN, an LSTM and a Transformer with equally many parameters (± 3 %): (1) before learning,"
                + " the influence of the word 128 positions back on the last state, by its gradient, is less than a"
                + " thousandth of that of the word next to it in both RNNs, and more than a thousandth in the"
                + " Transformer, in the median of 3 seeds. (2) They learn to tell which of T symbols was marked, with"
                + " T from 16 to 256 as they succeed, each at a learning rate chosen for it; after the same number of"
                + " steps, for marks 128 and 256 positions back, the Transformer has at least 95 % right and the simple"
                + " RNN at least 10 points fewer, in the median of 3 seeds. What the LSTM learns stands beside it:"
                + " gates were made for this.";
    }

    @Override
    public Lesson lesson() {
        return new Lesson(
                "Why does an RNN forget the beginning of a long text?",
                "From a word to one d positions behind it an RNN takes d steps, and at each of them the trace is squeezed"
                        + " through the same matrix and overwritten a little, so its gradient shrinks by a factor each"
                        + " time. In a Transformer every word is one step of attention away from every later one,"
                        + " however far. Gates make the way longer that can be learned, and an LSTM that has learned"
                        + " to keep one thing may keep it for long: what it cannot keep is many, see bottleneck.");
    }

    @Override
    public Finding measure(Trial trial) {
        boolean quick = trial.effort() == Effort.QUICK;
        Latch latch = new Latch(quick ? 4 : 16, quick ? 1 : 4);
        int parameters = Architecture.TRANSFORMER
                .fresh(latch.reading(), LAYERS_OF_TRANSFORMER, WIDTH, 0)
                .parameters();
        Map<Architecture, Integer> widths = new LinkedHashMap<>();
        for (Architecture kind : COMPARED) {
            widths.put(
                    kind,
                    kind == Architecture.TRANSFORMER ? WIDTH : kind.width(latch.reading(), layers(kind), parameters));
        }
        Fading fading = fading(widths, trial);
        Practice practice = new Practice(latch, 16, quick ? 16 : 64, trial.compute());
        Budget budget = new Budget(trial.effort().choose(6, 1500), quick ? 0 : 25);
        Comparison comparison = new Comparison(practice, budget, "positions back", trial);
        Accuracy accuracy = new Accuracy(
                "Which one was marked? %d symbols, %,d parameters".formatted(latch.longest(), parameters),
                latch,
                "positions back");
        Map<Architecture, Double> far = new LinkedHashMap<>();
        widths.forEach((kind, width) -> {
            List<Outcome> learned = comparison.teach(
                    kind.shown(), kind.shown(), seed -> kind.fresh(latch.reading(), layers(kind), width, seed));
            List<Spread> spreads = Comparison.spreads(learned, false);
            accuracy.with(kind.shown(), spreads);
            far.put(
                    kind,
                    spreads.subList(spreads.size() - 2, spreads.size()).stream()
                            .mapToDouble(Spread::median)
                            .average()
                            .orElse(0));
        });
        double transformer = far.getOrDefault(Architecture.TRANSFORMER, 0.0);
        boolean remembered =
                transformer >= REMEMBERED && transformer - far.getOrDefault(Architecture.RNN, 0.0) >= FEWER;
        List<Table> tables = new ArrayList<>(List.of(fading.table));
        tables.addAll(comparison.tables());
        return new Finding(
                fading.asClaimed && remembered,
                fading.summary + " Marks at least half of " + latch.longest() + " positions back: " + shares(far)
                        + " right.",
                tables,
                List.of(accuracy.chart(), fading.chart));
    }

    private static int layers(Architecture kind) {
        return kind == Architecture.TRANSFORMER ? LAYERS_OF_TRANSFORMER : LAYERS_OF_RNN;
    }

    private static String shares(Map<Architecture, Double> far) {
        List<String> shares = new ArrayList<>();
        far.forEach((kind, share) -> shares.add("%s %.0f %%".formatted(kind.shown(), 100 * share)));
        return String.join(", ", shares);
    }

    private record Fading(boolean asClaimed, String summary, Table table, LineChart chart) {}

    /// The influence of a word before anything is learned, over how far back it stands.
    private static Fading fading(Map<Architecture, Integer> widths, Trial trial) {
        int positions = trial.effort().choose(17, 129);
        int vocabulary = 2 * positions; // every word stands once
        Reading reading = new Reading(vocabulary, 2, positions);
        int[] back = IntStream.iterate(1, d -> d < positions, d -> 2 * d).toArray();
        Table.Builder table = Table.of("influence before learning", "model", "positions back", "of the nearest word's");
        List<Line> lines = new ArrayList<>();
        Map<Architecture, Double> farthest = new LinkedHashMap<>();
        widths.forEach((kind, width) -> {
            List<double[]> norms = Arrays.stream(trial.seeds())
                    .mapToObj(seed -> trial.cell(
                            "influence in a %s, seed %d".formatted(kind.shown(), seed),
                            () -> Influence.of(
                                    kind.fresh(reading, layers(kind), width, seed),
                                    vocabulary,
                                    positions,
                                    seed,
                                    trial.compute())))
                    .toList();
            double[] medians = new double[back.length];
            for (int i = 0; i < back.length; i++) {
                int distance = back[i];
                Spread spread = Spread.of(norms.stream()
                        .map(norm -> norm[positions - 1 - distance] / norm[positions - 2])
                        .toList());
                medians[i] = Math.max(LEAST, spread.median());
                table.row(kind.shown(), distance, medians[i]);
            }
            farthest.put(kind, medians[back.length - 1]);
            lines.add(
                    new Line(kind.shown(), Arrays.stream(back).asDoubleStream().toArray(), medians));
        });
        boolean fades = farthest.entrySet().stream()
                .allMatch(entry -> entry.getValue() < VANISHED == (entry.getKey() != Architecture.TRANSFORMER));
        List<String> found = new ArrayList<>();
        farthest.forEach((kind, share) -> found.add("%s %.0e".formatted(kind.shown(), share)));
        return new Fading(
                fades,
                "The influence of a word %d positions back over that of the nearest, before learning: %s."
                        .formatted(back[back.length - 1], String.join(", ", found)),
                table.table(),
                new LineChart(
                        "The influence of a word on the last state, before learning",
                        Axis.logarithmic("positions back"),
                        Axis.logarithmic("of the nearest word's"),
                        lines));
    }
}

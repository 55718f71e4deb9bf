package heed.lens.senses;

import heed.chart.Axis;
import heed.chart.LineChart;
import heed.corpus.AmbiguousWord;
import heed.corpus.Occurrence;
import heed.model.Model;
import heed.model.Models;
import heed.score.Bootstrap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.IntBinaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// How often the vectors of a model tell the sense of a word, example by example, each held out in turn, and
/// how often simpler means do.
///
/// @param model its name
/// @param data the words and sentences
/// @param chance the share that would be right if senses were guessed
/// @param tallies of every method, rule and layer
/// @param chosen the model's vectors with the layer and rule that were best for the other half of the words (of
/// one word, of the examples): nothing has a say in what it is scored with
/// @param comparisons of that with the best of each simpler means, which may choose layer and rule in hindsight
public record SenseReport(
        String model, SenseData data, double chance, List<Tally> tallies, Tally chosen, List<Compared> comparisons) {
    /// The method that the others are compared with.
    public static final String TRAINED = "contextual vectors";

    /// What only knows the senses' frequencies.
    public static final String MOST_FREQUENT = "most frequent sense";

    private static final String RANDOM = "random weights";
    private static final String BAG = "bag of words";
    private static final String STATIC = "static vectors";

    /// @param baseline the best of its method
    public record Compared(Tally baseline, Bootstrap.Comparison comparison) {
        /// Whether the model is better whatever is drawn, 39 times of 40.
        public boolean beaten() {
            return comparison.difference().low() > 0;
        }
    }

    /// @param seeds of networks with random weights
    /// @param progress is told what is being done
    public static SenseReport of(Model model, SenseData data, long[] seeds, Consumer<String> progress) {
        return of(model, data, seeds, progress, (_, counting) -> counting.get());
    }

    /// As [#of(Model, SenseData, long[], Consumer)], keeping what a network's vectors told for whoever is
    /// interrupted.
    ///
    /// @param kept gives the counts of a network by its name, those that were kept or else what is counted now
    public static SenseReport of(
            Model model,
            SenseData data,
            long[] seeds,
            Consumer<String> progress,
            BiFunction<String, Supplier<double[]>, double[]> kept) {
        String name = data.name() + ", " + model.name();
        List<Tally> trained = toldBy(kept.apply(name, () -> counts(model, data, progress)), data, TRAINED);
        List<Tally> tallies = new ArrayList<>(withoutModel(data));
        tallies.addAll(trained);
        trained.removeIf(tally -> tally.layer() < 0);
        for (long seed : seeds) {
            double[] counts = kept.apply(name + ", random weights, seed " + seed, () -> {
                try (Model untrained = Models.untrained(model, seed)) {
                    return counts(untrained, data, progress);
                }
            });
            toldBy(counts, data, RANDOM).stream()
                    .filter(tally -> tally.layer() >= 0)
                    .forEach(tallies::add);
        }
        Tally chosen = chosen(trained);
        List<Compared> comparisons = new ArrayList<>();
        for (String method : List.of(MOST_FREQUENT, BAG, STATIC, RANDOM)) {
            tallies.stream()
                    .filter(tally -> tally.method().equals(method))
                    .max(Comparator.comparingDouble(Tally::accuracy))
                    .ifPresent(best -> comparisons.add(new Compared(best, chosen.beside(best))));
        }
        return new SenseReport(model.name(), data, chance(data), tallies, chosen, comparisons);
    }

    private static double chance(SenseData data) {
        double hits = data.words().stream()
                .mapToDouble(
                        word -> (double) word.examples().size() / word.senses().size())
                .sum();
        return hits
                / data.words().stream().mapToInt(word -> word.examples().size()).sum();
    }

    /// How many examples of each part are told right: by the vectors of each layer and each rule, then by the
    /// embeddings alone, then by the mean of those around.
    private static double[] counts(Model model, SenseData data, Consumer<String> progress) {
        List<Occurrence> examples =
                data.words().stream().flatMap(word -> word.examples().stream()).toList();
        long sentences = examples.stream().map(Occurrence::text).distinct().count();
        ContextVectors vectors = ContextVectors.of(model, examples, new Steps(model.name(), sentences, progress)::at);
        Stream<float[][]> layers = IntStream.rangeClosed(0, vectors.layers()).mapToObj(vectors::layer);
        return Stream.concat(layers, Stream.of(vectors.statics(), vectors.neighbourhoods()))
                .flatMap(some -> ofVectors(data, some).stream())
                .flatMapToInt(tally -> Arrays.stream(tally.right()))
                .asDoubleStream()
                .toArray();
    }

    /// What was counted, in the order in which it was.
    private static List<Tally> toldBy(double[] counts, SenseData data, String method) {
        int[] examples = examples(data);
        int layers = counts.length / (Rule.values().length * examples.length) - 3;
        List<Tally> tallies = new ArrayList<>();
        int from = 0;
        for (int layer = 0; layer <= layers + 2; layer++) {
            boolean contextual = layer <= layers;
            for (Rule rule : Rule.values()) {
                int[] right = Arrays.stream(counts, from, from + examples.length)
                        .mapToInt(count -> (int) count)
                        .toArray();
                String detail = rule + (layer == layers + 2 ? ", mean of the words around" : "");
                tallies.add(new Tally(contextual ? method : STATIC, detail, contextual ? layer : -1, right, examples));
                from += examples.length;
            }
        }
        return tallies;
    }

    /// Tells every tenth part.
    private record Steps(String model, long sentences, Consumer<String> progress) {
        void at(int done) {
            if (done == sentences || done * 10L / sentences > (done - 1) * 10L / sentences) {
                progress.accept(model + ": " + done + " of " + sentences + " sentences");
            }
        }
    }

    private static List<Tally> ofVectors(SenseData data, float[][] vectors) {
        List<Similarities> similarities = new ArrayList<>();
        int from = 0;
        for (AmbiguousWord word : data.words()) {
            int to = from + word.examples().size();
            similarities.add(Similarities.of(Arrays.copyOfRange(vectors, from, to)));
            from = to;
        }
        return Arrays.stream(Rule.values())
                .map(rule -> byRule(data, "", rule, -1, similarities))
                .toList();
    }

    private static List<Tally> withoutModel(SenseData data) {
        BagOfWords bag = new BagOfWords(data.words());
        List<Tally> tallies = new ArrayList<>();
        tallies.add(tally(
                data, MOST_FREQUENT, "", -1, (w, _) -> mostFrequent(data.words().get(w))));
        List<Similarities> examples = data.words().stream().map(bag::of).toList();
        for (Rule rule : Rule.values()) {
            tallies.add(byRule(data, BAG, rule, -1, examples));
        }
        boolean glosses = data.words().stream()
                .flatMap(word -> word.senses().stream())
                .allMatch(sense -> !sense.gloss().isEmpty());
        if (glosses) {
            List<Similarities> both =
                    data.words().stream().map(bag::withGlosses).toList();
            Tally known = byRule(data, BAG, Rule.CENTROID, -1, both);
            tallies.add(new Tally(BAG, known.detail() + ", glosses too", -1, known.right(), known.examples()));
        }
        return tallies;
    }

    private static int mostFrequent(AmbiguousWord word) {
        int best = 0;
        for (int s = 1; s < word.senses().size(); s++) {
            best = word.senses().get(s).frequency() > word.senses().get(best).frequency() ? s : best;
        }
        return best;
    }

    private static Tally byRule(SenseData data, String method, Rule rule, int layer, List<Similarities> similarities) {
        return tally(data, method, rule.toString(), layer, (w, example) -> {
            AmbiguousWord word = data.words().get(w);
            Similarities alike = similarities.get(w);
            return rule.sense(alike, senses(word, alike.size()), frequencies(word), example);
        });
    }

    /// The sense of each example, then of one gloss each.
    private static int[] senses(AmbiguousWord word, int size) {
        IntStream examples = IntStream.range(0, word.senses().size())
                .flatMap(s -> word.senses().get(s).examples().stream().mapToInt(_ -> s));
        return IntStream.concat(examples, IntStream.range(0, word.senses().size()))
                .limit(size)
                .toArray();
    }

    private static int[] frequencies(AmbiguousWord word) {
        return word.senses().stream().mapToInt(AmbiguousWord.Sense::frequency).toArray();
    }

    private static Tally tally(SenseData data, String method, String detail, int layer, IntBinaryOperator told) {
        boolean alone = data.words().size() == 1;
        int[] examples = examples(data);
        int[] right = new int[examples.length];
        for (int w = 0; w < data.words().size(); w++) {
            AmbiguousWord word = data.words().get(w);
            int[] senses = senses(word, word.examples().size());
            for (int e = 0; e < senses.length; e++) {
                right[alone ? e : w] += told.applyAsInt(w, e) == senses[e] ? 1 : 0;
            }
        }
        return new Tally(method, detail, layer, right, examples);
    }

    /// By part: by word, or of one word by example.
    private static int[] examples(SenseData data) {
        return data.words().size() == 1
                ? IntStream.range(0, data.words().getFirst().examples().size())
                        .map(_ -> 1)
                        .toArray()
                : data.words().stream().mapToInt(word -> word.examples().size()).toArray();
    }

    /// Every part with what is best for the parts of the other half.
    static Tally chosen(List<Tally> layers) {
        Tally first = layers.getFirst();
        int[] right = new int[first.right().length];
        for (int half = 0; half < 2; half++) {
            int own = half;
            int[] others =
                    IntStream.range(0, right.length).filter(p -> p % 2 != own).toArray();
            Tally best = layers.stream()
                    .max(Comparator.comparingDouble(tally -> tally.accuracy(others)))
                    .orElseThrow();
            for (int p = own; p < right.length; p += 2) {
                right[p] = best.right()[p];
            }
        }
        return new Tally(TRAINED, "layer and rule chosen on the other half", -1, right, first.examples());
    }

    /// The layer whose vectors tell most senses by a rule.
    public Tally best(Rule rule) {
        return tallies.stream()
                .filter(tally ->
                        tally.method().equals(TRAINED) && tally.detail().equals(rule.toString()))
                .max(Comparator.comparingDouble(Tally::accuracy))
                .orElseThrow();
    }

    /// Shares that are right over layers.
    public LineChart chart() {
        List<LineChart.Line> lines = new ArrayList<>();
        int layers = tallies.stream().mapToInt(Tally::layer).max().orElse(0);
        double[] x = IntStream.rangeClosed(0, layers).asDoubleStream().toArray();
        for (Rule rule : List.of(Rule.NEAREST, Rule.CENTROID)) {
            lines.add(new LineChart.Line(rule.toString(), x, byLayer(TRAINED, rule, layers)));
        }
        lines.add(new LineChart.Line(RANDOM, x, byLayer(RANDOM, Rule.NEAREST, layers)));
        for (Compared compared : comparisons) {
            if (compared.baseline().layer() < 0) {
                double[] y = new double[x.length];
                Arrays.fill(y, compared.baseline().accuracy());
                lines.add(new LineChart.Line(compared.baseline().method(), x, y, true));
            }
        }
        return new LineChart(
                "Senses told right: " + data.name() + ", " + model,
                Axis.linear("layer (0: the embeddings)"),
                Axis.linear("share of held-out examples"),
                lines.stream().filter(line -> !Double.isNaN(line.y()[0])).toList());
    }

    /// The mean over seeds.
    private double[] byLayer(String method, Rule rule, int layers) {
        return IntStream.rangeClosed(0, layers)
                .mapToDouble(layer -> tallies.stream()
                        .filter(tally -> tally.method().equals(method)
                                && tally.layer() == layer
                                && tally.detail().equals(rule.toString()))
                        .mapToDouble(Tally::accuracy)
                        .average()
                        .orElse(Double.NaN))
                .toArray();
    }
}

package heed.claims;

import heed.chart.Axis;
import heed.chart.LineChart;
import heed.corpus.Occurrence;
import heed.lens.senses.ContextVectors;
import heed.model.Model;
import heed.model.ModelOptions;
import heed.model.Models;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Layers enrich: in "The cat near the dog sat", "sat" comes to carry "cat".
///
/// @param quick the model of quick runs
/// @param full the model of full runs
record Layers(String quick, String full) implements Claim {
    private static final List<String> ANIMALS =
            List.of("cat", "dog", "bird", "horse", "mouse", "lion", "bear", "wolf", "pig", "cow", "fish", "duck");
    private static final List<String> VERBS = List.of("sat", "slept", "waited");
    private static final List<String> BETWEEN = List.of("near", "behind");
    private static final double RIGHT = 0.8;
    private static final double AHEAD = 0.2;
    private static final double NOTHING = 0.05;

    /// With BERT-base, quickly with MiniLM.
    Layers() {
        this("minilm", "bert-base-uncased");
    }

    @Override
    public String name() {
        return "layers";
    }

    @Override
    public String statement() {
        return "Layers enrich: the vector of \"sat\" comes to carry who sat.";
    }

    @Override
    public String rule() {
        return "From the vector of the verb in \"The cat near the dog sat on the floor.\" a linear probe tells which of"
                + " twelve animals is the subject, for pairs of animals that it has never seen together. At the"
                + " embeddings it is within 5 points of chance; after the best layer it is right in at least 80 %, and"
                + " by at least 20 points more often than after the best layer of networks with random weights. Three"
                + " seeds of split and weights, all of them.";
    }

    @Override
    public Lesson lesson() {
        return new Lesson(
                "What do many layers do that one does not?",
                "At the bottom the vector of \"sat\" says \"sat\" and where it stands. Layer by layer it takes in what its"
                        + " heads look at, and after some layers a straight cut through the vectors tells whether the"
                        + " cat sat or the dog. The other animal stands nearer to the verb, so to know the subject is"
                        + " more than to know the neighbour.");
    }

    /// @param subjects by sentence, the number of the animal
    /// @param others the animal that stands between
    private record Sentences(List<Occurrence> verbs, int[] subjects, int[] others) {
        static Sentences all() {
            List<Occurrence> verbs = new ArrayList<>();
            List<Integer> subjects = new ArrayList<>();
            List<Integer> others = new ArrayList<>();
            for (int a = 0; a < ANIMALS.size(); a++) {
                for (int b = 0; b < ANIMALS.size(); b++) {
                    for (String verb : a == b ? List.<String>of() : VERBS) {
                        String before = "The " + ANIMALS.get(a) + " " + BETWEEN.get((a + b) % BETWEEN.size()) + " the "
                                + ANIMALS.get(b) + " ";
                        verbs.add(new Occurrence(
                                before + verb + " on the floor.", before.length(), before.length() + verb.length()));
                        subjects.add(a);
                        others.add(b);
                    }
                }
            }
            return new Sentences(verbs, numbers(subjects), numbers(others));
        }

        private static int[] numbers(List<Integer> list) {
            return list.stream().mapToInt(Integer::intValue).toArray();
        }

        /// Whether the pair of animals of each sentence is held out, in both orders: those that stand half of a
        /// circle of all animals apart, and those of another distance. So each animal is the subject equally
        /// often, and whoever always tells the same is right by chance alone.
        boolean[] heldOut(long seed) {
            int n = ANIMALS.size();
            int other = new SplittableRandom(seed).nextInt(1, n / 2);
            boolean[] held = new boolean[subjects.length];
            for (int i = 0; i < held.length; i++) {
                int steps = Math.floorMod(subjects[i] - others[i], n);
                int distance = Math.min(steps, n - steps);
                held[i] = distance == n / 2 || distance == other;
            }
            return held;
        }
    }

    @Override
    public Finding measure(Trial trial) {
        boolean isQuick = trial.effort() == Effort.QUICK;
        long[] seeds = isQuick ? new long[] {1} : trial.seeds();
        Sentences sentences = Sentences.all();
        ModelOptions options =
                ModelOptions.defaults().withKernels(trial.kernels()).withWorkers(trial.workers());
        Table.Builder table = Table.of("probe", "weights", "seed", "layer", "subject right", "the other animal told");
        List<double[]> trained = new ArrayList<>();
        List<double[]> random = new ArrayList<>();
        try (Model model = Models.open(isQuick ? quick : full, options)) {
            ContextVectors learned = ContextVectors.of(model, sentences.verbs, _ -> {});
            for (long seed : seeds) {
                trial.say("probes of " + model.name() + ", seed " + seed);
                trained.add(probes(learned, sentences, seed, "learned", table));
                try (Model untrained = Models.untrained(model, seed)) {
                    ContextVectors drawn = ContextVectors.of(untrained, sentences.verbs, _ -> {});
                    random.add(probes(drawn, sentences, seed, "random", table));
                }
            }
            Spread first = Spread.of(trained.stream().map(one -> one[0]).toList());
            Spread best = Spread.of(trained.stream().map(Layers::greatest).toList());
            Spread without = Spread.of(random.stream().map(Layers::greatest).toList());
            double chance = 1.0 / ANIMALS.size();
            boolean confirmed = Math.abs(first.median() - chance) <= NOTHING
                    && first.most() - chance <= NOTHING
                    && best.least() >= RIGHT
                    && best.least() - without.most() >= AHEAD;
            return new Finding(
                    confirmed,
                    "Subjects told at the verb by " + model.name() + ": " + percent(first) + " from the embeddings, "
                            + percent(best) + " after the best layer, " + percent(without)
                            + " after the best layer with random weights; chance is "
                            + Math.round(100 * chance) + " %.",
                    List.of(table.table()),
                    List.of(chart(model.name(), trained, random)));
        }
    }

    private static String percent(Spread shares) {
        return shares.shown(share -> String.format(Locale.ROOT, "%.1f %%", 100 * share));
    }

    private static double greatest(double[] values) {
        return Arrays.stream(values).max().orElseThrow();
    }

    /// The share of held-out sentences whose subject is told, by layer.
    private static double[] probes(
            ContextVectors vectors, Sentences sentences, long seed, String weights, Table.Builder table) {
        boolean[] held = sentences.heldOut(seed);
        int[] seen = IntStream.range(0, held.length).filter(i -> !held[i]).toArray();
        int[] unseen = IntStream.range(0, held.length).filter(i -> held[i]).toArray();
        double[] right = new double[vectors.layers() + 1];
        for (int layer = 0; layer < right.length; layer++) {
            float[][] rows = vectors.layer(layer);
            LinearProbe probe = new LinearProbe(
                    Arrays.stream(seen).mapToObj(i -> rows[i]).toArray(float[][]::new),
                    Arrays.stream(seen).map(i -> sentences.subjects[i]).toArray(),
                    ANIMALS.size());
            int[] told = Arrays.stream(unseen).map(i -> probe.classOf(rows[i])).toArray();
            right[layer] = share(told, unseen, sentences.subjects);
            table.row(weights, seed, layer, right[layer], share(told, unseen, sentences.others));
        }
        return right;
    }

    private static double share(int[] told, int[] of, int[] classes) {
        return IntStream.range(0, of.length)
                        .filter(i -> told[i] == classes[of[i]])
                        .count()
                / (double) of.length;
    }

    private static LineChart chart(String model, List<double[]> trained, List<double[]> random) {
        List<LineChart.Line> lines = new ArrayList<>();
        double[] x =
                IntStream.range(0, trained.getFirst().length).asDoubleStream().toArray();
        lines.add(new LineChart.Line("learned weights", x, medians(trained)));
        lines.add(new LineChart.Line("random weights", x, medians(random)));
        double[] chance = new double[x.length];
        Arrays.fill(chance, 1.0 / ANIMALS.size());
        lines.add(new LineChart.Line("chance", x, chance, true));
        return new LineChart(
                "Who sat? Told from the vector of the verb, " + model,
                Axis.linear("layer (0: the embeddings)"),
                Axis.linear("share of unseen pairs"),
                lines);
    }

    private static double[] medians(List<double[]> seeds) {
        return IntStream.range(0, seeds.getFirst().length)
                .mapToDouble(
                        layer -> Spread.of(seeds.stream().map(one -> one[layer]).toList())
                                .median())
                .toArray();
    }
}

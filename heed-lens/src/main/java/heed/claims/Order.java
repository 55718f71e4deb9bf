package heed.claims;

import heed.chart.Axis;
import heed.chart.LineChart;
import heed.claims.SmallEncoder.Plan;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// Self-attention without positions cannot tell "dog bites man" from "man bites dog".
final class Order implements Claim {
    private static final int VOCABULARY = 40;
    private static final int LENGTH = 8;
    private static final double EQUAL = 1e-5;
    private static final double EQUAL_IN_DOUBLE = 1e-12;
    private static final double DIFFERENT = 1e-2;

    @Override
    public String name() {
        return "order";
    }

    @Override
    public String statement() {
        return "Without positional encoding \"dog bites man\" and \"man bites dog\" are the same to self-attention.";
    }

    @Override
    public String rule() {
        return "For random permutations π of random sentences and random encoders: without positions f(πx) = πf(x) and"
                + " equal means within 1e-5 (1e-12 in double precision); with sines and cosines, and with a causal"
                + " mask and no positions, means differ by more than 1e-2. And a classifier of who bites gets at most"
                + " 52 % of unseen pairs right without positions, more than 99 % with them.";
    }

    @Override
    public Lesson lesson() {
        return new Lesson(
                "If every word looks at every other one, how does it know their order?",
                "It does not. Attention treats its input as a set: exchange two words, and their outputs are"
                        + " exchanged and otherwise equal, so their mean is the same. Positions are added to the"
                        + " words for that reason; a causal mask, which shows each word another set, tells the"
                        + " order too.");
    }

    /// The greatest differences over many permutations.
    private record Differences(double rows, double means) {}

    @Override
    public Finding measure(Trial trial) {
        int permutations = trial.effort().choose(50, 1000);
        Table.Builder table = Table.of(
                "differences",
                "positions",
                "mask",
                "precision",
                "seed",
                "permutations",
                "greatest of f(πx) - πf(x)",
                "difference of means");
        boolean equal = true;
        boolean different = true;
        for (long seed : trial.seeds()) {
            for (boolean positions : new boolean[] {false, true}) {
                for (boolean causal : new boolean[] {false, true}) {
                    trial.say("permutations, seed " + seed);
                    Plan plan = Plan.of(VOCABULARY, 2, LENGTH)
                            .withPositions(positions)
                            .withCausal(causal);
                    Differences found = differences(SmallEncoder.fresh(plan, seed), permutations, seed, trial);
                    table.row(
                            positions ? "sines" : "none",
                            causal ? "causal" : "none",
                            "f32",
                            seed,
                            permutations,
                            found.rows,
                            found.means);
                    if (positions || causal) {
                        different &= found.means > DIFFERENT;
                    } else {
                        equal &= found.rows < EQUAL && found.means < EQUAL;
                    }
                }
            }
            DoubleAttention.Worst inDouble = DoubleAttention.worstOfPermutations(LENGTH, permutations, seed);
            table.row("none", "none", "f64", seed, permutations, inDouble.rows(), inDouble.means());
            equal &= inDouble.rows() < EQUAL_IN_DOUBLE && inDouble.means() < EQUAL_IN_DOUBLE;
        }
        Bites bites = bites(trial);
        boolean confirmed = equal && different && bites.without.most() <= 0.52 && bites.with.least() > 0.99;
        return new Finding(
                confirmed,
                "Permuted without positions: " + (equal ? "equal" : "not equal") + " to rounding; with positions or a"
                        + " causal mask: " + (different ? "different" : "not different enough") + ". Who bites: "
                        + percent(bites.without) + " of unseen pairs without positions, " + percent(bites.with)
                        + " with them.",
                List.of(table.table(), bites.table),
                List.of(bites.chart));
    }

    private static String percent(Spread shares) {
        return shares.shown(share -> Math.round(100 * share) + " %");
    }

    /// Over permutations that change the sentence: the greatest difference of rows, and of means the greatest
    /// where they should be equal, the least where not.
    private static Differences differences(SmallEncoder model, int permutations, long seed, Trial trial) {
        Compute compute = trial.compute();
        var random = new Random(seed);
        double rows = 0;
        double leastMean = Double.POSITIVE_INFINITY;
        double mostMean = 0;
        for (int p = 0; p < permutations; p++) {
            List<Integer> words =
                    new ArrayList<>(IntStream.range(0, VOCABULARY).boxed().toList());
            Collections.shuffle(words, random);
            int[] ids = words.stream().limit(LENGTH).mapToInt(Integer::intValue).toArray();
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, LENGTH).boxed().toList());
            Collections.shuffle(order, random);
            int[] permuted = order.stream().mapToInt(i -> ids[i]).toArray();
            if (Arrays.equals(ids, permuted)) {
                continue;
            }
            float[] plain = rows(model, ids, compute);
            float[] turned = rows(model, permuted, compute);
            int d = plain.length / LENGTH;
            double mean = 0;
            for (int c = 0; c < d; c++) {
                double sum = 0;
                for (int i = 0; i < LENGTH; i++) {
                    rows = Math.max(rows, Math.abs(turned[i * d + c] - plain[order.get(i) * d + c]));
                    sum += turned[i * d + c] - plain[i * d + c];
                }
                mean = Math.max(mean, Math.abs(sum / LENGTH));
            }
            leastMean = Math.min(leastMean, mean);
            mostMean = Math.max(mostMean, mean);
        }
        boolean asSet = !model.plan().positions() && !model.plan().causal();
        return new Differences(rows, asSet ? mostMean : leastMean);
    }

    private static float[] rows(SmallEncoder model, int[] ids, Compute compute) {
        Tensor hidden = model.hidden(ids, Sequences.single(ids.length), Pass.unwatched(compute));
        float[] values = hidden.toArray();
        compute.reset();
        return values;
    }

    private record Bites(Spread without, Spread with, Table table, LineChart chart) {}

    /// Which of two animals bites the other. The words of a sentence and of its reverse are the same.
    private static Bites bites(Trial trial) {
        int steps = trial.effort().choose(150, 600);
        Table.Builder table = Table.of("who bites", "positions", "seed", "steps", "accuracy on unseen pairs");
        List<Double> without = new ArrayList<>();
        List<Double> with = new ArrayList<>();
        List<LineChart.Line> lines = new ArrayList<>();
        for (long seed : trial.seeds()) {
            WhoBites.Split split = WhoBites.Split.of(seed);
            for (boolean positions : new boolean[] {false, true}) {
                trial.say("who bites, " + (positions ? "with" : "without") + " positions, seed " + seed);
                SmallEncoder model = SmallEncoder.fresh(WhoBites.plan().withPositions(positions), seed);
                Learning learning = new Learning(trial.compute());
                double[] losses = learning.teach(model, split.seen(), 2e-3, steps, seed);
                double accuracy = learning.accuracy(model, split.unseen());
                (positions ? with : without).add(accuracy);
                table.row(positions ? "sines" : "none", seed, steps, accuracy);
                if (seed == 1) {
                    lines.add(new LineChart.Line(
                            positions ? "with positions" : "without", Learning.numbers(steps), losses));
                }
            }
        }
        return new Bites(
                Spread.of(without),
                Spread.of(with),
                table.table(),
                new LineChart("Who bites? Loss while learning", Axis.linear("step"), Axis.linear("loss"), lines));
    }
}

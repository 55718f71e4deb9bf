package heed.claims;

import heed.chart.Axis;
import heed.chart.LineChart;
import heed.chart.LineChart.Line;
import heed.claims.Learning.Example;
import heed.claims.SmallEncoder.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/// `√d_k` keeps softmax from peaking.
final class Scale implements Claim {
    private static final int KEYS = 64;
    private static final int NARROWEST = 4;
    private static final int WIDEST = 1024;
    private static final int VANISHING = 256;

    /// What scores are multiplied by.
    private enum By {
        NOTHING("1") {
            @Override
            double factor(int dK) {
                return 1;
            }
        },
        ROOT("1/√d_k") {
            @Override
            double factor(int dK) {
                return 1 / Math.sqrt(dK);
            }
        },
        WIDTH("1/d_k") {
            @Override
            double factor(int dK) {
                return 1.0 / dK;
            }
        };

        private final String shown;

        By(String shown) {
            this.shown = shown;
        }

        abstract double factor(int dK);
    }

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public String statement() {
        return "Dividing scores by √d_k keeps softmax from peaking, where it would have no gradient.";
    }

    @Override
    public String rule() {
        return "For random queries and 64 random keys: with 1/√d_k the mean entropy at d_k = 1,024 is within 5 % of that"
                + " at d_k = 4; with no scale the mean greatest weight at 1,024 is above 0.9, and the norm of"
                + " softmax's Jacobian is below that with 1/√d_k from 256 on and less than half of it at 1,024; with"
                + " 1/d_k the weights at 1,024 are even (entropy above 0.99 of the greatest). And one head of width 256 learns who bites to a"
                + " lower loss with 1/√d_k than without in at least 4 of 5 seeds.";
    }

    @Override
    public Lesson lesson() {
        return new Lesson(
                "Why √d_k, and not d_k or nothing?",
                "A dot product of d_k independent terms of variance 1 has variance d_k, so scores grow like √d_k: dividing"
                        + " by it keeps their spread at 1 whatever the width. Without it softmax picks one key from"
                        + " the start and its gradient dies; with 1/d_k all keys weigh the same and nothing is"
                        + " picked. The width is that of one head.");
    }

    /// Means over queries.
    private record Softmax(double entropy, double greatest, double jacobian) {}

    @Override
    public Finding measure(Trial trial) {
        int queries = trial.effort().choose(100, 2000);
        Table.Builder table = Table.of(
                "softmax", "d_k", "scale", "seed", "entropy / ln 64", "greatest weight", "norm of the Jacobian");
        Curve plain = curve(By.NOTHING, queries, table, trial);
        Curve rooted = curve(By.ROOT, queries, table, trial);
        Curve divided = curve(By.WIDTH, queries, table, trial);
        List<Curve> curves = List.of(plain, rooted, divided);
        Training training = training(trial);
        boolean steady = Math.abs(rooted.at(WIDEST).entropy / rooted.at(NARROWEST).entropy - 1) < 0.05;
        boolean peaked = plain.at(WIDEST).greatest > 0.9;
        boolean vanished = plain.at(WIDEST).jacobian < rooted.at(WIDEST).jacobian / 2
                && plain.widths.stream()
                        .filter(width -> width >= VANISHING)
                        .allMatch(width -> plain.at(width).jacobian < rooted.at(width).jacobian);
        boolean even = divided.at(WIDEST).entropy > 0.99;
        boolean learned = training.better * 5 >= training.seeds * 4;
        return new Finding(
                steady && peaked && vanished && even && learned,
                "Greatest of 64 weights at d_k = 1,024: " + Table.shown(plain.at(WIDEST).greatest)
                        + " without a scale, "
                        + Table.shown(rooted.at(WIDEST).greatest) + " with 1/√d_k, "
                        + Table.shown(divided.at(WIDEST).greatest) + " with 1/d_k. Jacobian there: "
                        + Table.shown(plain.at(WIDEST).jacobian) + " beside "
                        + Table.shown(rooted.at(WIDEST).jacobian) + ". Learned to a lower loss with 1/√d_k: "
                        + training.better + " of " + training.seeds + " seeds.",
                List.of(table.table(), training.table),
                List.of(
                        chart("The greatest of 64 weights", curves, Softmax::greatest),
                        chart("The norm of softmax's Jacobian", curves, Softmax::jacobian),
                        training.chart));
    }

    /// What softmax does as heads grow wider.
    private record Curve(By by, List<Integer> widths, List<Softmax> values) {
        Softmax at(int width) {
            return values.get(widths.indexOf(width));
        }
    }

    private static Curve curve(By by, int queries, Table.Builder table, Trial trial) {
        trial.say("softmax of scores times " + by.shown);
        Curve curve = new Curve(by, new ArrayList<>(), new ArrayList<>());
        for (int dK = NARROWEST; dK <= WIDEST; dK *= 2) {
            List<Softmax> seeds = new ArrayList<>();
            for (long seed : trial.seeds()) {
                Softmax one = softmax(dK, by.factor(dK), queries, new SplittableRandom(seed * 7919 + dK));
                table.row(dK, by.shown, seed, one.entropy, one.greatest, one.jacobian);
                seeds.add(one);
            }
            curve.widths.add(dK);
            curve.values.add(median(seeds));
        }
        return curve;
    }

    private static Softmax median(List<Softmax> seeds) {
        return new Softmax(
                Spread.of(seeds.stream().map(Softmax::entropy).toList()).median(),
                Spread.of(seeds.stream().map(Softmax::greatest).toList()).median(),
                Spread.of(seeds.stream().map(Softmax::jacobian).toList()).median());
    }

    private static Softmax softmax(int dK, double factor, int queries, SplittableRandom random) {
        double entropy = 0;
        double greatest = 0;
        double jacobian = 0;
        double[][] keys = new double[KEYS][];
        for (int j = 0; j < KEYS; j++) {
            keys[j] = gaussian(dK, random);
        }
        for (int i = 0; i < queries; i++) {
            double[] weights = weights(gaussian(dK, random), keys, factor);
            double squares = 0;
            double cubes = 0;
            double most = 0;
            for (double p : weights) {
                entropy -= p > 0 ? p * Math.log(p) : 0;
                most = Math.max(most, p);
                squares += p * p;
                cubes += p * p * p;
            }
            greatest += most;
            // ‖diag(p) - p pᵀ‖² = Σ p² - 2 Σ p³ + (Σ p²)²
            jacobian += Math.sqrt(Math.max(0, squares - 2 * cubes + squares * squares));
        }
        return new Softmax(entropy / queries / Math.log(KEYS), greatest / queries, jacobian / queries);
    }

    private static double[] gaussian(int n, SplittableRandom random) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextGaussian();
        }
        return values;
    }

    private static double[] weights(double[] query, double[][] keys, double factor) {
        double[] scores = new double[keys.length];
        double most = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < keys.length; j++) {
            for (int c = 0; c < query.length; c++) {
                scores[j] += query[c] * keys[j][c];
            }
            scores[j] *= factor;
            most = Math.max(most, scores[j]);
        }
        double sum = 0;
        for (int j = 0; j < keys.length; j++) {
            scores[j] = Math.exp(scores[j] - most);
            sum += scores[j];
        }
        for (int j = 0; j < keys.length; j++) {
            scores[j] /= sum;
        }
        return scores;
    }

    private static LineChart chart(String title, List<Curve> curves, ToDoubleFunction<Softmax> measure) {
        List<Line> lines = curves.stream()
                .map(curve -> new Line(
                        "times " + curve.by.shown,
                        curve.widths.stream().mapToDouble(Integer::doubleValue).toArray(),
                        curve.values.stream().mapToDouble(measure).toArray()))
                .toList();
        return new LineChart(title, Axis.logarithmic("d_k"), Axis.linear("mean over queries"), lines);
    }

    private record Training(int better, int seeds, Table table, LineChart chart) {}

    private static Training training(Trial trial) {
        int seeds = trial.effort().choose(1, 5);
        int steps = trial.effort().choose(60, 300);
        Table.Builder table = Table.of("training", "scale", "seed", "steps", "mean loss of the last tenth");
        List<Line> lines = new ArrayList<>();
        int better = 0;
        List<Example> examples = WhoBites.all();
        for (long seed : LongStream.rangeClosed(1, seeds).toArray()) {
            double[] ends = new double[2];
            for (By by : List.of(By.NOTHING, By.ROOT)) {
                trial.say("learning with scores times " + by.shown + ", seed " + seed);
                Plan plan = WhoBites.plan().withHeads(1, VANISHING).withScale((float) by.factor(VANISHING));
                double[] losses = new Learning(trial.compute())
                        .teach(SmallEncoder.fresh(plan, seed), examples, 5e-4, steps, seed);
                double end = Arrays.stream(losses, steps - steps / 10, steps)
                        .average()
                        .orElseThrow();
                ends[by == By.ROOT ? 1 : 0] = end;
                table.row(by.shown, seed, steps, end);
                if (seed == 1) {
                    lines.add(new Line("times " + by.shown, Learning.numbers(steps), losses));
                }
            }
            better += ends[1] < ends[0] ? 1 : 0;
        }
        return new Training(
                better,
                seeds,
                table.table(),
                new LineChart("Learning with one head of width 256", Axis.linear("step"), Axis.linear("loss"), lines));
    }
}

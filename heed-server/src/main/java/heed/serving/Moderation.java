package heed.serving;

import heed.chart.Axis;
import heed.chart.LineChart;
import heed.chart.LineChart.Line;
import heed.claims.Claim;
import heed.claims.Claims;
import heed.claims.Effort;
import heed.claims.Finding;
import heed.claims.Lesson;
import heed.claims.Sentence;
import heed.claims.Table;
import heed.claims.Trial;
import heed.kernel.WeightType;
import heed.model.Model;
import heed.model.ModelOptions;
import heed.model.Models;
import heed.text.Encoding;
import heed.timing.OpenLoad;
import heed.timing.OtherLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Comments judged as they come, through the serving core in this process: tokeniser, gate, batches, model.
///
/// What is measured is the encoder of MiniLM, which nearly all of a classifier's time goes to: a head for a few
/// labels multiplies some hundred numbers where the encoder multiplies ten million for each token.
///
/// @param source of the sentences that comments are made of
/// @param opener opens the model with weights of a type
public record Moderation(Function<Trial, List<Sentence>> source, BiFunction<WeightType, Trial, Model> opener)
        implements Claim {
    private static final int WORDS = 100; // of a comment
    private static final int COMMENTS = 500;
    private static final double LIMIT = 0.05; // seconds for 99 of 100
    private static final double HALF = 0.5;
    private static final double BUSY = 0.05; // what other programs may take of the processors
    private static final double PER_MINUTE = 1e6;
    private static final List<Double> SHARES = List.of(0.25, 0.5, 0.65, 0.8, 0.9); // of what the machine can do

    public Moderation() {
        this(
                Sentence::load,
                (type, trial) -> Models.open(
                        "minilm",
                        ModelOptions.defaults()
                                .withWeightType(type)
                                .withKernels(trial.kernels())
                                .withWorkers(trial.workers())));
    }

    /// What lectures claim, and this.
    public static Claims withLectures() {
        return Claims.ofLectures().and(new Moderation());
    }

    @Override
    public String name() {
        return "moderation";
    }

    @Override
    public String statement() {
        return "A Transformer judges comments in real time, at a cost that can be reckoned up to millions a minute.";
    }

    @Override
    public String rule() {
        return "Comments of about 100 words come at a constant rate, whether those before are answered or not, and pass"
                + " through the serving core in this process (tokeniser, gate, batches, MiniLM with float32 or int8"
                + " weights). With one kind of weights 99 of 100 are answered within 50 ms of when they came, and none is"
                + " lost, at a rate of at least half of what the machine does when it is asked without pause. No time"
                + " counts that was taken while other programs had more than 5 % of the processors.";
    }

    @Override
    public Lesson lesson() {
        return new Lesson(
                "Can a Transformer keep up with what people write?",
                "A comment of a hundred words is a few thousand million multiplications, which a processor core does in"
                        + " some tens of milliseconds, and comments do not depend on each other, so cores add up. What"
                        + " decides is not the mean but the wait: comments come whether the ones before are done or"
                        + " not, and close to what a machine can do queues grow without end. So reckon with the rate"
                        + " at which 99 of 100 are answered in time, not with the greatest.");
    }

    /// One rate that was tried.
    private record Point(double rate, double median, double p99, int failed, double others) {
        boolean inTime() {
            return failed == 0 && p99 <= LIMIT;
        }

        double[] numbers() {
            return new double[] {rate, median, p99, failed, Double.isNaN(others) ? -1 : others};
        }

        static Point of(double[] numbers) {
            return new Point(numbers[0], numbers[1], numbers[2], (int) numbers[3], numbers[4]);
        }
    }

    /// What one kind of weights can do.
    ///
    /// @param capacity comments a second when the machine is asked without pause
    private record Weights(WeightType type, double capacity, List<Point> points) {
        /// The highest rate at which comments were answered in time; 0 for none.
        double sustained() {
            return points.stream()
                    .filter(Point::inTime)
                    .mapToDouble(Point::rate)
                    .max()
                    .orElse(0);
        }

        double others() {
            return points.stream().mapToDouble(Point::others).max().orElse(0);
        }
    }

    @Override
    public Finding measure(Trial trial) {
        List<String> comments = comments(source.apply(trial));
        List<Weights> all = new ArrayList<>();
        for (WeightType type :
                trial.effort() == Effort.QUICK ? List.of(WeightType.F32) : List.of(WeightType.F32, WeightType.INT8)) {
            try (Model model = opener.apply(type, trial)) {
                all.add(measure(type, model, comments, trial));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the measurement was interrupted", e);
            }
        }
        return finding(all);
    }

    /// Comments of about so many words, of sentences drawn at random.
    private static List<String> comments(List<Sentence> sentences) {
        SplittableRandom random = new SplittableRandom(1);
        List<String> comments = new ArrayList<>();
        for (int i = 0; i < COMMENTS; i++) {
            List<String> parts = new ArrayList<>();
            for (int words = 0; words < WORDS; ) {
                String sentence =
                        sentences.get(random.nextInt(sentences.size())).text();
                parts.add(sentence);
                words += sentence.split("\\s+").length;
            }
            comments.add(String.join(" ", parts));
        }
        return comments;
    }

    private static Weights measure(WeightType type, Model model, List<String> comments, Trial trial)
            throws InterruptedException {
        double lasting = trial.effort() == Effort.QUICK ? 0.2 : 12; // seconds for each rate
        try (Serving serving = new Serving(
                ServingSettings.defaults(),
                List.of(model.name()),
                System::nanoTime,
                trial.kernels().name())) {
            serving.opened(model.name(), model);
            ServedModel served = serving.model(model.name(), Ability.EMBED);
            Asking judge = number -> {
                String comment = comments.get(number % comments.size());
                List<int[]> ids = served.encode(List.of(comment), true).stream()
                        .map(Encoding::ids)
                        .toList();
                served.embed(ids, true, Deadline.in(Duration.ofSeconds(30), System::nanoTime));
            };
            double capacity = trial.notebook()
                    .cell(type + " without pause", () -> {
                        trial.say(type + " weights, asked without pause");
                        withoutPause(judge, lasting / 3); // until the compiler has had its say
                        return new double[] {withoutPause(judge, lasting)};
                    })[0];
            List<Point> points = new ArrayList<>();
            for (double share : SHARES) {
                points.add(Point.of(trial.notebook().cell("%s at %.2f".formatted(type, share), () -> {
                    trial.say("%s weights, %.1f comments a second".formatted(type, share * capacity));
                    return point(judge, share * capacity, lasting).numbers();
                })));
            }
            return new Weights(type, capacity, points);
        }
    }

    /// What is asked of the serving core.
    @FunctionalInterface
    private interface Asking {
        /// @param number of the comment, from 0
        void ask(int number) throws InterruptedException;
    }

    /// Comments a second when eight askers ask again as soon as they are answered.
    private static double withoutPause(Asking judge, double seconds) {
        AtomicInteger answered = new AtomicInteger();
        long start = System.nanoTime();
        long end = start + Math.round(seconds * 1e9);
        try (ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int asker = 0; asker < 8; asker++) {
                int first = asker;
                askers.execute(() -> {
                    try {
                        int i = first;
                        do { // at least once, however slow the machine is
                            judge.ask(i);
                            answered.incrementAndGet();
                            i += 8;
                        } while (System.nanoTime() < end);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
        }
        return answered.get() / ((System.nanoTime() - start) / 1e9);
    }

    private static Point point(Asking judge, double rate, double seconds) {
        OtherLoad others = OtherLoad.start();
        try {
            OpenLoad.Result answers = OpenLoad.run(rate, (int) Math.max(1, rate * seconds), number -> {
                judge.ask(number);
                return 200;
            });
            return new Point(rate, answers.percentile(50), answers.percentile(99), answers.failed(), others.share());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the measurement was interrupted", e);
        }
    }

    private static Finding finding(List<Weights> all) {
        int processors = Runtime.getRuntime().availableProcessors();
        double others = all.stream().mapToDouble(Weights::others).max().orElse(0);
        boolean busy = others > BUSY;
        List<List<Object>> rows = new ArrayList<>();
        List<List<Object>> sums = new ArrayList<>();
        List<Line> lines = new ArrayList<>();
        for (Weights weights : all) {
            for (Point point : weights.points) {
                rows.add(List.of(
                        weights.type.toString(),
                        point.rate,
                        point.rate / weights.capacity,
                        busy ? (Object) "busy" : 1e3 * point.median,
                        busy ? (Object) "busy" : 1e3 * point.p99,
                        point.failed));
            }
            double perCore = weights.sustained() / processors;
            sums.add(List.of(
                    weights.type.toString(),
                    busy ? (Object) "busy" : weights.capacity,
                    busy ? (Object) "busy" : weights.sustained(),
                    busy ? (Object) "busy" : perCore,
                    busy || perCore == 0 ? (Object) "" : Math.ceil(PER_MINUTE / 60 / perCore)));
            if (!busy) {
                lines.add(line(weights));
            }
        }
        if (!busy && !lines.isEmpty()) {
            double[] rates = lines.getFirst().x();
            double[] limit = new double[rates.length];
            Arrays.fill(limit, 1e3 * LIMIT);
            lines.add(new Line("50 ms", rates, limit, true));
        }
        boolean confirmed = !busy
                && all.stream()
                        .anyMatch(weights -> weights.sustained() >= HALF * weights.capacity && weights.sustained() > 0);
        return new Finding(
                confirmed,
                busy ? disturbed(others) : summary(all, processors),
                List.of(
                        new Table(
                                "rates",
                                List.of(
                                        "weights",
                                        "comments a second",
                                        "of what it can do",
                                        "median ms",
                                        "p99 ms",
                                        "lost"),
                                rows),
                        new Table(
                                "reckoning",
                                List.of(
                                        "weights",
                                        "comments a second without pause",
                                        "in time",
                                        "in time for each core",
                                        "cores for a million a minute"),
                                sums)),
                List.of(new LineChart(
                        "99 of 100 comments are answered within",
                        Axis.linear("comments a second"),
                        Axis.logarithmic("milliseconds"),
                        lines)));
    }

    private static Line line(Weights weights) {
        List<Point> answered = weights.points.stream()
                .filter(point -> !Double.isNaN(point.p99))
                .toList();
        return new Line(
                weights.type.toString(),
                answered.stream().mapToDouble(Point::rate).toArray(),
                answered.stream().mapToDouble(point -> 1e3 * point.p99).toArray());
    }

    private static String disturbed(double others) {
        return "No times: other programs took %.0f %% of the processors; run it again when the machine is free."
                .formatted(100 * others);
    }

    private static String summary(List<Weights> all, int processors) {
        List<String> parts = new ArrayList<>();
        for (Weights weights : all) {
            double perCore = weights.sustained() / processors;
            parts.add(
                    perCore == 0
                            ? "With %s weights no rate is answered in time.".formatted(weights.type)
                            : "With %s weights %.0f comments a second are answered in time, %.1f for each core: a million a minute takes %,.0f cores."
                                    .formatted(
                                            weights.type,
                                            weights.sustained(),
                                            perCore,
                                            Math.ceil(PER_MINUTE / 60 / perCore)));
        }
        return String.join(" ", parts);
    }
}

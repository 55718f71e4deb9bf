package heed.claims;

import heed.chart.Axis;
import heed.chart.LineChart;
import heed.chart.LineChart.Line;
import heed.claims.Learning.Example;
import heed.claims.Regression.Sheet;
import heed.claims.SmallEncoder.Plan;
import heed.model.Model;
import heed.model.ModelOptions;
import heed.model.Models;
import heed.task.Embedder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A model that has read much text needs few labels.
///
/// @param source of the sentences
/// @param reader gives texts the vectors that a pretrained model has for them
record Transfer(Function<Trial, List<Sentence>> source, BiFunction<List<String>, Trial, List<float[]>> reader)
        implements Claim {
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}']+");
    private static final int MANY = 256; // labels from which words must be in two texts to count
    private static final int LONGEST = 64; // words of a text that the encoder from nothing reads
    private static final double MORE = 0.05;
    private static final int SAVED = 4;
    private static final List<Double> RATES = List.of(5e-4, 2e-3);

    Transfer() {
        this(Sentence::load, Transfer::read);
    }

    private static List<float[]> read(List<String> texts, Trial trial) {
        trial.say("reading " + texts.size() + " sentences with minilm");
        try (Model model = Models.open(
                "minilm", ModelOptions.defaults().withKernels(trial.kernels()).withWorkers(trial.workers()))) {
            return new Embedder(model).embed(texts);
        }
    }

    @Override
    public String name() {
        return "transfer";
    }

    @Override
    public String statement() {
        return "A model that was pretrained on much text needs far fewer labels than one that begins with nothing.";
    }

    @Override
    public String rule() {
        return "Sentences of reviews, pleased or not, a third held out; 16, 64, 256, 1,024 and all others with labels. In"
                + " the median of 3 seeds, logistic regression on the vectors of MiniLM, which was never told what a"
                + " review is, has at least 5 points more right than on words with 16, 64 and 256 labels; and with 64"
                + " labels it has more right than words with 256.";
    }

    @Override
    public Lesson lesson() {
        return new Lesson(
                "Why pretrain a model on texts that have nothing to do with my task?",
                "Because most of what a task needs is language, not the task: that \"dreadful\" and \"a waste of money\""
                        + " are near each other can be learned from any text. What is left to learn from labels is a"
                        + " direction in a space that is already in order, and a few dozen show it. With thousands of"
                        + " labels words alone catch up, and sometimes overtake.");
    }

    /// How sentences are told apart.
    private enum Method {
        PRETRAINED("MiniLM's vectors"),
        WORDS("words"),
        NOTHING("an encoder from nothing");

        private final String shown;

        Method(String shown) {
            this.shown = shown;
        }
    }

    /// The sentences of one seed: those that are held out, and those with labels in an order in which both
    /// kinds take turns.
    @SuppressWarnings("ArrayRecordComponent") // rows, never compared
    private record Split(int[] labelled, int[] test) {
        static Split of(List<Sentence> sentences, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            List<List<Integer>> kinds = List.of(new ArrayList<>(), new ArrayList<>());
            int[] order = random.ints(0, sentences.size())
                    .distinct()
                    .limit(sentences.size())
                    .toArray();
            int held = sentences.size() / 3;
            for (int i = held; i < order.length; i++) {
                kinds.get(sentences.get(order[i]).pleased() ? 1 : 0).add(order[i]);
            }
            int each = Math.min(kinds.getFirst().size(), kinds.getLast().size());
            int[] labelled = IntStream.range(0, 2 * each)
                    .map(i -> kinds.get(i % 2).get(i / 2))
                    .toArray();
            return new Split(labelled, Arrays.copyOf(order, held));
        }
    }

    @Override
    public Finding measure(Trial trial) {
        List<Sentence> sentences = source.apply(trial);
        Work work = new Work(sentences, trial);
        int most = Arrays.stream(trial.seeds())
                .mapToInt(seed -> Split.of(sentences, seed).labelled.length)
                .min()
                .orElseThrow();
        int[] counts = trial.effort() == Effort.QUICK
                ? new int[] {16, 32}
                : IntStream.concat(IntStream.of(16, 64, 256, 1024).filter(n -> n < most), IntStream.of(most))
                        .toArray();
        Table.Builder table = Table.of("accuracy", "method", "labels", "seed", "right");
        Map<Method, List<Spread>> curves = new LinkedHashMap<>();
        for (Method method : Method.values()) {
            List<Spread> curve = new ArrayList<>();
            for (int count : counts) {
                List<Double> shares = new ArrayList<>();
                for (long seed : trial.seeds()) {
                    double right = trial.cell("%s, %d labels, seed %d".formatted(method.shown, count, seed), () ->
                            new double[] {work.accuracy(method, count, seed)})[0];
                    shares.add(right);
                    table.row(method.shown, count, seed, right);
                }
                curve.add(Spread.of(shares));
            }
            curves.put(method, curve);
        }
        return finding(counts, curves, table.table());
    }

    private static Finding finding(int[] counts, Map<Method, List<Spread>> curves, Table table) {
        List<Spread> pretrained = curves.getOrDefault(Method.PRETRAINED, List.of());
        List<Spread> words = curves.getOrDefault(Method.WORDS, List.of());
        boolean better = true;
        boolean saves = true;
        for (int i = 0; i < counts.length && counts[i] <= MANY; i++) {
            better &= pretrained.get(i).median() - words.get(i).median() >= MORE;
            if (counts[i] * SAVED == MANY) {
                saves = pretrained.get(i).median() > words.get(i + 1).median();
            }
        }
        List<Line> lines = new ArrayList<>();
        double[] x = Arrays.stream(counts).asDoubleStream().toArray();
        curves.forEach((method, curve) -> lines.add(new Line(
                method.shown, x, curve.stream().mapToDouble(Spread::median).toArray())));
        double[] chance = new double[x.length];
        Arrays.fill(chance, 0.5);
        lines.add(new Line("chance", x, chance, true));
        Table.Builder medians = Table.of("median of the seeds", "labels", "MiniLM's vectors", "words", "from nothing");
        for (int i = 0; i < counts.length; i++) {
            medians.row(
                    counts[i],
                    Comparison.percent(pretrained.get(i)),
                    Comparison.percent(words.get(i)),
                    Comparison.percent(
                            curves.getOrDefault(Method.NOTHING, List.of()).get(i)));
        }
        int second = Math.min(1, counts.length - 1);
        return new Finding(
                better && saves,
                "With %d labels MiniLM's vectors have %s of unseen sentences right, words %s; with %,d labels %s and %s."
                        .formatted(
                                counts[second],
                                Comparison.percent(pretrained.get(second)),
                                Comparison.percent(words.get(second)),
                                counts[counts.length - 1],
                                Comparison.percent(pretrained.getLast()),
                                Comparison.percent(words.getLast())),
                List.of(medians.table(), table),
                List.of(new LineChart(
                        "Reviews told apart", Axis.logarithmic("labels"), Axis.linear("share that is right"), lines)));
    }

    /// What the methods share.
    private final class Work {
        private final List<Sentence> sentences;
        private final Trial trial;
        private @Nullable List<float[]> vectors;

        Work(List<Sentence> sentences, Trial trial) {
            this.sentences = sentences;
            this.trial = trial;
        }

        /// Vectors of all sentences; read when first wanted.
        private List<float[]> vectors() {
            List<float[]> read = vectors;
            if (read == null) {
                read = reader.apply(sentences.stream().map(Sentence::text).toList(), trial);
                vectors = read;
            }
            return read;
        }

        double accuracy(Method method, int count, long seed) {
            Split split = Split.of(sentences, seed);
            int[] labelled = Arrays.copyOf(split.labelled, count);
            Function<Integer, float[]> features = switch (method) {
                case PRETRAINED -> row -> evenly(vectors().get(row));
                case WORDS -> new Words(labelled)::weights;
                case NOTHING -> row -> new float[0];
            };
            return method == Method.NOTHING
                    ? fromNothing(labelled, split.test, seed)
                    : new Regression(trial.compute()).accuracy(sheet(labelled, features), sheet(split.test, features));
        }

        private Sheet sheet(int[] rows, Function<Integer, float[]> features) {
            return new Sheet(Arrays.stream(rows).mapToObj(features::apply).toArray(float[][]::new), classes(rows));
        }

        private int[] classes(int[] rows) {
            return Arrays.stream(rows)
                    .map(row -> sentences.get(row).pleased() ? 1 : 0)
                    .toArray();
        }

        /// The words that labelled texts have, each with how rare it is: a text is the vector of its words' `(1
        /// + log count) · log(n / texts)`, of length 1 (Salton and Buckley 1988).
        private final class Words {
            private final Map<String, Integer> numbers = new LinkedHashMap<>();
            private final List<Double> rarity = new ArrayList<>();

            Words(int[] labelled) {
                Map<String, Integer> texts = new LinkedHashMap<>();
                for (int row : labelled) {
                    words(row).stream().distinct().forEach(word -> texts.merge(word, 1, Integer::sum));
                }
                int least = labelled.length >= MANY ? 2 : 1;
                texts.forEach((word, count) -> {
                    if (count >= least) {
                        numbers.put(word, numbers.size());
                        rarity.add(Math.log((labelled.length + 1.0) / count));
                    }
                });
            }

            float[] weights(int row) {
                Map<Integer, Integer> counts = new HashMap<>();
                words(row).stream()
                        .filter(numbers::containsKey)
                        .forEach(word -> counts.merge(numbers.getOrDefault(word, 0), 1, Integer::sum));
                float[] weights = new float[Math.max(1, numbers.size())];
                counts.forEach((word, count) -> weights[word] = (float) ((1 + Math.log(count)) * rarity.get(word)));
                return Embedder.normalized(weights);
            }
        }

        private List<String> words(int row) {
            return Arrays.stream(BETWEEN_WORDS.split(sentences.get(row).text().toLowerCase(Locale.ROOT)))
                    .filter(word -> !word.isEmpty())
                    .toList();
        }

        /// A small encoder that learns everything from the labels; the better of two learning rates on a
        /// quarter of them.
        private double fromNothing(int[] labelled, int[] test, long seed) {
            int cut = labelled.length * 3 / 4;
            int[] seen = Arrays.copyOf(labelled, cut);
            int[] held = Arrays.copyOfRange(labelled, cut, labelled.length);
            double best = RATES.getFirst();
            double most = -1;
            for (double rate : RATES) {
                double right = encoder(seen, held, rate, seed);
                if (right > most) {
                    most = right;
                    best = rate;
                }
            }
            return encoder(labelled, test, best, seed);
        }

        private double encoder(int[] labelled, int[] test, double rate, long seed) {
            Map<String, Integer> numbers = new HashMap<>();
            for (int row : labelled) {
                words(row).forEach(word -> numbers.putIfAbsent(word, numbers.size() + 1)); // 0 for all others
            }
            Learning learning = new Learning(trial.compute());
            SmallEncoder model = SmallEncoder.fresh(Plan.of(numbers.size() + 1, 2, LONGEST), seed);
            learning.teach(
                    model, examples(labelled, numbers), rate, trial.effort().choose(5, 300), seed);
            List<Example> unseen = examples(test, numbers);
            double right = 0;
            for (int from = 0; from < unseen.size(); from += 100) {
                List<Example> some = unseen.subList(from, Math.min(unseen.size(), from + 100));
                right += learning.accuracy(model, some) * some.size();
            }
            return right / unseen.size();
        }

        private List<Example> examples(int[] rows, Map<String, Integer> numbers) {
            return Arrays.stream(rows)
                    .mapToObj(row -> new Example(
                            IntStream.concat(
                                            words(row).stream().mapToInt(word -> numbers.getOrDefault(word, 0)),
                                            IntStream.of(0)) // so that no text is empty
                                    .limit(LONGEST)
                                    .toArray(),
                            sentences.get(row).pleased() ? 1 : 0))
                    .toList();
        }
    }

    /// A vector of length 1 as one whose numbers are about 1, which suits the rate that words are learned at.
    private static float[] evenly(float[] vector) {
        float[] scaled = vector.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= (float) Math.sqrt(scaled.length);
        }
        return scaled;
    }
}

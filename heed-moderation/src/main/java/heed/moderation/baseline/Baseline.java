package heed.moderation.baseline;

import heed.moderation.Calibration;
import heed.moderation.LabelScorer.Score;
import heed.moderation.LabelledComments;
import heed.moderation.LabelledComments.Example;
import heed.moderation.ModerationException;
import heed.moderation.Normalizer;
import heed.moderation.PlainText;
import heed.moderation.Scorer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// A logistic regression for every label, over the features of a text whatever their order. It scores as a
/// model does: the text as it was written and made plain, the higher of both.
public final class Baseline implements Scorer {
    private static final double[] COUNTS = {1, 10, 100, 1000};
    private static final int FOLDS = 4;

    private final Features kind;
    private final Vocabulary vocabulary;
    private final SequencedMap<String, LogisticRegression> regressions;
    private final Map<String, Calibration> calibrations;
    private final boolean normalizes;

    private Baseline(
            Features kind,
            Vocabulary vocabulary,
            SequencedMap<String, LogisticRegression> regressions,
            Map<String, Calibration> calibrations,
            boolean normalizes) {
        this.kind = kind;
        this.vocabulary = vocabulary;
        this.regressions = regressions;
        this.calibrations = Map.copyOf(calibrations);
        this.normalizes = normalizes;
        calibrations.keySet().forEach(label -> {
            if (!regressions.containsKey(label)) {
                throw new ModerationException("a calibration for the label '" + label + "', there are "
                        + String.join(", ", regressions.keySet()));
            }
        });
    }

    /// Learns from comments. How much they count beside the size of the weights is chosen by leaving out a
    /// quarter of them, four times.
    ///
    /// @throws ModerationException when all comments have a label, or too few are there
    public static Baseline learn(LabelledComments comments, Features kind) {
        List<Example> examples = new ArrayList<>(comments.examples());
        Collections.shuffle(examples, new Random(1));
        if (examples.size() < 2 * FOLDS) {
            throw new ModerationException(examples.size() + " comments are too few to learn from");
        }
        List<String> texts = examples.stream().map(Example::text).toList();
        Vocabulary vocabulary = new Vocabulary(kind, texts);
        List<SparseRow> rows = texts.parallelStream().map(vocabulary::row).toList();
        SequencedMap<String, LogisticRegression> regressions = new LinkedHashMap<>();
        TreeSet<String> labels = new TreeSet<>();
        examples.forEach(example -> labels.addAll(example.labels()));
        for (String label : labels) {
            boolean[] positive = new boolean[rows.size()];
            for (int i = 0; i < positive.length; i++) {
                positive[i] = examples.get(i).labels().contains(label);
            }
            if (IntStream.range(0, positive.length).allMatch(i -> positive[i])) {
                throw new ModerationException("all comments have the label '" + label + "'");
            }
            double best = best(rows, positive, vocabulary.size());
            regressions.put(label, LogisticRegression.fit(rows, positive, vocabulary.size(), best));
        }
        if (regressions.isEmpty()) {
            throw new ModerationException("no comment has a label");
        }
        return new Baseline(kind, vocabulary, regressions, Map.of(), true);
    }

    /// How much a comment should count, by the surprise at comments that were left out.
    private static double best(List<SparseRow> rows, boolean[] positive, int width) {
        double[] surprises = Arrays.stream(COUNTS)
                .parallel()
                .map(c -> IntStream.range(0, FOLDS)
                        .mapToDouble(fold -> surprise(rows, positive, width, c, fold))
                        .sum())
                .toArray();
        int best = 0;
        for (int i = 1; i < COUNTS.length; i++) {
            best = surprises[i] < surprises[best] ? i : best;
        }
        return COUNTS[best];
    }

    private static double surprise(List<SparseRow> rows, boolean[] positive, int width, double c, int fold) {
        int[] learned =
                IntStream.range(0, rows.size()).filter(i -> i % FOLDS != fold).toArray();
        int[] left =
                IntStream.range(0, rows.size()).filter(i -> i % FOLDS == fold).toArray();
        return LogisticRegression.fit(some(rows, learned), some(positive, learned), width, c)
                .surprise(some(rows, left), some(positive, left));
    }

    private static List<SparseRow> some(List<SparseRow> rows, int[] which) {
        return Arrays.stream(which).mapToObj(rows::get).toList();
    }

    private static boolean[] some(boolean[] positive, int[] which) {
        boolean[] some = new boolean[which.length];
        for (int i = 0; i < some.length; i++) {
            some[i] = positive[which[i]];
        }
        return some;
    }

    @Override
    public String name() {
        return "logistic regression, " + kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<String> labels() {
        return List.copyOf(regressions.keySet());
    }

    @Override
    public List<SequencedMap<String, Score>> score(List<String> texts) {
        return texts.parallelStream().map(this::score).toList();
    }

    private SequencedMap<String, Score> score(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("the text is empty");
        }
        SequencedMap<String, Score> scores = new LinkedHashMap<>();
        add(scores, text, false, text.length());
        PlainText plain = normalizes ? Normalizer.normalize(text) : null;
        if (plain != null && !plain.text().equals(text) && !plain.text().isBlank()) {
            add(scores, plain.text(), true, text.length());
        }
        return scores;
    }

    private void add(SequencedMap<String, Score> scores, String text, boolean normalized, int end) {
        SparseRow row = vocabulary.row(text);
        regressions.forEach((label, regression) -> {
            double logit = regression.logit(row);
            double probability =
                    calibrations.getOrDefault(label, new Calibration.None()).probability(logit);
            Score score = new Score(probability, logit, normalized, 0, end);
            scores.merge(label, score, (old, one) -> one.probability() > old.probability() ? one : old);
        });
    }

    @Override
    public Baseline withoutNormalizer() {
        return new Baseline(kind, vocabulary, regressions, calibrations, false);
    }

    @Override
    public Baseline calibrated(Map<String, Calibration> others) {
        return new Baseline(kind, vocabulary, regressions, others, normalizes);
    }
}

package heed.moderation;

import heed.moderation.LabelScorer.Score;
import heed.score.Bootstrap;
import heed.score.Ranking;
import heed.score.ScoreException;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How good a moderator is, on comments of which people said what they are.
///
/// @param terms words that name groups of people; comments with one and without the label should not be found
/// more often than others (Dixon et al. 2018)
/// @param bootstrap for the intervals
/// @param mostPerturbed how many of the comments that were found are changed to get past: each is scored sixty
/// times and more
public record Evaluation(List<String> terms, int mostPerturbed, Bootstrap bootstrap) {
    /// More would say little more and take long.
    public static final int USUALLY_PERTURBED = 200;

    private static final List<Double> SEVERITIES = List.of(0.3, 1.0);

    /// One label and the threshold that the policy has for it.
    ///
    /// @param rocAuc with its interval
    /// @param perTerm for each term with enough comments, the share of those without the label that are found
    /// all the same
    /// @param falsePositiveRate of all comments without the label
    /// @param evasion how many of the comments that were found still are, of those changed so
    record Result(
            String label,
            double threshold,
            int comments,
            int positives,
            double rocAuc,
            Bootstrap.@Nullable Interval rocInterval,
            double averagePrecision,
            double precision,
            double recall,
            double falsePositiveRate,
            double calibrationError,
            SequencedMap<String, Term> perTerm,
            List<Evasion> evasion,
            Curve curve) {
        double f1() {
            return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
        }
    }

    /// @param comments with the term and without the label
    record Term(int comments, double falsePositiveRate) {}

    /// @param kept the share of comments that are still found, with the normaliser and without it
    record Evasion(Perturbation perturbation, double severity, int comments, double kept, double keptWithout) {}

    /// @throws ModerationException when no label of the policy is among the comments
    List<Result> of(LabelledComments comments, Scorer scorer, Policy policy) {
        List<SequencedMap<String, Score>> scores = comments.scored(scorer);
        List<Result> results = new ArrayList<>();
        Set<String> labels = new LinkedHashSet<>();
        policy.categories().values().forEach(category -> {
            if (labels.add(category.label())) {
                boolean[] positive = comments.having(category.label());
                long positives = IntStream.range(0, positive.length)
                        .filter(i -> positive[i])
                        .count();
                if (positives > 0 && positives < positive.length) {
                    results.add(
                            result(category.label(), category.usual().review(), comments, scores, positive, scorer));
                }
            }
        });
        if (results.isEmpty()) {
            throw new ModerationException(
                    "of the policy's labels (" + String.join(", ", labels) + ") none is both there and not there");
        }
        return results;
    }

    private Result result(
            String label,
            double threshold,
            LabelledComments comments,
            List<SequencedMap<String, Score>> scores,
            boolean[] positive,
            Scorer scorer) {
        double[] values = LabelledComments.probabilities(scores, label);
        Ranking ranking = new Ranking(values, positive);
        int hits = 0;
        int found = 0;
        int positives = 0;
        for (int i = 0; i < values.length; i++) {
            boolean over = values[i] >= threshold;
            found += over ? 1 : 0;
            hits += over && positive[i] ? 1 : 0;
            positives += positive[i] ? 1 : 0;
        }
        Curve curve = new Curve(values, positive);
        return new Result(
                label,
                threshold,
                values.length,
                positives,
                ranking.rocAuc(),
                interval(ranking),
                ranking.averagePrecision(),
                found == 0 ? 0 : (double) hits / found,
                (double) hits / positives,
                (double) (found - hits) / (values.length - positives),
                curve.calibrationError(),
                perTerm(comments, values, positive, threshold),
                evasion(label, threshold, comments, values, positive, scorer),
                curve);
    }

    private Bootstrap.@Nullable Interval interval(Ranking ranking) {
        try {
            return bootstrap.interval(ranking.rocMeasure());
        } catch (ScoreException e) {
            return null; // too few comments of a kind
        }
    }

    private SequencedMap<String, Term> perTerm(
            LabelledComments comments, double[] values, boolean[] positive, double threshold) {
        SequencedMap<String, Term> perTerm = new LinkedHashMap<>();
        for (String term : terms) {
            int count = 0;
            int found = 0;
            for (int i = 0; i < values.length; i++) {
                if (!positive[i] && contains(comments.examples().get(i).text(), term)) {
                    count++;
                    found += values[i] >= threshold ? 1 : 0;
                }
            }
            if (count > 0) {
                perTerm.put(term, new Term(count, (double) found / count));
            }
        }
        return perTerm;
    }

    /// As a word of its own.
    static boolean contains(String text, String term) {
        String lower = text.toLowerCase(Locale.ROOT);
        String wanted = term.toLowerCase(Locale.ROOT);
        BreakIterator words = BreakIterator.getWordInstance(Locale.ROOT);
        words.setText(lower);
        for (int at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1)) {
            if (words.isBoundary(at) && words.isBoundary(at + wanted.length())) {
                return true;
            }
        }
        return false;
    }

    private List<Evasion> evasion(
            String label,
            double threshold,
            LabelledComments comments,
            double[] values,
            boolean[] positive,
            Scorer scorer) {
        List<String> found = IntStream.range(0, values.length)
                .filter(i -> positive[i] && values[i] >= threshold)
                .limit(mostPerturbed)
                .mapToObj(i -> comments.examples().get(i).text())
                .toList();
        if (found.isEmpty() || mostPerturbed == 0) {
            return List.of();
        }
        List<Evasion> evasion = new ArrayList<>();
        for (Perturbation perturbation : Perturbation.values()) {
            for (double severity : SEVERITIES) {
                List<LabelledComments.Example> changed = found.stream()
                        .map(text -> new LabelledComments.Example(perturbation.applyTo(text, severity, 1), Set.of()))
                        .toList();
                evasion.add(evasion(perturbation, severity, new LabelledComments(changed), scorer, label, threshold));
            }
        }
        return evasion;
    }

    /// What is found as it was written is found with the normaliser, too: only the others are scored again.
    private static Evasion evasion(
            Perturbation perturbation,
            double severity,
            LabelledComments changed,
            Scorer scorer,
            String label,
            double threshold) {
        double[] bare = LabelledComments.probabilities(changed.scored(scorer.withoutNormalizer()), label);
        LabelledComments missed = changed.where(i -> bare[i] < threshold);
        double[] again = LabelledComments.probabilities(missed.scored(scorer), label);
        int kept = changed.size() - missed.size();
        long mended = Arrays.stream(again).filter(value -> value >= threshold).count();
        return new Evasion(
                perturbation,
                severity,
                changed.size(),
                (double) (kept + mended) / changed.size(),
                (double) kept / changed.size());
    }

    /// Evaluates, and writes what came out.
    ///
    /// @return the report: a line of JSON for every label, and a page
    /// @throws ModerationException when no label of the policy is among the comments
    public Report report(LabelledComments comments, Scorer scorer, Policy policy) {
        List<Result> results = of(comments, scorer, policy);
        return new Report(
                results.stream().map(result -> line(scorer.name(), result)).toList(),
                EvaluationPage.html(scorer.name(), policy.version(), results));
    }

    /// @param lines for every label, to be written as JSON
    /// @param html one file with the curves
    public record Report(List<Map<String, Object>> lines, String html) {}

    private static Map<String, Object> line(String system, Result result) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("system", system);
        line.put("label", result.label);
        line.put("comments", result.comments);
        line.put("positives", result.positives);
        line.put("roc_auc", result.rocAuc);
        Bootstrap.Interval interval = result.rocInterval;
        line.put("roc_auc_interval", interval == null ? null : List.of(interval.low(), interval.high()));
        line.put("average_precision", result.averagePrecision);
        line.put("threshold", result.threshold);
        line.put("precision", result.precision);
        line.put("recall", result.recall);
        line.put("f1", result.f1());
        line.put("false_positive_rate", result.falsePositiveRate);
        line.put("calibration_error", result.calibrationError);
        Map<String, Object> terms = new LinkedHashMap<>();
        result.perTerm.forEach((term, one) -> {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("comments", one.comments);
            view.put("false_positive_rate", one.falsePositiveRate);
            terms.put(term, view);
        });
        line.put("terms", terms);
        if (!result.evasion.isEmpty()) {
            line.put("recall_kept", meanKept(result.evasion).get(true));
            line.put("recall_kept_without_normalizer", meanKept(result.evasion).get(false));
        }
        line.put("evasion", result.evasion.stream().map(Evaluation::view).toList());
        return line;
    }

    private static Map<String, Object> view(Evasion evasion) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("perturbation", evasion.perturbation.name().toLowerCase(Locale.ROOT));
        view.put("severity", evasion.severity);
        view.put("comments", evasion.comments);
        view.put("recall_kept", evasion.kept);
        view.put("recall_kept_without_normalizer", evasion.keptWithout);
        return view;
    }

    /// The mean share that is still found, over all perturbations.
    static Map<Boolean, Double> meanKept(List<Evasion> evasion) {
        Map<Boolean, Double> means = new LinkedHashMap<>();
        means.put(true, evasion.stream().mapToDouble(Evasion::kept).average().orElse(0));
        means.put(
                false,
                evasion.stream().mapToDouble(Evasion::keptWithout).average().orElse(0));
        return means;
    }

    static Map<Perturbation, List<Evasion>> byPerturbation(List<Evasion> evasion) {
        Map<Perturbation, List<Evasion>> grouped = new EnumMap<>(Perturbation.class);
        evasion.forEach(one -> grouped.computeIfAbsent(one.perturbation, _ -> new ArrayList<>())
                .add(one));
        return grouped;
    }
}

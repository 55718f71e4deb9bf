package heed.moderation;

import heed.moderation.LabelScorer.Score;
import heed.score.Bootstrap;
import heed.score.Bootstrap.Interval;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Thresholds for what is wanted of them: how sure a block must be, and how much of what is bad should be
/// looked at. Scores are calibrated on one half of the comments and thresholds chosen on the other, so that
/// neither flatters the other.
///
/// @param blockPrecision of a hundred comments blocked, so many hundredths should have the label
/// @param reviewRecall the share of comments with the label that should be reviewed or blocked
public record Tuning(Kind kind, double blockPrecision, double reviewRecall, Bootstrap bootstrap) {
    /// How scores become probabilities.
    public enum Kind {
        NONE,
        TEMPERATURE,
        ISOTONIC
    }

    public Tuning {
        requireShare(blockPrecision, "the precision of a block");
        requireShare(reviewRecall, "the recall of review");
    }

    private static void requireShare(double share, String what) {
        if (!(share > 0 && share <= 1)) {
            throw new ModerationException(what + " is above 0 and at most 1, not " + share);
        }
    }

    /// What came out for one label.
    ///
    /// @param block null where no threshold is as sure as was wanted
    /// @param blockInterval where the precision of blocks lies, of resampled comments
    /// @param reviewed the share of all comments that would be looked at, neither allowed nor blocked
    /// @param errorBefore how far scores are from shares before calibration, and after
    public record Tuned(
            String label,
            Calibration calibration,
            Curve.@Nullable Point block,
            @Nullable Interval blockInterval,
            Curve.Point review,
            double reviewed,
            double errorBefore,
            double errorAfter,
            Curve curve) {}

    /// @throws ModerationException when a half of the comments has a label always or never
    public List<Tuned> of(LabelledComments comments, Scorer scorer) {
        LabelledComments fitted = comments.where(i -> half(comments, i) == 0);
        LabelledComments chosen = comments.where(i -> half(comments, i) == 1);
        List<SequencedMap<String, Score>> fittedScores = fitted.scored(scorer);
        List<SequencedMap<String, Score>> chosenScores = chosen.scored(scorer);
        return scorer.labels().stream()
                .filter(label -> has(comments, label))
                .map(label -> tuned(
                        label,
                        calibration(label, fitted, fittedScores),
                        LabelledComments.logits(chosenScores, label),
                        chosen.having(label)))
                .toList();
    }

    /// By its text alone, so that the same comment is always in the same half.
    private static int half(LabelledComments comments, int i) {
        byte[] text = comments.examples().get(i).text().getBytes(StandardCharsets.UTF_8);
        return Character.digit(AuditLog.digest(text).charAt(0), 16) & 1;
    }

    private static boolean has(LabelledComments comments, String label) {
        return comments.examples().stream().anyMatch(example -> example.labels().contains(label));
    }

    private Calibration calibration(String label, LabelledComments comments, List<SequencedMap<String, Score>> scores) {
        double[] logits = LabelledComments.logits(scores, label);
        boolean[] positive = comments.having(label);
        try {
            return switch (kind) {
                case NONE -> new Calibration.None();
                case TEMPERATURE -> Calibration.temperature(logits, positive);
                case ISOTONIC -> Calibration.isotonic(logits, positive);
            };
        } catch (ModerationException e) {
            throw new ModerationException("label '" + label + "': " + e.getMessage(), e);
        }
    }

    private Tuned tuned(String label, Calibration calibration, double[] logits, boolean[] positive) {
        double[] scores = new double[logits.length];
        double[] before = new double[logits.length];
        int positives = 0;
        for (int i = 0; i < scores.length; i++) {
            scores[i] = calibration.probability(logits[i]);
            before[i] = new Calibration.None().probability(logits[i]);
            positives += positive[i] ? 1 : 0;
        }
        if (positives == 0 || positives == scores.length) {
            throw new ModerationException("of the " + scores.length + " comments to choose on " + positives
                    + " have the label '" + label + "': more comments are needed");
        }
        Curve curve = new Curve(scores, positive);
        Optional<Curve.Point> block = curve.withPrecision(blockPrecision);
        Curve.Point review = curve.withRecall(reviewRecall);
        Curve.Point lower =
                block.filter(point -> point.threshold() < review.threshold()).orElse(review);
        return new Tuned(
                label,
                calibration,
                block.orElse(null),
                block.map(point -> curve.precisionInterval(point.threshold(), bootstrap))
                        .orElse(null),
                lower,
                lower.found() - block.map(Curve.Point::found).orElse(0.0),
                new Curve(before, positive).calibrationError(),
                curve.calibrationError(),
                curve);
    }

    /// The policy that these thresholds are, to be read by people and by [Policy#read].
    ///
    /// @param window tokens that were scored at once; 0 for as many as the model takes
    public static String policy(String version, int window, List<Tuned> labels) {
        StringBuilder yaml = new StringBuilder();
        yaml.append("version: \"").append(version).append("\"\n");
        yaml.append("mode: shadow # says what it would do; enforce does it\n");
        if (window > 0) {
            yaml.append("window: ").append(window).append(" # tokens of a long comment that are scored at once\n");
        }
        yaml.append("categories:\n");
        for (Tuned one : labels) {
            yaml.append("  \"").append(one.label.replace("\"", "\\\"")).append("\":\n");
            yaml.append(String.format(
                    Locale.ROOT,
                    "    review: %s # finds %.1f %%, %.1f %% of all comments to look at%n",
                    threshold(one.review.threshold()),
                    100 * one.review.recall(),
                    100 * one.reviewed));
            Curve.Point block = one.block;
            Interval interval = one.blockInterval;
            if (block != null && interval != null) {
                yaml.append(String.format(
                        Locale.ROOT,
                        "    block: %s # precision %.1f %% (95 %%: %.1f to %.1f), finds %.1f %%%n",
                        threshold(block.threshold()),
                        100 * block.precision(),
                        100 * interval.low(),
                        100 * interval.high(),
                        100 * block.recall()));
            }
        }
        return yaml.toString();
    }

    /// Rounded down, so that the comment it was taken from still reaches it.
    private static String threshold(double value) {
        return String.format(Locale.ROOT, "%.6f", Math.floor(1e6 * value) / 1e6);
    }

    /// The calibrations, by label.
    public static Map<String, Calibration> calibrations(List<Tuned> labels) {
        Map<String, Calibration> calibrations = new LinkedHashMap<>();
        labels.forEach(one -> calibrations.put(one.label, one.calibration));
        return calibrations;
    }
}

package heed.score;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// BLEU: the geometric mean of the precisions of n-grams, times a penalty for brevity (Papineni et al. 2002),
/// with the tokenizers, smoothings and signature of sacreBLEU (Post 2018). From 0 to 100.
///
/// @param lowerCase whether capitals count as small letters
/// @param effectiveOrder whether orders that a hypothesis is too short for are left out: for single sentences
/// @param order the longest n-grams, 4 in the paper
public record Bleu(BleuTokenizer tokenizer, Smoothing smoothing, boolean lowerCase, boolean effectiveOrder, int order)
        implements TextMetric {
    /// Stands in for the logarithm of 0: a precision of 0 makes a score of 0.
    private static final double LOG_OF_ZERO = -9_999_999_999.0;

    public Bleu {
        if (order < 1) {
            throw new ScoreException("BLEU needs n-grams of at least 1 word, got " + order);
        }
    }

    /// As shared tasks of translation score: `13a`, `exp`, capitals as they are, n-grams up to 4.
    public static Bleu standard() {
        return new Bleu(BleuTokenizer.V13A, new Smoothing.Exponential(), false, false, 4);
    }

    public Bleu withTokenizer(BleuTokenizer other) {
        return new Bleu(other, smoothing, lowerCase, effectiveOrder, order);
    }

    public Bleu withSmoothing(Smoothing other) {
        return new Bleu(tokenizer, other, lowerCase, effectiveOrder, order);
    }

    public Bleu withLowerCase(boolean lower) {
        return new Bleu(tokenizer, smoothing, lower, effectiveOrder, order);
    }

    public Bleu withEffectiveOrder(boolean effective) {
        return new Bleu(tokenizer, smoothing, lowerCase, effective, order);
    }

    @Override
    public String name() {
        return "BLEU";
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("case", lowerCase ? "lc" : "mixed");
        settings.put("eff", effectiveOrder ? "yes" : "no");
        settings.put("tok", tokenizer.signature());
        settings.put("smooth", smoothing.signature());
        return settings;
    }

    /// Lengths of hypothesis and of the nearest reference, then matches by order, then n-grams by order.
    @Override
    public double[] counts(String hypothesis, List<String> references) {
        List<String> words = words(hypothesis);
        List<List<String>> others = references.stream().map(this::words).toList();
        double[] counts = new double[2 + 2 * order];
        counts[0] = words.size();
        counts[1] = nearest(words.size(), others);
        for (int n = 1; n <= order; n++) {
            Map<String, Integer> most = NGrams.count(others.getFirst(), n, " ");
            for (List<String> other : others.subList(1, others.size())) {
                NGrams.count(other, n, " ").forEach((gram, count) -> most.merge(gram, count, Math::max));
            }
            counts[1 + n] = NGrams.matches(NGrams.count(words, n, " "), most);
            counts[1 + order + n] = Math.max(0, words.size() - n + 1);
        }
        return counts;
    }

    private List<String> words(String text) {
        return tokenizer.words(NGrams.stripEnd(lowerCase ? text.toLowerCase(Locale.ROOT) : text));
    }

    /// The shorter one of two that are equally near.
    private static int nearest(int length, List<List<String>> references) {
        int nearest = references.getFirst().size();
        for (List<String> reference : references) {
            int distance = Math.abs(reference.size() - length);
            int least = Math.abs(nearest - length);
            if (distance < least || (distance == least && reference.size() < nearest)) {
                nearest = reference.size();
            }
        }
        return nearest;
    }

    @Override
    public double score(double[] sums) {
        return parts(sums).score();
    }

    /// The score and what it is made of.
    ///
    /// @param sums counts of segments that were added up
    public Parts parts(double[] sums) {
        double length = sums[0];
        double reference = sums[1];
        double penalty = length >= reference ? 1 : length == 0 ? 0 : Math.exp(1 - reference / length);
        double[] precisions = new double[order];
        double score = penalty * geometricMean(sums, precisions);
        return new Parts(score, precisions, penalty, (long) length, (long) reference);
    }

    /// @param precisions filled as far as there are n-grams
    private double geometricMean(double[] sums, double[] precisions) {
        boolean anyMatch = false;
        for (int n = 1; n <= order; n++) {
            anyMatch |= sums[1 + n] > 0;
        }
        if (!anyMatch) {
            return 0;
        }
        double halving = 1;
        int orders = order;
        for (int n = 1; n <= order; n++) {
            double more = smoothing instanceof Smoothing.AddK add && n > 1 ? add.k() : 0;
            double matches = sums[1 + n] + more;
            double grams = sums[1 + order + n] + more;
            if (grams == 0) {
                break;
            }
            if (effectiveOrder) {
                orders = n;
            }
            if (matches == 0 && smoothing instanceof Smoothing.Exponential) {
                halving *= 2;
            }
            precisions[n - 1] = 100 * orSmoothed(matches, halving) / grams;
        }
        double sum = 0;
        for (int n = 0; n < orders; n++) {
            sum += precisions[n] == 0 ? LOG_OF_ZERO : Math.log(precisions[n]);
        }
        return Math.exp(sum / orders);
    }

    private double orSmoothed(double matches, double halving) {
        if (matches > 0) {
            return matches;
        }
        return switch (smoothing) {
            case Smoothing.Exponential _ -> 1 / halving;
            case Smoothing.Floor floor -> floor.matches();
            case Smoothing.AddK _, Smoothing.None _ -> 0;
        };
    }

    /// @param precisions by order, in percent
    /// @param penalty for brevity, at most 1
    /// @param length words of all hypotheses
    /// @param referenceLength words of the references that are nearest in length
    @SuppressWarnings("ArrayRecordComponent")
    public record Parts(double score, double[] precisions, double penalty, long length, long referenceLength) {
        /// As sacreBLEU writes it behind a score.
        public String verbose() {
            StringBuilder text = new StringBuilder();
            for (double precision : precisions) {
                text.append(text.isEmpty() ? "" : "/").append(String.format(Locale.ROOT, "%.1f", precision));
            }
            double ratio = referenceLength == 0 ? 0 : (double) length / referenceLength;
            return text
                    + String.format(
                            Locale.ROOT,
                            " (BP = %.3f ratio = %.3f hyp_len = %d ref_len = %d)",
                            penalty,
                            ratio,
                            length,
                            referenceLength);
        }
    }
}

package heed.score;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// ROUGE: how much of a reference a summary has (Lin 2004), as F-score, precision and recall from 0 to 1. A
/// corpus has the mean of its segments; of several references the one with the best F-score counts. Words are
/// not reduced to their stems.
///
/// @param words what counts as a word
public record Rouge(Kind kind, Words words) implements TextMetric {
    /// What must agree.
    public enum Kind {
        /// Words.
        ROUGE_1("ROUGE-1"),
        /// Pairs of neighbouring words.
        ROUGE_2("ROUGE-2"),
        /// The longest common subsequence of words.
        ROUGE_L("ROUGE-L");

        private final String spelling;

        Kind(String spelling) {
            this.spelling = spelling;
        }
    }

    /// What a word is, in lower case.
    public enum Words {
        /// Letters a to z and digits, as in Google's rouge-score: texts in other scripts have no words.
        ASCII("[^a-z0-9]+"),
        /// Letters, marks, digits and joiners of any script.
        UNICODE("[^\\p{L}\\p{M}\\p{N}\\u200C\\u200D]+");

        private final Pattern between;

        Words(String between) {
            this.between = Pattern.compile(between);
        }

        List<String> of(String text) {
            return NGrams.words(between.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" "));
        }
    }

    public static Rouge of(Kind kind) {
        return new Rouge(kind, Words.ASCII);
    }

    @Override
    public String name() {
        return kind.spelling;
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("words", words.name().toLowerCase(Locale.ROOT));
        settings.put("stem", "no");
        return settings;
    }

    /// F-score, precision, recall, and 1 for the segment.
    @Override
    public double[] counts(String hypothesis, List<String> references) {
        List<String> said = words.of(hypothesis);
        double[] best = {-1, 0, 0, 1};
        for (String reference : references) {
            List<String> expected = words.of(reference);
            double[] counts = switch (kind) {
                case ROUGE_1 -> nGrams(said, expected, 1);
                case ROUGE_2 -> nGrams(said, expected, 2);
                case ROUGE_L -> counts(commonLength(said, expected), said.size(), expected.size());
            };
            if (counts[0] > best[0]) {
                best = counts;
            }
        }
        return best;
    }

    private static double[] nGrams(List<String> said, List<String> expected, int n) {
        Map<String, Integer> grams = NGrams.count(said, n, " ");
        Map<String, Integer> others = NGrams.count(expected, n, " ");
        return counts(NGrams.matches(grams, others), NGrams.total(grams), NGrams.total(others));
    }

    private static double[] counts(int matches, int said, int expected) {
        double precision = (double) matches / Math.max(1, said);
        double recall = (double) matches / Math.max(1, expected);
        return new double[] {matches == 0 ? 0 : 2 * precision * recall / (precision + recall), precision, recall, 1};
    }

    /// The length of the longest common subsequence, in memory for two rows of the table.
    private static int commonLength(List<String> a, List<String> b) {
        int[] previous = new int[b.size() + 1];
        int[] current = new int[b.size() + 1];
        for (String word : a) {
            for (int j = 1; j <= b.size(); j++) {
                current[j] = word.equals(b.get(j - 1)) ? previous[j - 1] + 1 : Math.max(previous[j], current[j - 1]);
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[b.size()];
    }

    @Override
    public double score(double[] sums) {
        return sums[0] / sums[3];
    }

    public double precision(double[] sums) {
        return sums[1] / sums[3];
    }

    public double recall(double[] sums) {
        return sums[2] / sums[3];
    }
}

package heed.score;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// ROUGE: how much of a reference a summary has (Lin 2004), as F-score, precision and recall from 0 to 1. A
/// corpus has the mean of its segments; of several references the one with the best F-score counts.
///
/// @param words what counts as a word
/// @param stems whether English words of more than three letters are reduced to their stems (Porter 1980)
public record Rouge(Kind kind, Words words, boolean stems) implements TextMetric {
    /// The longest word that is left as it is.
    private static final int SHORT = 3;

    /// What must agree.
    public enum Kind {
        /// Words.
        ROUGE_1("ROUGE-1"),
        /// Pairs of neighbouring words.
        ROUGE_2("ROUGE-2"),
        /// The longest common subsequence of words, the text as one sentence.
        ROUGE_L("ROUGE-L"),
        /// What the sentences of a summary, a line each, have together of the words of each sentence of the
        /// reference (Lin 2004, §3.2): no word counts more often than it is there.
        ROUGE_LSUM("ROUGE-Lsum");

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
        return new Rouge(kind, Words.ASCII, false);
    }

    @Override
    public String name() {
        return kind.spelling;
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("words", words.name().toLowerCase(Locale.ROOT));
        settings.put("stem", stems ? "porter" : "no");
        return settings;
    }

    /// F-score, precision, recall, and 1 for the segment.
    @Override
    public double[] counts(String hypothesis, List<String> references) {
        double[] best = {-1, 0, 0, 1};
        for (String reference : references) {
            double[] counts = kind == Kind.ROUGE_LSUM
                    ? Subsequences.union(sentences(hypothesis), sentences(reference))
                    : counts(words(hypothesis), words(reference));
            if (counts[0] > best[0]) {
                best = counts;
            }
        }
        return best;
    }

    private double[] counts(List<String> said, List<String> expected) {
        return switch (kind) {
            case ROUGE_1 -> nGrams(said, expected, 1);
            case ROUGE_2 -> nGrams(said, expected, 2);
            case ROUGE_L, ROUGE_LSUM -> counts(Subsequences.common(said, expected), said.size(), expected.size());
        };
    }

    private List<String> words(String text) {
        List<String> found = words.of(text);
        return stems
                ? found.stream()
                        .map(word -> word.length() > SHORT ? PorterStemmer.stem(word) : word)
                        .toList()
                : found;
    }

    private List<List<String>> sentences(String text) {
        return Arrays.stream(text.split("\n"))
                .filter(line -> !line.isEmpty())
                .map(this::words)
                .toList();
    }

    private static double[] nGrams(List<String> said, List<String> expected, int n) {
        Map<String, Integer> grams = NGrams.count(said, n, " ");
        Map<String, Integer> others = NGrams.count(expected, n, " ");
        return counts(NGrams.matches(grams, others), NGrams.total(grams), NGrams.total(others));
    }

    /// F-score, precision, recall, and 1 for the segment.
    static double[] counts(int matches, int said, int expected) {
        double precision = (double) matches / Math.max(1, said);
        double recall = (double) matches / Math.max(1, expected);
        return new double[] {matches == 0 ? 0 : 2 * precision * recall / (precision + recall), precision, recall, 1};
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

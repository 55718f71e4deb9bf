package heed.score;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// chrF: the F-score of n-grams of characters, which suits languages of many word forms (Popović 2015); chrF++
/// with n-grams of words as well (Popović 2017). Precisions and recalls are averaged over the orders that both
/// sides have, as in sacreBLEU since 2.0. From 0 to 100.
///
/// @param characterOrder the longest n-grams of characters, usually 6
/// @param wordOrder the longest n-grams of words: 0 for chrF, 2 for chrF++
/// @param beta how many times as much as precision recall counts, usually 2
/// @param lowerCase whether capitals count as small letters
/// @param whiteSpace whether white space is a character too
public record Chrf(int characterOrder, int wordOrder, int beta, boolean lowerCase, boolean whiteSpace)
        implements TextMetric {
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    public Chrf {
        if (characterOrder < 1 || wordOrder < 0 || beta < 1) {
            throw new ScoreException("chrF needs n-grams of at least 1 character and 0 words, and a beta of at least 1;"
                    + " got " + characterOrder + ", " + wordOrder + " and " + beta);
        }
    }

    /// chrF2.
    public static Chrf standard() {
        return new Chrf(6, 0, 2, false, false);
    }

    /// chrF2++.
    public static Chrf plusPlus() {
        return new Chrf(6, 2, 2, false, false);
    }

    @Override
    public String name() {
        return "chrF" + beta + "+".repeat(Math.min(2, wordOrder));
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("case", lowerCase ? "lc" : "mixed");
        settings.put("eff", "yes");
        settings.put("nc", String.valueOf(characterOrder));
        settings.put("nw", String.valueOf(wordOrder));
        settings.put("space", whiteSpace ? "yes" : "no");
        return settings;
    }

    /// N-grams of the hypothesis, of the reference, and matches, for each order. Of several references the one
    /// counts that gives the segment the best score, the first of equal ones.
    @Override
    public double[] counts(String hypothesis, List<String> references) {
        List<Map<String, Integer>> grams = grams(hypothesis);
        double[] best = {};
        double highest = -1;
        for (String reference : references) {
            List<Map<String, Integer>> others = grams(reference);
            double[] counts = new double[3 * grams.size()];
            for (int i = 0; i < grams.size(); i++) {
                int expected = NGrams.total(others.get(i));
                counts[3 * i] = expected == 0 ? 0 : NGrams.total(grams.get(i));
                counts[3 * i + 1] = expected;
                counts[3 * i + 2] = NGrams.matches(grams.get(i), others.get(i));
            }
            double score = score(counts);
            if (score > highest) {
                highest = score;
                best = counts;
            }
        }
        return best;
    }

    private List<Map<String, Integer>> grams(String given) {
        String text = lowerCase ? given.toLowerCase(Locale.ROOT) : given;
        List<String> characters = NGrams.characters(whiteSpace ? text : String.join("", NGrams.words(text)));
        List<Map<String, Integer>> grams = new ArrayList<>();
        for (int n = 1; n <= characterOrder; n++) {
            grams.add(NGrams.count(characters, n, ""));
        }
        List<String> words = wordOrder == 0 ? List.of() : withoutPunctuation(text);
        for (int n = 1; n <= wordOrder; n++) {
            grams.add(NGrams.count(words, n, " "));
        }
        return grams;
    }

    /// A punctuation mark of ASCII at the end of a word is a word of its own, otherwise one at its beginning.
    private static List<String> withoutPunctuation(String text) {
        List<String> parts = new ArrayList<>();
        for (String word : NGrams.words(text)) {
            int last = word.length() - 1;
            if (word.codePointCount(0, word.length()) == 1) {
                parts.add(word);
            } else if (PUNCTUATION.indexOf(word.charAt(last)) >= 0) {
                parts.add(word.substring(0, last));
                parts.add(word.substring(last));
            } else if (PUNCTUATION.indexOf(word.charAt(0)) >= 0) {
                parts.add(word.substring(0, 1));
                parts.add(word.substring(1));
            } else {
                parts.add(word);
            }
        }
        return parts;
    }

    @Override
    public double score(double[] sums) {
        double precision = 0;
        double recall = 0;
        int orders = 0;
        for (int i = 0; i < sums.length; i += 3) {
            if (sums[i] > 0 && sums[i + 1] > 0) {
                precision += sums[i + 2] / sums[i];
                recall += sums[i + 2] / sums[i + 1];
                orders++;
            }
        }
        if (precision + recall == 0) {
            return 0;
        }
        precision /= orders;
        recall /= orders;
        double factor = beta * beta;
        return 100 * ((1 + factor) * precision * recall / (factor * precision + recall));
    }
}

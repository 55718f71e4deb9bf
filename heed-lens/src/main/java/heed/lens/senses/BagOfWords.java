package heed.lens.senses;

import heed.corpus.AmbiguousWord;
import heed.corpus.Occurrence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which words stand around a word, in no order: what can be told of its sense without any vector. Words count
/// by how rare they are among all examples (inverse document frequency), the word itself does not count.
final class BagOfWords {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+(?:'\\p{L}+)?");

    private final Map<String, Integer> documents = new HashMap<>();
    private final int count;

    /// @param words whose examples tell how rare each word is
    BagOfWords(List<AmbiguousWord> words) {
        int examples = 0;
        for (AmbiguousWord word : words) {
            for (Occurrence example : word.examples()) {
                around(example).stream().distinct().forEach(other -> documents.merge(other, 1, Integer::sum));
                examples++;
            }
        }
        this.count = examples;
    }

    /// Of the examples of a word, sense by sense.
    Similarities of(AmbiguousWord word) {
        return similarities(word.examples().stream().map(this::weighted).toList());
    }

    /// Of the examples, then of the gloss of each sense.
    Similarities withGlosses(AmbiguousWord word) {
        List<Map<String, Double>> bags =
                word.examples().stream().map(this::weighted).collect(Collectors.toCollection(ArrayList::new));
        word.senses().forEach(sense -> bags.add(weighted(words(sense.gloss()))));
        return similarities(bags);
    }

    private static List<String> around(Occurrence example) {
        return words(example.text().substring(0, example.start()) + " "
                + example.text().substring(example.end()));
    }

    private static List<String> words(String text) {
        return WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(match -> match.group())
                .toList();
    }

    private Map<String, Double> weighted(Occurrence example) {
        return weighted(around(example));
    }

    private Map<String, Double> weighted(List<String> words) {
        Map<String, Double> weights = new HashMap<>();
        for (String word : words) {
            weights.merge(word, Math.log((count + 1.0) / (documents.getOrDefault(word, 0) + 1.0)), Double::sum);
        }
        double length = Math.sqrt(
                weights.values().stream().mapToDouble(weight -> weight * weight).sum());
        weights.replaceAll((_, weight) -> length == 0 ? 0 : weight / length);
        return weights;
    }

    private static Similarities similarities(List<Map<String, Double>> bags) {
        double[][] cosines = new double[bags.size()][bags.size()];
        for (int i = 0; i < cosines.length; i++) {
            Map<String, Double> one = bags.get(i);
            for (int j = 0; j < cosines.length; j++) {
                Map<String, Double> other = bags.get(j);
                cosines[i][j] = one.entrySet().stream()
                        .mapToDouble(entry -> entry.getValue() * other.getOrDefault(entry.getKey(), 0.0))
                        .sum();
            }
        }
        return new Similarities(cosines);
    }
}

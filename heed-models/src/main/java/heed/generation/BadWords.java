package heed.generation;

import java.util.Arrays;
import java.util.List;

/// Rules out every token that would complete one of these sequences of tokens.
public record BadWords(List<int[]> words) implements LogitsProcessor {
    public BadWords {
        words = words.stream().map(int[]::clone).toList();
    }

    @Override
    public void process(Prefix prefix, float[] scores) {
        for (int[] word : words) {
            int completing = word[word.length - 1];
            if (completing < scores.length && prefix.endsWith(word, word.length - 1)) {
                scores[completing] = Float.NEGATIVE_INFINITY;
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BadWords that && Arrays.deepEquals(words.toArray(), that.words.toArray());
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(words.toArray());
    }
}

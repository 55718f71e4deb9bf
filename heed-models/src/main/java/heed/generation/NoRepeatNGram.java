package heed.generation;

/// Rules out every token that would complete a sequence of `size` tokens which the prefix, prompt included, has
/// already (Paulus et al. 2018, §2.5, for trigrams).
public record NoRepeatNGram(int size) implements LogitsProcessor {
    public NoRepeatNGram {
        Require.that(size >= 1, "n-grams of " + size + " tokens cannot be, use at least 1");
    }

    @Override
    public void process(Prefix prefix, float[] scores) {
        for (int start = 0; start + size <= prefix.length(); start++) {
            int completing = prefix.at(start + size - 1);
            if (completing < scores.length && prefix.endsAsAt(start, size - 1)) {
                scores[completing] = Float.NEGATIVE_INFINITY;
            }
        }
    }
}

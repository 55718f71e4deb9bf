package heed.generation;

import java.util.Arrays;

/// Rules out every token that would complete a sequence of `size` tokens which the source has: what is
/// generated must say it in other words.
public record EncoderNoRepeatNGram(int size) implements LogitsProcessor {
    public EncoderNoRepeatNGram {
        Require.that(size >= 1, "n-grams of " + size + " tokens cannot be, use at least 1");
    }

    @Override
    public void process(Prefix prefix, float[] scores) {
        int[] source = prefix.source();
        for (int start = 0; start + size <= source.length; start++) {
            int completing = source[start + size - 1];
            int[] before = Arrays.copyOfRange(source, start, start + size - 1);
            if (completing < scores.length && prefix.endsWith(before, size - 1)) {
                scores[completing] = Float.NEGATIVE_INFINITY;
            }
        }
    }
}

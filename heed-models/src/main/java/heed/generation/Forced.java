package heed.generation;

import java.util.Arrays;

/// At a prefix of `length` tokens rules out all tokens but these, which become equally good.
record Forced(int length, int[] ids) implements LogitsProcessor {
    @Override
    public void process(Prefix prefix, float[] scores) {
        if (prefix.length() != length) {
            return;
        }
        Arrays.fill(scores, Float.NEGATIVE_INFINITY);
        for (int id : ids) {
            Require.that(
                    id >= 0 && id < scores.length,
                    "the forced token " + id + " is outside the vocabulary of " + scores.length + " tokens");
            scores[id] = 0;
        }
    }
}

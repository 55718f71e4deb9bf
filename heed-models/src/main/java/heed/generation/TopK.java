package heed.generation;

/// Rules out all tokens but the `count` with the highest scores, and those that equal the last of them (Fan et
/// al. 2018, §5.4).
record TopK(int count) implements LogitsProcessor {
    @Override
    public void process(Prefix prefix, float[] scores) {
        if (count >= scores.length) {
            return;
        }
        float least = new Best(count).offerAll(scores).least();
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] < least) {
                scores[i] = Float.NEGATIVE_INFINITY;
            }
        }
    }
}

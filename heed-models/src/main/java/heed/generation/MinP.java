package heed.generation;

/// Rules out tokens that are less than this fraction as probable as the most probable one (Nguyen et al. 2025,
/// §3).
record MinP(double fraction) implements LogitsProcessor {
    @Override
    public void process(Prefix prefix, float[] scores) {
        double least = Softmax.highest(scores) + Math.log(fraction);
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] < least) {
                scores[i] = Float.NEGATIVE_INFINITY;
            }
        }
    }
}

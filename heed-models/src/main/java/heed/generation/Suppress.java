package heed.generation;

/// Rules tokens out, always or only at one length of the prefix.
///
/// @param atLength the length, or [#ALWAYS]
record Suppress(int[] ids, int atLength) implements LogitsProcessor {
    static final int ALWAYS = -1;

    @Override
    public void process(Prefix prefix, float[] scores) {
        if (atLength == ALWAYS || prefix.length() == atLength) {
            all(ids, scores);
        }
    }

    static void all(int[] ids, float[] scores) {
        for (int id : ids) {
            if (id >= 0 && id < scores.length) {
                scores[id] = Float.NEGATIVE_INFINITY;
            }
        }
    }
}

package heed.generation;

/// Rules the end tokens out while a prefix, prompt included, has fewer than `length` tokens.
record MinLength(int length, int[] endTokens) implements LogitsProcessor {
    @Override
    public void process(Prefix prefix, float[] scores) {
        if (prefix.length() < length) {
            Suppress.all(endTokens, scores);
        }
    }
}

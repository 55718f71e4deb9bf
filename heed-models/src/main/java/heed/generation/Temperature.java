package heed.generation;

/// Divides the scores: below 1 the probable becomes more probable, above 1 the distribution flattens.
record Temperature(double temperature) implements LogitsProcessor {
    @Override
    public void process(Prefix prefix, float[] scores) {
        float divisor = (float) temperature;
        for (int i = 0; i < scores.length; i++) {
            scores[i] /= divisor;
        }
    }
}

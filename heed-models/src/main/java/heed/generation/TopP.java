package heed.generation;

import java.util.Arrays;

/// Rules out all tokens but the fewest most probable ones that together have at least this probability, the
/// nucleus (Holtzman et al. 2020, §3.1). One token always stays.
record TopP(double probability) implements LogitsProcessor {
    @Override
    public void process(Prefix prefix, float[] scores) {
        if (probability >= 1) {
            return;
        }
        float[] weights = Softmax.weights(scores);
        double enough = probability * Softmax.sum(weights);
        float[] before = scores.clone();
        Arrays.fill(scores, Float.NEGATIVE_INFINITY);
        Descending order = new Descending(before);
        double mass = 0; // of those that stay
        do {
            int id = order.next();
            scores[id] = before[id];
            mass += weights[id];
        } while (order.hasNext() && mass < enough);
    }
}

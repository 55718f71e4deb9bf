package heed.generation;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Greedy decoding and sampling: one sequence, one token after another.
final class OneSequence implements Search {
    private static final int[] NO_ROWS = {};
    private static final int[] SAME_ROW = {0};

    private final Plan plan;
    private final Prefix prefix;
    private final int number;
    private final int sample;
    private final TokenListener listener;
    private float[] logProbabilities = new float[16];
    private double sum;
    private int chosen;
    private @Nullable Finish finish;

    /// @param number what the listener knows this sequence by
    /// @param sample which of the sequences that are drawn for one prompt
    OneSequence(Plan plan, Prefix prompt, int number, int sample, TokenListener listener) {
        this.plan = plan;
        this.prefix = prompt.copy();
        this.number = number;
        this.sample = sample;
        this.listener = listener;
    }

    @Override
    public int rows() {
        return 1;
    }

    @Override
    public void look(float[][] logits) {
        float[] scores = logits[0];
        plan.process(prefix, scores);
        chosen = plan.strategy() instanceof Strategy.Sampling sampling
                ? draw(scores, Philox.uniform(sampling.seed(), sample, prefix.newTokens()))
                : Softmax.argMax(scores);
        if (plan.logProbabilities()) {
            remember(scores[chosen] - Softmax.highest(scores) - Softmax.logSum(scores));
        }
    }

    @Override
    public void advance() {
        prefix.add(chosen);
        finish = plan.finish(prefix);
        listener.token(number, chosen);
    }

    /// The token in whose stretch of the summed probabilities `uniform` lies.
    static int draw(float[] scores, double uniform) {
        float[] weights = Softmax.weights(scores);
        double wanted = uniform * Softmax.sum(weights);
        int last = 0;
        double sum = 0;
        for (int id = 0; id < weights.length; id++) {
            if (weights[id] > 0) {
                sum += weights[id];
                last = id;
                if (wanted < sum) {
                    return id;
                }
            }
        }
        return last;
    }

    private void remember(float logProbability) {
        int at = prefix.newTokens();
        if (at == logProbabilities.length) {
            logProbabilities = Arrays.copyOf(logProbabilities, 2 * at);
        }
        logProbabilities[at] = logProbability;
        sum += logProbability;
    }

    @Override
    public int[] parents() {
        return finish == null ? SAME_ROW : NO_ROWS;
    }

    @Override
    public int[] tokens() {
        return finish == null ? new int[] {prefix.last()} : NO_ROWS;
    }

    @Override
    public void stop(Finish reason) {
        if (finish == null) {
            finish = reason;
        }
    }

    @Override
    public List<Hypothesis> results() {
        if (finish == null) {
            throw new IllegalStateException("the sequence is not finished");
        }
        int n = prefix.newTokens();
        boolean scored = plan.logProbabilities();
        return List.of(new Hypothesis(
                prefix.continuation(),
                scored ? Arrays.copyOf(logProbabilities, n) : new float[0],
                scored ? sum / Math.max(1, n) : Double.NaN,
                finish));
    }
}

package heed.generation;

import static org.assertj.core.api.Assertions.assertThat;

import heed.kernel.WorkerPool;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplingTest {
    private static final double[] PROBABILITIES = {0.05, 0.4, 0.02, 0.13, 0.3, 0.1};
    private static final Prefix PROMPT = Prefix.of(1);

    private static float[] logits() {
        float[] logits = new float[PROBABILITIES.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(PROBABILITIES[i]) + 3;
        }
        return logits;
    }

    private static List<Hypothesis> samples(Decoding decoding) {
        int[] maxLengths = {PROMPT.length() + 50};
        return new Generator(
                        decoding, maxLengths, List.of(), TokenListener.NONE, new Cancellation(), WorkerPool.shared())
                .run(List.of(PROMPT), new TableSteps(_ -> logits(), List.of(PROMPT)))
                .getFirst();
    }

    /// Pearson's statistic of 10,000 draws against exact probabilities; tokens of probability 0 must not occur.
    private static double chiSquare(Decoding decoding, double... exact) {
        int[] counts = new int[exact.length];
        List<Hypothesis> samples = samples(decoding.sequences(200));
        for (Hypothesis sample : samples) {
            for (int id : sample.ids()) {
                counts[id]++;
            }
        }
        double statistic = 0;
        for (int i = 0; i < exact.length; i++) {
            double expected = 10_000 * exact[i];
            if (expected == 0) {
                assertThat(counts[i]).as("token %s", i).isZero();
            } else {
                statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
            }
        }
        return statistic;
    }

    /// With 5 degrees of freedom a true sampler exceeds 20.5 once in a thousand; the seed is fixed.
    @Test
    void drawsFollowTheProbabilities() {
        assertThat(chiSquare(Decoding.sampling(11), PROBABILITIES)).isLessThan(20.5);
    }

    @Test
    void drawsFollowTheProbabilitiesThatTheFiltersLeave() {
        assertThat(chiSquare(Decoding.sampling(12).topK(2), 0, 4 / 7.0, 0, 0, 3 / 7.0, 0))
                .isLessThan(10.8);
        assertThat(chiSquare(Decoding.sampling(13).topP(0.75), 0, 0.4 / 0.83, 0, 0.13 / 0.83, 0.3 / 0.83, 0))
                .isLessThan(13.8);
        assertThat(chiSquare(Decoding.sampling(14).minP(0.3), 0, 0.4 / 0.83, 0, 0.13 / 0.83, 0.3 / 0.83, 0))
                .isLessThan(13.8);
        double[] sharpened = new double[PROBABILITIES.length];
        double sum = 0;
        for (double p : PROBABILITIES) {
            sum += p * p;
        }
        for (int i = 0; i < sharpened.length; i++) {
            sharpened[i] = PROBABILITIES[i] * PROBABILITIES[i] / sum;
        }
        assertThat(chiSquare(Decoding.sampling(15).temperature(0.5), sharpened)).isLessThan(20.5);
    }

    @Test
    void aSeedGivesTheSameTokensAndAnotherSeedOthers() {
        assertThat(samples(Decoding.sampling(5))).isEqualTo(samples(Decoding.sampling(5)));
        assertThat(samples(Decoding.sampling(5))).isNotEqualTo(samples(Decoding.sampling(6)));
    }

    @Test
    void samplesOfOnePromptDifferAndFewerAreTheFirstOfMore() {
        List<Hypothesis> three = samples(Decoding.sampling(5).sequences(3));
        assertThat(three).doesNotHaveDuplicates();
        assertThat(samples(Decoding.sampling(5).sequences(2))).isEqualTo(three.subList(0, 2));
    }
}

package heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import heed.model.Model;
import heed.model.Models;
import heed.text.Encoding;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntegratedGradientsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final String TEXT = "The bank can refuse to lend money";

    @Test
    void aRuleOfTwoPointsIsTheKnownOne() {
        Quadrature two = Quadrature.gaussLegendre(2);
        assertThat(two.at()[0]).isCloseTo((1 - 1 / Math.sqrt(3)) / 2, within(1e-15));
        assertThat(two.weights()).containsExactly(new double[] {0.5, 0.5}, within(1e-15));
    }

    @Test
    void aRuleIsExactForPolynomialsOfItsDegree() {
        Quadrature rule = Quadrature.gaussLegendre(7);
        double integral = 0;
        for (int i = 0; i < 7; i++) {
            integral += rule.weights()[i] * Math.pow(rule.at()[i], 13);
        }
        assertThat(integral).isCloseTo(1 / 14.0, within(1e-14));
        assertThat(rule.at()).isSorted();
    }

    /// Completeness (proposition 1), of labels that stand for themselves and of ones that exclude each other,
    /// of encoders and decoders.
    @ParameterizedTest
    @CsvSource({
        "bert/sequence-classification, 0",
        "bert/sequence-classification, 1",
        "bert/sequence-classification-multi, 0",
        "bert/sequence-classification-multi, 3"
    })
    void thePartsSumToWhatTheTextAddsToTheScore(String folder, int label) {
        try (Model model = Models.open(GOLDEN.resolve(folder))) {
            Encoding encoding = model.encode(TEXT, null);
            IntegratedGradients.Attribution parts = new IntegratedGradients(model).of(encoding, label);
            double sum = Arrays.stream(parts.parts()).sum();
            assertThat(sum).isCloseTo(parts.score() - parts.baseline(), within(2e-5));
            assertThat(Arrays.stream(parts.parts()).map(Math::abs).sum()).isGreaterThan(1e-4);
            for (int t = 0; t < encoding.length(); t++) {
                if (encoding.special()[t] == 1) {
                    assertThat(parts.parts()[t]).isZero();
                }
            }
            float[] logits = new Classifier(model).logits(List.of(encoding)).getFirst();
            double expected = model.config().multiLabel()
                    ? logits[label]
                    : Math.log(probability(logits, label) / (1 - probability(logits, label)));
            assertThat(parts.score()).isCloseTo(expected, within(1e-5));
        }
    }

    private static double probability(float[] logits, int label) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - logits[label]);
        }
        return 1 / sum;
    }

    @ParameterizedTest
    @ValueSource(strings = {"decoders/gpt2-sequence-classification", "decoders/llama-sequence-classification"})
    void soTheyDoOfDecoders(String folder) {
        try (Model model = Models.open(GOLDEN.resolve(folder))) {
            int[] none = new int[5];
            Encoding encoding = new Encoding(
                    new int[] {3, 5, 7, 11, 2}, none, List.of("a", "b", "c", "d", "e"), none, none, none, none, none);
            IntegratedGradients.Attribution parts = new IntegratedGradients(model, 13).of(encoding, 1);
            assertThat(Arrays.stream(parts.parts()).sum()).isCloseTo(parts.score() - parts.baseline(), within(5e-3));
            assertThat(Math.abs(parts.score() - parts.baseline())).isGreaterThan(1e-3);
        }
    }

    @Test
    void aTextThatSaysNothingHasNoParts() {
        try (Model model = Models.open(GOLDEN.resolve("bert/sequence-classification"))) {
            IntegratedGradients.Attribution parts =
                    new IntegratedGradients(model).of(model.encode("[MASK] [MASK]", null), 1);
            assertThat(parts.parts()).containsOnly(0);
            assertThat(parts.score()).isEqualTo(parts.baseline());
        }
    }

    @Test
    void whatDoesNotClassifyIsRefused() {
        try (Model model = Models.open(GOLDEN.resolve("bert/masked-lm"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new IntegratedGradients(model))
                    .withMessageContaining("classify texts");
        }
    }
}

package heed.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import heed.kernel.Activation;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import heed.testing.DoublePass;
import heed.testing.Seeded;
import heed.testing.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LayersTest {
    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    void aLinearMapWithAndWithoutBias(Setting setting) {
        Linear linear = new Seeded(1).linear(7, 5, setting.kernels());
        Linear withoutBias = new Linear(linear.weight(), null);
        Tensor x = new Seeded(2).normal(11, 5);

        assertClose(linear.apply(x, setting.pass()), DoublePass.linear(DoublePass.of(x), linear));
        assertClose(withoutBias.apply(x, setting.pass()), DoublePass.linear(DoublePass.of(x), withoutBias));
    }

    @Test
    void aBiasOfAnotherWidthIsNamed() {
        Weight weight = Weight.of(Tensor.zeros(7, 5), Setting.scalar().kernels());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Linear(weight, Tensor.zeros(5)))
                .withMessage("weight has 7 outputs, bias has 5 values");
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    void aNormBringsEveryRowToMeanZeroAndVarianceOne(Setting setting) {
        LayerNorm plain = new LayerNorm(Tensor.of(Shape.of(4), 1, 1, 1, 1), Tensor.zeros(4), 0);
        Tensor x = Tensor.matrix(new float[] {1, 2, 3, 4}, new float[] {-40, -30, -20, -10});

        Tensor y = plain.apply(x, setting.pass());

        float outer = (float) (1.5 / Math.sqrt(1.25)); // deviations ±1.5, ±0.5 have variance 1.25
        assertThat(y.toArray())
                .usingComparatorWithPrecision(1e-5f)
                .containsExactly(-outer, -outer / 3, outer / 3, outer, -outer, -outer / 3, outer / 3, outer);
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    void theNormOfASumIsTheNormOfItsSum(Setting setting) {
        LayerNorm norm = new Seeded(3).layerNorm(13);
        Tensor x = new Seeded(4).normal(7, 13);
        Tensor residual = new Seeded(5).normal(7, 13);

        Tensor ofSum = norm.applyToSum(x, residual, setting.pass());

        assertClose(ofSum, DoublePass.norm(DoublePass.of(x.plus(residual)), norm));
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    void aFeedForwardNetworkIsTwoLinearMapsWithAnActivationBetween(Setting setting) {
        Seeded seeded = new Seeded(6);
        Tensor x = seeded.normal(11, 5);
        for (Activation activation : new Activation[] {Activation.RELU, Activation.GELU}) {
            FeedForward feedForward = new FeedForward(
                    seeded.linear(17, 5, setting.kernels()), activation, seeded.linear(5, 17, setting.kernels()));

            assertClose(feedForward.apply(x, setting.pass()), DoublePass.feedForward(DoublePass.of(x), feedForward));
        }
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    void anRmsNormBringsTheMeanSquareOfEveryRowToOne(Setting setting) {
        RmsNorm norm = new RmsNorm(Tensor.of(Shape.of(3), 1, 2, -1), 0);
        Tensor x = Tensor.matrix(new float[] {3, 0, 0}, new float[] {-2, 2, 2});

        assertThat(norm.apply(x, setting.pass()).toArray())
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly((float) Math.sqrt(3), 0f, 0f, -1f, 2f, -1f);
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    void theRmsNormOfASumIsTheNormOfItsSum(Setting setting) {
        RmsNorm norm = new RmsNorm(new Seeded(3).normal(13), 1e-2f);
        Tensor x = new Seeded(4).normal(67, 13);
        Tensor residual = new Seeded(5).normal(67, 13);

        Tensor ofSum = norm.applyToSum(x, residual, setting.pass());

        assertClose(ofSum, DoublePass.norm(DoublePass.of(x.plus(residual)), norm));
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    void anRmsNormOfHeadsNormsEachByItself(Setting setting) {
        RmsNorm norm = new RmsNorm(new Seeded(3).normal(5), 1e-5f);
        Tensor x = new Seeded(4).normal(7, 15);

        Tensor heads = norm.applyToHeads(x, setting.pass());

        for (int head = 0; head < 3; head++) {
            Tensor alone = x.columns(5 * head, 5 * head + 5).copy();
            assertClose(heads.columns(5 * head, 5 * head + 5), DoublePass.norm(DoublePass.of(alone), norm));
        }
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    void aGateIsMultipliedIntoWhatWasActivated(Setting setting) {
        Seeded seeded = new Seeded(6);
        Tensor x = seeded.normal(11, 5);
        Linear inner = seeded.linear(17, 5, setting.kernels());
        Linear linear = seeded.linear(17, 5, setting.kernels());
        Linear outer = seeded.linear(5, 17, setting.kernels());

        Tensor gated = new FeedForward(inner, Activation.RELU, linear, outer).apply(x, setting.pass());

        double[][] product = DoublePass.linear(DoublePass.of(x), linear);
        double[][] activated = DoublePass.linear(DoublePass.of(x), inner);
        for (int n = 0; n < product.length; n++) {
            for (int i = 0; i < product[n].length; i++) {
                product[n][i] *= Math.max(0, activated[n][i]);
            }
        }
        Tensor between = Tensor.zeros(11, 17);
        for (int n = 0; n < product.length; n++) {
            for (int i = 0; i < product[n].length; i++) {
                between.set((float) product[n][i], n, i);
            }
        }
        assertClose(gated, DoublePass.linear(DoublePass.of(between), outer));
    }

    @ParameterizedTest
    @MethodSource("heed.testing.Setting#all")
    void embeddingsAreLookedUpAndAdded(Setting setting) {
        Embedding words = new Embedding("token id", Tensor.matrix(new float[] {1, 2}, new float[] {3, 4}));
        Embedding types = new Embedding("sentence type", Tensor.matrix(new float[] {10, 20}, new float[] {30, 40}));

        Tensor x = words.apply(new int[] {1, 0, 1}, setting.pass());
        types.addTo(x, new int[] {0, 0, 1}, setting.pass());

        assertThat(x.toArray()).containsExactly(13, 24, 11, 22, 33, 44);
        assertThat(words.table().toArray()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void anUnknownIdIsNamedAsWhatItIs() {
        Embedding words = new Embedding("token id", Tensor.zeros(5, 3));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> words.apply(new int[] {4, 5}, Setting.scalar().pass()))
                .withMessage("token id 5 is outside the table, which has rows 0 to 4");
    }

    private static void assertClose(Tensor actual, double[][] expected) {
        assertThat(actual.size(0)).isEqualTo(expected.length);
        for (int n = 0; n < expected.length; n++) {
            for (int i = 0; i < expected[n].length; i++) {
                assertThat((double) actual.at(n, i)).isCloseTo(expected[n][i], within(1e-5));
            }
        }
    }
}

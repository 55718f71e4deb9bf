package heed.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The steps of recurrent networks are their formulas, at every width; the ways back are held against
/// differences where whole sequences are walked through.
@NullMarked
class RecurrentKernelsTest {
    static Stream<RecurrentKernels> implementations() {
        return Stream.of(new ScalarRecurrent(), new VectorRecurrent());
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void aStepOfLstmIsTheFormula(RecurrentKernels kernels) {
        for (int h : KernelsContract.LENGTHS) {
            SplittableRandom random = new SplittableRandom(h);
            float[] gates = Reference.random(random, 4 * h + 3, -3, 3);
            float[] input = gates.clone();
            float[] sums = Reference.random(random, 4 * h + 1, -3, 3);
            float[] before = Reference.random(random, h + 2, -2, 2);
            float[] cell = new float[h + 5];
            float[] hidden = new float[h + 4];
            kernels.lstm(h, gates, 3, sums, 1, before, 2, cell, 5, hidden, 4);
            for (int j = 0; j < h; j++) {
                double i = sigmoid(input[3 + j] + sums[1 + j]);
                double f = sigmoid(input[3 + h + j] + sums[1 + h + j]);
                double g = Math.tanh(input[3 + 2 * h + j] + sums[1 + 2 * h + j]);
                double o = sigmoid(input[3 + 3 * h + j] + sums[1 + 3 * h + j]);
                double c = f * before[2 + j] + i * g;
                assertThat((double) gates[3 + j]).isCloseTo(i, within(5e-7));
                assertThat((double) gates[3 + h + j]).isCloseTo(f, within(5e-7));
                assertThat((double) gates[3 + 2 * h + j]).isCloseTo(g, within(5e-7));
                assertThat((double) gates[3 + 3 * h + j]).isCloseTo(o, within(5e-7));
                assertThat((double) cell[5 + j]).isCloseTo(c, within(2e-6));
                assertThat((double) hidden[4 + j]).isCloseTo(o * Math.tanh(c), within(2e-6));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void aStepOfGruIsTheFormula(RecurrentKernels kernels) {
        for (int h : KernelsContract.LENGTHS) {
            SplittableRandom random = new SplittableRandom(h);
            float[] gates = Reference.random(random, 3 * h + 3, -3, 3);
            float[] input = gates.clone();
            float[] sums = Reference.random(random, 3 * h + 1, -3, 3);
            float[] before = Reference.random(random, h + 2, -1, 1);
            float[] hidden = new float[h + 4];
            kernels.gru(h, gates, 3, sums, 1, before, 2, hidden, 4);
            for (int j = 0; j < h; j++) {
                double r = sigmoid(input[3 + j] + sums[1 + j]);
                double z = sigmoid(input[3 + h + j] + sums[1 + h + j]);
                double n = Math.tanh(input[3 + 2 * h + j] + r * sums[1 + 2 * h + j]);
                assertThat((double) hidden[4 + j]).isCloseTo((1 - z) * n + z * before[2 + j], within(1e-6));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void gatesThatAreFullyOpenOrShutAreExact(RecurrentKernels kernels) {
        int h = 16;
        float[] gates = new float[4 * h];
        Arrays.fill(gates, 0, h, -1000); // nothing is written
        Arrays.fill(gates, h, 2 * h, 1000); // everything is kept
        Arrays.fill(gates, 3 * h, 4 * h, 1000);
        float[] before = new float[h];
        Arrays.fill(before, 0.5f);
        float[] cell = new float[h];
        kernels.lstm(h, gates, 0, new float[4 * h], 0, before, 0, cell, 0, new float[h], 0);
        assertThat(cell).containsOnly(0.5f);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void waysBackAreThoseOfTheReadableLoops(RecurrentKernels kernels) {
        RecurrentKernels readable = new ScalarRecurrent();
        for (int h : KernelsContract.LENGTHS) {
            SplittableRandom random = new SplittableRandom(h);
            float[] gates = Reference.random(random, 4 * h + 1, 0, 1);
            float[] before = Reference.random(random, h + 2, -1, 1);
            float[] cell = Reference.random(random, h + 3, -1, 1);
            float[] dHidden = Reference.random(random, h + 4, -1, 1);
            float[] dCell = Reference.random(random, h + 5, -1, 1);
            float[] dCellExpected = dCell.clone();
            float[] dSums = new float[4 * h + 6];
            float[] dSumsExpected = dSums.clone();
            kernels.lstmBack(h, gates, 1, before, 2, cell, 3, dHidden, 4, dCell, 5, dSums, 6);
            readable.lstmBack(h, gates, 1, before, 2, cell, 3, dHidden, 4, dCellExpected, 5, dSumsExpected, 6);
            assertThat(dCell).containsExactly(dCellExpected, within(1e-6f));
            assertThat(dSums).containsExactly(dSumsExpected, within(1e-6f));

            float[] dHiddenExpected = dHidden.clone();
            float[] dInput = new float[3 * h + 3];
            float[] dInputExpected = dInput.clone();
            kernels.gruBack(h, gates, 1, cell, 3, before, 2, dHidden, 4, dInput, 3, dSums, 6);
            readable.gruBack(h, gates, 1, cell, 3, before, 2, dHiddenExpected, 4, dInputExpected, 3, dSumsExpected, 6);
            assertThat(dHidden).containsExactly(dHiddenExpected, within(1e-6f));
            assertThat(dInput).containsExactly(dInputExpected, within(1e-6f));
            assertThat(dSums).containsExactly(dSumsExpected, within(1e-6f));
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void anAdditiveScoreIsTheFormulaThereAndBack(RecurrentKernels kernels) {
        for (int n : KernelsContract.LENGTHS) {
            SplittableRandom random = new SplittableRandom(n);
            float[] x = Reference.random(random, n + 1, -2, 2);
            float[] y = Reference.random(random, n + 2, -2, 2);
            float[] w = Reference.random(random, n + 3, -1, 1);
            float[][] gradients = {new float[n], new float[n], new float[n]};
            float score = kernels.additiveScore(n, x, 1, y, 2, w, 3);
            kernels.additiveScoreBack(n, 0.5f, x, 1, y, 2, w, 3, gradients[0], 0, gradients[1], 0, gradients[2], 0);
            double expected = 0;
            for (int j = 0; j < n; j++) {
                double tanh = Math.tanh(x[1 + j] + y[2 + j]);
                expected += w[3 + j] * tanh;
                assertThat((double) gradients[0][j]).isCloseTo(0.5 * w[3 + j] * (1 - tanh * tanh), within(1e-6));
                assertThat(gradients[1][j]).isEqualTo(gradients[0][j]);
                assertThat((double) gradients[2][j]).isCloseTo(0.5 * tanh, within(1e-6));
            }
            assertThat((double) score).isCloseTo(expected, within(1e-5));
        }
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}

package heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WeightTest {
    @ParameterizedTest
    @MethodSource("heed.tensor.AvailableKernels#all")
    void whatWasPackedComesOutAgain(Kernels kernels) {
        SeededTensors seeded = new SeededTensors(1);
        for (int out : new int[] {1, 2, 15, 16, 17, 47, 64, 65}) {
            Tensor matrix = seeded.normal(out, 7);

            Weight weight = Weight.of(matrix, kernels);

            assertThat(weight.out()).isEqualTo(out);
            assertThat(weight.in()).isEqualTo(7);
            assertThat(weight.toTensor().shape()).isEqualTo(matrix.shape());
            assertThat(weight.toTensor().values()).containsExactly(matrix.values());
        }
    }

    @ParameterizedTest
    @MethodSource("heed.tensor.AvailableKernels#all")
    void aTransposedMatrixIsPackedAsItReads(Kernels kernels) {
        Tensor matrix = new SeededTensors(2).normal(5, 19);

        Weight weight = Weight.of(matrix.transpose(), kernels);

        assertThat(weight.toTensor().toArray())
                .containsExactly(matrix.transpose().toArray());
    }

    @Test
    void theArrayIsNotKept() {
        float[] values = {1, 2, 3, 4, 5, 6};
        Weight weight = Weight.of(values, 2, 3, KernelProvider.scalar());
        values[0] = 7;

        assertThat(weight.toTensor().at(0, 0)).isEqualTo(1);
    }

    @Test
    void aWrongNumberOfValuesIsNamedWithTheExpectedOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Weight.of(new float[5], 2, 3, KernelProvider.scalar()))
                .withMessage("a [2, 3] weight has 6 values, got 5");
    }
}

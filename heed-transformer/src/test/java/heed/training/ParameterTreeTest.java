package heed.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.autograd.Parameter;
import heed.kernel.KernelProvider;
import heed.layer.Linear;
import heed.position.PositionalEncoding;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class ParameterTreeTest {
    /// A model with computed positions.
    public record Positioned(PositionalEncoding positions, Linear head) {}

    @Test
    void aPathIsTheNamesOfTheComponents() {
        assertThat(ParameterTree.of(TinyLanguageModel.of(2, 1)).stream().map(Parameter::path))
                .startsWith("words.table", "positions.table", "stack.layers.0.attention.wQ.weight")
                .contains("stack.layers.1.feedForward.outer.bias", "stack.finalNorm.gain")
                .hasSize(2 + 2 * 16 + 2);
    }

    @Test
    void whatIsTiedIsOneParameter() {
        assertThat(ParameterTree.of(TinyLanguageModel.of(1, 1)).stream().map(Parameter::path))
                .contains("words.table")
                .doesNotContain("head.weight");
    }

    @Test
    void whatIsComputedIsNoParameter() {
        Linear head = new Linear(Weight.learned(Tensor.zeros(2, 3)), null);
        assertThat(ParameterTree.of(new Positioned(PositionalEncoding.Sinusoidal.of(5, 3), head)))
                .extracting(Parameter::path)
                .containsExactly("head.weight");
    }

    @Test
    void aWeightForInferenceIsRefusedByName() {
        Linear head = new Linear(Weight.of(Tensor.zeros(2, 3), KernelProvider.scalar()), null);
        assertThatThrownBy(() -> ParameterTree.of(new Positioned(PositionalEncoding.Sinusoidal.of(5, 3), head)))
                .hasMessage("head.weight was prepared for inference and cannot be trained");
    }

    @Test
    void aLearnableCopyHasNumbersOfItsOwnAndTheSameTies() {
        TinyLanguageModel model = TinyLanguageModel.of(1, 1);
        TinyLanguageModel copy = ParameterTree.learnable(model);
        List<Parameter> originals = ParameterTree.of(model);
        List<Parameter> copies = ParameterTree.of(copy);
        assertThat(copies).hasSameSizeAs(originals);
        for (int i = 0; i < copies.size(); i++) {
            assertThat(copies.get(i).path()).isEqualTo(originals.get(i).path());
            assertThat(copies.get(i).value().toArray())
                    .isEqualTo(originals.get(i).value().toArray());
            assertThat(copies.get(i).value().values())
                    .isNotSameAs(originals.get(i).value().values());
        }
    }

    @Test
    void aWeightForInferenceBecomesLearnable() {
        Tensor matrix = Tensor.matrix(new float[] {1, 2, 3}, new float[] {4, 5, 6});
        Linear head = new Linear(Weight.of(matrix, KernelProvider.scalar()), null);
        Parameter parameter = ParameterTree.of(ParameterTree.learnable(head)).getFirst();
        assertThat(parameter.path()).isEqualTo("weight");
        assertThat(parameter.value().toArray()).containsExactly(1, 2, 3, 4, 5, 6);
    }
}

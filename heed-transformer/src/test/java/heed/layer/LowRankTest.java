package heed.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.kernel.Activation;
import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import heed.training.Initializer;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NullMarked
class LowRankTest {
    private final Initializer draw = new Initializer(3);

    @ParameterizedTest
    @EnumSource
    void aMapWithAnUpdateIsTheMapOfTheSum(Activation activation) {
        Tensor weight = draw.normal(1, 5, 7);
        Tensor bias = draw.normal(1, 5);
        LowRank update = new LowRank(draw.normal(1, 2, 7), draw.normal(1, 5, 2), 0.5f);
        Tensor sum = weight.copy();
        update.addTo(sum.values());
        Tensor x = draw.normal(1, 3, 7);
        try (WorkerPool workers = WorkerPool.of(1)) {
            Pass pass = Pass.unwatched(new Compute(KernelProvider.scalar(), workers));
            Tensor beside =
                    new Linear(Weight.learned(weight), bias).updated(update).apply(x, activation, pass);
            Tensor merged = new Linear(Weight.learned(sum), bias).apply(x, activation, pass);
            assertThat(beside.toArray()).containsExactly(merged.toArray(), within(1e-5f));
        }
    }

    @Test
    void aHandComputedUpdate() {
        LowRank update = new LowRank(
                Tensor.of(Shape.of(1, 2), new float[] {3, 5}), Tensor.of(Shape.of(2, 1), new float[] {1, -2}), 2);
        float[] weight = {0, 1, 0, 0};
        update.addTo(weight);
        assertThat(weight).containsExactly(6, 11, -12, -20);
    }

    @Test
    void ranksMustAgree() {
        assertThatThrownBy(() -> new LowRank(Tensor.zeros(2, 7), Tensor.zeros(5, 3), 1))
                .hasMessage("an update goes down to rank 2 and up from rank 3");
    }
}

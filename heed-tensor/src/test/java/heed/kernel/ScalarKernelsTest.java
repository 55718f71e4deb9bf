package heed.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class ScalarKernelsTest implements KernelsContract, AttentionContract {
    @Override
    public Kernels kernels() {
        return KernelProvider.scalar();
    }

    @Test
    void theScalarKernelsRun() {
        assertThat(kernels().name()).isEqualTo("scalar");
    }
}

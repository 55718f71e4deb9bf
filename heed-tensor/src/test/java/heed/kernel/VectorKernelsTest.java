package heed.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The tests run with the module of the vectors, so that these kernels must be there.
@NullMarked
class VectorKernelsTest implements KernelsContract, AttentionContract {
    @Override
    public Kernels kernels() {
        FirstCalls.end(); // what is tested here are the vector loops themselves
        return KernelProvider.vector().orElseThrow();
    }

    @Test
    void theVectorKernelsRun() {
        assertThat(kernels().name()).matches("vector, (128|256|512) bits");
        assertThat(KernelProvider.active().kernels().name()).isEqualTo(kernels().name());
    }
}

package heed.tensor;

import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/// The kernels that can run here, for tests that must hold on each of them.
final class AvailableKernels {
    private AvailableKernels() {}

    static Stream<Named<Kernels>> all() {
        return Stream.concat(Stream.of(KernelProvider.scalar()), KernelProvider.vector().stream())
                .map(kernels -> Named.of(kernels.name(), kernels));
    }
}

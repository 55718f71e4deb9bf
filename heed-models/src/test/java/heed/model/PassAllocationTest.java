package heed.model;

import static org.assertj.core.api.Assertions.assertThat;

import heed.family.TokenBatch;
import heed.kernel.WorkerPool;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PassAllocationTest {
    private static final Path TINY = Path.of("src/test/resources/golden/bert/base");
    private static final int PATIENCE_SECONDS = 60;

    @Test
    void aPassAllocatesSmallObjectsAlone() {
        try (WorkerPool workers = WorkerPool.of(2);
                Model model = Models.open(TINY, ModelOptions.defaults().withWorkers(workers))) {
            TokenBatch batch = PassAllocation.batch(model, 13, 1, 23, 7, 23, 23, 19, 23, 22);
            assertThat(PassAllocation.afterWarmUp(model, batch, PATIENCE_SECONDS))
                    .isLessThanOrEqualTo(PassAllocation.bound(model, batch));
        }
    }
}

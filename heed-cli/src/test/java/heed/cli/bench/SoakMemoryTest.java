package heed.cli.bench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SoakMemoryTest {
    @Test
    void memoryMayGrowWhileBuffersAreFilled() {
        assertThatCode(() -> SoakMemory.requireFlat("heap", List.of(50.0, 150.0, 200.0, 190.0, 201.0, 199.0)))
                .doesNotThrowAnyException();
    }

    @Test
    void memoryThatGoesOnGrowingFails() {
        assertThatIllegalStateException()
                .isThrownBy(() -> SoakMemory.requireFlat("heap", List.of(100.0, 120.0, 140.0, 160.0, 180.0, 200.0)))
                .withMessage("the heap grew from 160 MB to 200 MB");
    }
}

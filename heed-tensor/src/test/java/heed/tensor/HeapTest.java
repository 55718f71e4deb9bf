package heed.tensor;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class HeapTest {
    @Test
    void whatFitsIsGranted() {
        assertThatCode(() -> Heap.require(1_000_000, "a small thing")).doesNotThrowAnyException();
    }

    @Test
    void aRefusalSaysWhatIsNeededAndHowToGiveIt() {
        long most = Runtime.getRuntime().maxMemory();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Heap.require(2 * most, "opening a giant"))
                .withMessageStartingWith("opening a giant needs about " + 2 * (most >> 20) + " MB of memory")
                .withMessageMatching(".*of a heap of \\d+ MB are free: give Java more with -Xmx\\d+g .*");
    }
}

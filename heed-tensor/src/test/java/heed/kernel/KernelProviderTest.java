package heed.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class KernelProviderTest {
    @Test
    void choosesOnce() {
        assertThat(KernelProvider.active()).isSameAs(KernelProvider.active());
    }

    @Test
    void prefersVectors() {
        KernelProvider.ActiveKernels chosen = KernelProvider.choose(null);
        assertThat(chosen.kernels().name()).startsWith("vector");
        assertThat(chosen.reason()).contains("jdk.incubator.vector");
    }

    @Test
    void obeysTheProperty() {
        assertThat(KernelProvider.choose("scalar").kernels().name()).isEqualTo("scalar");
        assertThat(KernelProvider.choose("scalar").reason()).contains("heed.kernels=scalar");
        assertThat(KernelProvider.choose("vector").kernels().name()).startsWith("vector");
    }

    @Test
    void namesTheAcceptedValuesOfTheProperty() {
        assertThatThrownBy(() -> KernelProvider.choose("fast"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("heed.kernels must be \"scalar\" or \"vector\", got \"fast\"");
    }

    @Test
    void warnsOnceAndRunsOnScalarsWhereTheModuleIsMissing() {
        String printed = Jvm.run(List.of(), PrintActive.class);
        assertThat(printed).contains("scalar", "vector: false");
        assertThat(printed.split("--add-modules jdk\\.incubator\\.vector", -1))
                .as("the flag is named in the warning and in the reason")
                .hasSize(3);
        assertThat(printed.split("WARNING", -1)).hasSize(2);
    }

    @Test
    void saysNothingWhereTheScalarsWereAskedFor() {
        assertThat(Jvm.run(List.of("-Dheed.kernels=scalar"), PrintActive.class))
                .contains("asked for by heed.kernels=scalar")
                .doesNotContain("WARNING");
    }

    @Test
    void failsWhereVectorsAreForcedButMissing() {
        assertThat(Jvm.run(List.of("-Dheed.kernels=vector"), PrintActive.class))
                .contains("IllegalStateException: heed.kernels=vector cannot be met", "--add-modules");
    }

    @Test
    void keepsTheContractInNarrowerVectors() {
        for (int bits : new int[] {128, 256}) {
            String printed = Jvm.run(
                    List.of("--add-modules", "jdk.incubator.vector", "-Dheed.vector.bits=" + bits), Contract.class);
            assertThat(printed).contains("vector, " + bits + " bits", "kept");
        }
    }

    @Test
    void refusesWidthsThatAreNotThere() {
        assertThatThrownBy(() -> VectorWidth.bits("100", 512))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("heed.vector.bits must be 128, 256 or 512, got \"100\"");
        assertThatThrownBy(() -> VectorWidth.bits("512", 256))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("heed.vector.bits is 512, but this processor has vectors of 256 bits");
        assertThat(VectorWidth.bits(null, 1024)).isEqualTo(512);
        assertThat(Jvm.run(List.of("--add-modules", "jdk.incubator.vector", "-Dheed.vector.bits=7"), PrintActive.class))
                .contains("IllegalArgumentException: heed.vector.bits must be 128, 256 or 512");
    }

    /// Prints the active kernels, twice, to see that a second call says nothing new.
    static final class PrintActive {
        public static void main(String[] arguments) {
            try {
                KernelProvider.active();
                KernelProvider.ActiveKernels active = KernelProvider.active();
                System.out.println(active.kernels().name() + ": " + active.reason());
                System.out.println("vector: " + KernelProvider.vector().isPresent());
            } catch (IllegalArgumentException | IllegalStateException e) {
                System.out.println(e);
            }
        }
    }

    /// Runs the contracts on the vector kernels of this JVM.
    static final class Contract {
        public static void main(String[] arguments) throws ReflectiveOperationException {
            VectorKernelsTest test = new VectorKernelsTest();
            System.out.println(test.kernels().name());
            for (Class<?> contract : List.of(KernelsContract.class, AttentionContract.class)) {
                for (Method method : contract.getDeclaredMethods()) {
                    if (method.isAnnotationPresent(Test.class)) {
                        try {
                            method.setAccessible(true);
                            method.invoke(test);
                        } catch (InvocationTargetException e) {
                            throw new AssertionError(method.getName(), e.getCause());
                        }
                    }
                }
            }
            System.out.println("kept");
        }
    }
}

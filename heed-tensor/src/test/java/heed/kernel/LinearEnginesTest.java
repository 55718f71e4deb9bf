package heed.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class LinearEnginesTest {
    private static final LinearEngine JAVA = new Named("java", EnumSet.allOf(WeightType.class));
    private static final LinearEngine NATIVE = new Named("native", EnumSet.of(WeightType.F32, WeightType.INT8));
    private static final LinearEngines.Found MISSING =
            new LinearEngines.Found("native", Optional.empty(), "its library is not there");

    @Test
    void lowPrecisionGoesToTheEngineOfAnotherModuleWhereItCanDoTheType() {
        List<LinearEngines.Found> both = List.of(found(JAVA), found(NATIVE));

        assertThat(LinearEngines.choose(WeightType.INT8, null, both).engine()).isSameAs(NATIVE);
        assertThat(LinearEngines.choose(WeightType.BF16, null, both).engine()).isSameAs(JAVA);
        assertThat(LinearEngines.choose(WeightType.INT8, "java", both).engine()).isSameAs(JAVA);
        assertThat(LinearEngines.choose(WeightType.INT8, null, List.of(found(JAVA), MISSING))
                        .engine())
                .isSameAs(JAVA);
    }

    @Test
    void exactWeightsAreMultipliedInJavaUnlessAnEngineIsNamed() {
        Kernels kernels = KernelProvider.scalar();

        assertThat(LinearEngines.choose(WeightType.F32, null, kernels).engine().name())
                .isEqualTo("java");
        assertThat(LinearEngines.choose(WeightType.F32, "native", List.of(found(JAVA), found(NATIVE)))
                        .engine())
                .isSameAs(NATIVE);
    }

    @Test
    void whatCannotBeMetIsNamedWithWhatCan() {
        List<LinearEngines.Found> both = List.of(found(JAVA), found(NATIVE));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearEngines.choose(WeightType.BF16, "native", both))
                .withMessage("the engine native cannot multiply by bf16 weights on this machine, only by f32, int8");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearEngines.choose(WeightType.BF16, "cuda", both))
                .withMessage("there is no engine cuda, only java, native");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearEngines.choose(WeightType.INT8, "native", List.of(found(JAVA), MISSING)))
                .withMessage("the engine native cannot run on this machine: its library is not there");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearEngines.choose(
                        WeightType.INT8, null, List.of(found(new Named("java", Set.of(WeightType.F32))))))
                .withMessage("no engine can multiply by int8 weights on this machine: java can do f32");
    }

    @Test
    void javaIsAlwaysThere() {
        LinearEngines.Found first = LinearEngines.all(KernelProvider.scalar()).getFirst();

        assertThat(first.name()).isEqualTo("java");
        assertThat(first.engine()).isPresent();
        assertThat(first.reason()).isEmpty();
    }

    @Test
    void typesAreReadAsPeopleWriteThem() {
        for (WeightType type : WeightType.values()) {
            assertThat(WeightType.of(type.toString())).isEqualTo(type);
        }
        assertThat(WeightType.of("BF16")).isEqualTo(WeightType.BF16);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WeightType.of("fp8"))
                .withMessage("there is no weight type fp8, only f32, bf16, int8");
    }

    private static LinearEngines.Found found(LinearEngine engine) {
        return new LinearEngines.Found(engine.name(), Optional.of(engine), "");
    }

    private record Named(String name, Set<WeightType> types) implements LinearEngine {
        @Override
        public PreparedWeight prepare(float[] values, int out, int in, WeightType type) {
            throw new UnsupportedOperationException("it only has a name");
        }
    }
}

package heed.kernel;

import java.util.Set;

/// The engine that needs nothing but Java: weights packed for [Kernels#multiply].
public final class JavaEngine implements LinearEngine {
    /// What `--engine` calls it.
    public static final String NAME = "java";

    private final Kernels kernels;

    public JavaEngine(Kernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<WeightType> types() {
        return Set.of(WeightType.F32);
    }

    @Override
    public PreparedWeight prepare(float[] values, int out, int in, WeightType type) {
        LinearEngine.check(values, out, in);
        return switch (type) {
            case F32 -> new PackedWeight(PackedMatrix.ofTransposed(values, 0, out, in, kernels.panelWidth()), kernels);
            case BF16, INT8 -> throw new IllegalArgumentException("no " + type + " weights yet");
        };
    }
}

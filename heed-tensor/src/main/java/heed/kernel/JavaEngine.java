package heed.kernel;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The engine that needs nothing but Java: weights packed for [Kernels#multiply]. Narrow weights are rounded,
/// and their products have the bits of products in `f32` by the rounded values (bf16), or by the whole numbers
/// and then by their scales (int8): they save memory, and time where the weights come from memory rather than
/// from a cache.
public final class JavaEngine implements LinearEngine {
    /// What `--engine` calls it.
    public static final String NAME = "java";

    private final Kernels kernels;
    private final ConcurrentHashMap<Integer, ConcurrentLinkedQueue<float[]>> scratch = new ConcurrentHashMap<>();

    public JavaEngine(Kernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<WeightType> types() {
        return EnumSet.allOf(WeightType.class);
    }

    @Override
    public PreparedWeight prepare(float[] values, int out, int in, WeightType type) {
        LinearEngine.check(values, out, in);
        return switch (type) {
            case F32 -> new PackedWeight(PackedMatrix.ofTransposed(values, 0, out, in, kernels.panelWidth()), kernels);
            case BF16 -> narrow(NarrowMatrix.Bf16.ofTransposed(values, out, in, kernels.panelWidth()));
            case INT8 -> narrow(NarrowMatrix.Int8.ofTransposed(values, out, in, kernels.panelWidth()));
        };
    }

    private NarrowWeight narrow(NarrowMatrix matrix) {
        return new NarrowWeight(
                matrix, kernels, scratch.computeIfAbsent(matrix.rows(), _ -> new ConcurrentLinkedQueue<>()));
    }
}

package heed.kernel;

import java.util.Set;
import java.util.stream.Collectors;

/// How a model keeps the matrices of its linear maps: which engine multiplies with them, and in which type.
public record WeightFormat(LinearEngine engine, WeightType type) {
    /// @throws IllegalArgumentException when the engine cannot do the type here, naming those it can
    public WeightFormat {
        if (!engine.types().contains(type)) {
            throw new IllegalArgumentException("the engine " + engine.name() + " cannot multiply by " + type
                    + " weights on this machine, only by " + list(engine.types()));
        }
    }

    static String list(Set<WeightType> types) {
        return types.stream().sorted().map(WeightType::toString).collect(Collectors.joining(", "));
    }

    /// Exact weights, multiplied in Java.
    public static WeightFormat f32(Kernels kernels) {
        return new WeightFormat(new JavaEngine(kernels), WeightType.F32);
    }

    /// The same engine with weights of another type, for a map that needs more digits than the others.
    ///
    /// @throws IllegalArgumentException when the engine cannot do the type here
    public WeightFormat as(WeightType other) {
        return new WeightFormat(engine, other);
    }

    /// @param values `[out, in]` in row-major order; not kept
    public PreparedWeight prepare(float[] values, int out, int in) {
        return engine.prepare(values, out, in, type);
    }
}

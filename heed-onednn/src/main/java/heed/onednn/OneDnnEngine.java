package heed.onednn;

import heed.kernel.JavaEngine;
import heed.kernel.Kernels;
import heed.kernel.LinearEngine;
import heed.kernel.PreparedWeight;
import heed.kernel.WeightType;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Prepares weights for oneDNN. Weights of one shape share their kernels.
final class OneDnnEngine implements LinearEngine {
    private final Set<WeightType> types;
    private final Kernels kernels;
    private final Lanes lanes = new Lanes();
    private final ConcurrentHashMap<Matmul.Key, Matmul> products = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Matmul.Key, RowCounts> rowCounts = new ConcurrentHashMap<>();

    OneDnnEngine(Kernels kernels, Set<WeightType> types) {
        this.kernels = kernels;
        this.types = Set.copyOf(types);
    }

    @Override
    public String name() {
        return OneDnnProvider.NAME;
    }

    @Override
    public Set<WeightType> types() {
        return types;
    }

    @Override
    public PreparedWeight prepare(float[] values, int out, int in, WeightType type) {
        LinearEngine.check(values, out, in);
        if (out == 0 || in == 0) {
            return new JavaEngine(kernels).prepare(values, out, in, WeightType.F32); // oneDNN takes no empty matrices
        }
        return switch (type) {
            case INT8 -> new Int8Weight(this, values, out, in);
            case BF16, F32 -> new FloatWeight(this, values, out, in, type);
        };
    }

    Kernels kernels() {
        return kernels;
    }

    Lanes lanes() {
        return lanes;
    }

    /// The kernel for so many rows of a shape, made when it is first needed.
    Matmul product(Matmul.Key key) {
        Matmul known = products.get(key);
        return known != null ? known : products.computeIfAbsent(key, Matmul::new);
    }

    /// The counts of rows that products of a shape can have.
    ///
    /// @param weights the memory object of weights of this shape
    RowCounts rowCounts(Matmul.Key shape, MemorySegment weights) {
        return rowCounts.computeIfAbsent(shape, key -> RowCounts.agreeing(key, weights, this));
    }
}

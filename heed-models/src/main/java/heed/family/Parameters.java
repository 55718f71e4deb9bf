package heed.family;

import heed.checkpoint.Checkpoint;
import heed.kernel.WeightFormat;
import heed.layer.LayerNorm;
import heed.layer.Linear;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import java.util.Map;

/// The parameters that a [WeightTable] matched, by path. Each is read when it is asked for.
final class Parameters {
    private final Checkpoint checkpoint;
    private final Naming naming;
    private final Map<String, String> names;
    private final Map<String, Shape> shapes;

    Parameters(Checkpoint checkpoint, Naming naming, Map<String, String> names, Map<String, Shape> shapes) {
        this.checkpoint = checkpoint;
        this.naming = naming;
        this.names = Map.copyOf(names);
        this.shapes = Map.copyOf(shapes);
    }

    /// Whether the checkpoint fills this parameter; false only for those of optional groups.
    boolean has(String path) {
        return names.containsKey(path);
    }

    Tensor tensor(String path) {
        String name = names.get(path);
        Shape shape = shapes.get(path);
        if (name == null || shape == null) {
            throw new IllegalStateException("the weight table has no parameter " + path);
        }
        float[] values = checkpoint.read(name);
        if (naming.transposed(name)) {
            return Tensor.of(Shape.of(shape.size(1), shape.size(0)), values)
                    .transpose()
                    .copy();
        }
        return Tensor.of(shape, values);
    }

    Linear linear(String path, WeightFormat format) {
        return new Linear(Weight.of(tensor(path + ".weight"), format), tensor(path + ".bias"));
    }

    LayerNorm layerNorm(String path, float eps) {
        return new LayerNorm(tensor(path + ".weight"), tensor(path + ".bias"), eps);
    }
}

package heed.family;

import heed.attention.Attention;
import heed.attention.Heads;
import heed.attention.MultiHeadAttention;
import heed.checkpoint.Checkpoint;
import heed.kernel.WeightFormat;
import heed.layer.LayerNorm;
import heed.layer.Linear;
import heed.layer.RmsNorm;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import java.util.Arrays;
import java.util.Map;

/// The parameters that a [WeightTable] matched, by path. Each is read when it is asked for.
final class Parameters {
    private final Checkpoint checkpoint;
    private final Naming naming;
    private final Map<String, Filled> filled;
    private final WeightFormat format;

    /// What fills a parameter.
    ///
    /// @param name the tensor in the checkpoint's own spelling
    /// @param shape of the parameter
    /// @param whole the shape of the tensor, `[out, in]`, of which the parameter may be a part
    record Filled(String name, WeightTable.Source source, Shape shape, Shape whole) {}

    Parameters(Checkpoint checkpoint, Naming naming, Map<String, Filled> filled, WeightFormat format) {
        this.checkpoint = checkpoint;
        this.naming = naming;
        this.filled = Map.copyOf(filled);
        this.format = format;
    }

    /// Whether the checkpoint fills this parameter; false for those of optional groups that it lacks, and for
    /// those that the table does not have.
    boolean has(String path) {
        return filled.containsKey(path);
    }

    Tensor tensor(String path) {
        Filled found = filled.get(path);
        if (found == null) {
            throw new IllegalStateException("the weight table has no parameter " + path);
        }
        Tensor whole = whole(found);
        return switch (found.source) {
            case WeightTable.Source.One _, WeightTable.Source.Tied _ -> whole;
            case WeightTable.Source.Slice slice -> rows(whole, slice, found.shape);
        };
    }

    /// A parameter that may be tied to another: that other one where the numbers are the same, so that they are
    /// kept once.
    Tensor tied(String path, Tensor other) {
        Tensor own = tensor(path);
        boolean same = own.shape().equals(other.shape()) && Arrays.equals(own.toArray(), other.toArray());
        return same ? other : own;
    }

    private Tensor whole(Filled found) {
        float[] values = checkpoint.read(found.name);
        Shape shape = found.whole;
        return naming.transposed(found.name)
                ? Tensor.of(Shape.of(shape.size(1), shape.size(0)), values)
                        .transpose()
                        .copy()
                : Tensor.of(shape, values);
    }

    private static Tensor rows(Tensor whole, WeightTable.Source.Slice slice, Shape shape) {
        Tensor part = Tensor.zeros(shape.toArray());
        int width = shape.elements() / shape.size(0);
        int length = slice.to() - slice.from();
        for (int row = 0; row < shape.size(0); row += length) {
            int from = row / length * slice.period() + slice.from();
            System.arraycopy(whole.values(), from * width, part.values(), row * width, length * width);
        }
        return part;
    }

    /// A matrix in the form that products read.
    Weight weight(String path) {
        return weight(tensor(path));
    }

    Weight weight(Tensor matrix) {
        return Weight.of(matrix, format);
    }

    /// The linear map of `path.weight` and, where the table has one, `path.bias`.
    Linear linear(String path) {
        return new Linear(weight(path + ".weight"), has(path + ".bias") ? tensor(path + ".bias") : null);
    }

    /// The projections `path.wQ`, `path.wK`, `path.wV` and `path.wO`.
    MultiHeadAttention attention(String path, Heads heads, Attention attention) {
        return new MultiHeadAttention(
                heads,
                linear(path + ".wQ"),
                linear(path + ".wK"),
                linear(path + ".wV"),
                linear(path + ".wO"),
                attention);
    }

    LayerNorm layerNorm(String path, float eps) {
        return new LayerNorm(tensor(path + ".weight"), tensor(path + ".bias"), eps);
    }

    RmsNorm rmsNorm(String path, float eps) {
        return new RmsNorm(tensor(path + ".weight"), eps);
    }
}

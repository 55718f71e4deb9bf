package heed.family;

import heed.attention.Attention;
import heed.attention.Heads;
import heed.attention.MultiHeadAttention;
import heed.checkpoint.NamedTensor;
import heed.layer.Constant;
import heed.layer.LayerNorm;
import heed.layer.Linear;
import heed.layer.RmsNorm;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The parameters that a [WeightTable] matched, by path. Each is read when it is asked for; those that are to
/// be learned are kept, for they are written again.
final class Parameters {
    private final ParameterSource source;
    private final Naming naming;
    private final Map<String, Filled> filled; // in the order of the table
    private final Map<String, Tensor> kept = new ConcurrentHashMap<>(); // layers are made by several threads

    /// What fills a parameter.
    ///
    /// @param name the tensor in the checkpoint's own spelling
    /// @param stored the tensor in the spelling of a checkpoint of ours
    /// @param shape of the parameter
    /// @param whole the shape of the tensor, `[out, in]`, of which the parameter may be a part
    /// @param drawn the values where the checkpoint has none
    record Filled(
            String name,
            String stored,
            WeightTable.Source source,
            Shape shape,
            Shape whole,
            @Nullable Tensor drawn) {}

    Parameters(ParameterSource source, Naming naming, Map<String, Filled> filled) {
        this.source = source;
        this.naming = naming;
        this.filled = Collections.unmodifiableMap(filled);
        if (source instanceof ParameterSource.Learned learned) {
            learned.bound(this);
        }
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
        return source instanceof ParameterSource.Learned ? kept.computeIfAbsent(path, _ -> read(found)) : read(found);
    }

    /// A parameter that may be tied to another: that other one where the numbers are the same, so that they are
    /// kept once.
    Tensor tied(String path, Tensor other) {
        Tensor own = tensor(path);
        boolean same = own.shape().equals(other.shape()) && Arrays.equals(own.toArray(), other.toArray());
        if (same) {
            kept.replace(path, other);
        }
        return same ? other : own;
    }

    private Tensor read(Filled found) {
        if (found.drawn != null) {
            return found.drawn;
        }
        Tensor whole = whole(found);
        return switch (found.source) {
            case WeightTable.Source.One _, WeightTable.Source.Tied _ -> whole;
            case WeightTable.Source.Slice slice -> rows(whole, slice, found.shape);
        };
    }

    private Tensor whole(Filled found) {
        float[] values = source.checkpoint().read(found.name);
        Shape shape = found.whole;
        return naming.transposed(found.name)
                ? Tensor.of(Shape.of(shape.size(1), shape.size(0)), values)
                        .transpose()
                        .copy()
                : Tensor.of(shape, values);
    }

    private static Tensor rows(Tensor whole, WeightTable.Source.Slice slice, Shape shape) {
        Tensor part = Tensor.zeros(shape.toArray());
        copyRows(
                slice,
                shape,
                (inWhole, inPart, values) -> System.arraycopy(whole.values(), inWhole, part.values(), inPart, values));
        return part;
    }

    /// A stretch of values that a tensor and a part of it have in common.
    private interface Stretch {
        void copy(int inWhole, int inPart, int values);
    }

    private static void copyRows(WeightTable.Source.Slice slice, Shape shape, Stretch stretch) {
        int width = shape.elements() / shape.size(0);
        int length = slice.to() - slice.from();
        for (int row = 0; row < shape.size(0); row += length) {
            int from = row / length * slice.period() + slice.from();
            stretch.copy(from * width, row * width, length * width);
        }
    }

    void readAll() {
        filled.keySet().forEach(this::tensor);
    }

    String name(Tensor tensor) {
        IdentityHashMap<float[], String> names = new IdentityHashMap<>(); // a tensor is its array
        filled.forEach((path, row) -> {
            Tensor value = kept.get(path);
            if (value != null) {
                names.put(value.values(), row.stored);
            }
        });
        String name = names.get(tensor.values());
        if (name != null) {
            return name;
        }
        throw new IllegalArgumentException("a tensor of shape " + tensor.shape() + " is no parameter that was loaded");
    }

    /// The tensors of a checkpoint that these parameters fill, as they are now.
    List<NamedTensor> tensors() {
        Map<String, Tensor> wholes = new LinkedHashMap<>();
        filled.forEach((path, row) -> {
            Tensor value = tensor(path);
            if (row.source instanceof WeightTable.Source.Slice slice) {
                Tensor whole = wholes.computeIfAbsent(row.stored, _ -> Tensor.zeros(row.whole.toArray()));
                copyRows(
                        slice,
                        row.shape,
                        (inWhole, inPart, values) ->
                                System.arraycopy(value.values(), inPart, whole.values(), inWhole, values));
            } else {
                wholes.put(row.stored, value);
            }
        });
        return wholes.entrySet().stream()
                .map(entry -> named(entry.getKey(), entry.getValue()))
                .toList();
    }

    private NamedTensor named(String name, Tensor tensor) {
        Tensor laidOut = naming.transposed(name) ? tensor.transpose() : tensor;
        List<Integer> shape = Arrays.stream(laidOut.shape().toArray()).boxed().toList();
        return NamedTensor.of(name, shape, laidOut.toArray());
    }

    /// A matrix in the form that products read.
    Weight weight(String path) {
        return weight(tensor(path));
    }

    Weight weight(Tensor matrix) {
        return source.weight(matrix);
    }

    /// The linear map of `path.weight` and, where the table has one, `path.bias`.
    Linear linear(String path) {
        return new Linear(weight(path + ".weight"), has(path + ".bias") ? tensor(path + ".bias") : null);
    }

    /// A head that adds to its scores what is never learned. Where nothing is, that is a bias like any other.
    ///
    /// @param decoder `[V, D]`
    /// @param constant `[V]`
    Head.LanguageModel languageModel(Tensor decoder, Tensor constant) {
        return source instanceof ParameterSource.Learned
                ? new Head.LanguageModel(1, new Linear(weight(decoder), null), new Constant(constant))
                : new Head.LanguageModel(1, new Linear(weight(decoder), constant));
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

package heed.training;

import heed.attention.ScoreBias;
import heed.autograd.Parameter;
import heed.layer.Constant;
import heed.layer.Linear;
import heed.position.PositionalEncoding;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The parameters of a model by path. A model is a tree of records; a parameter's path is the names of the
/// record components that lead to it, with numbers in lists: `layers.3.attention.wQ.weight`. A [Constant] is no
/// parameter.
public final class ParameterTree {
    private ParameterTree() {}

    /// All parameters of a model in the order of its components. An array that stands at several places, as
    /// with tied embeddings, is one parameter, under its first path.
    ///
    /// @throws IllegalArgumentException when a weight was prepared for inference, or a public record's
    /// component cannot be read
    public static List<Parameter> of(Record model) {
        Map<String, Tensor> found = new LinkedHashMap<>();
        collect("", model, found);
        IdentityHashMap<float[], String> paths = new IdentityHashMap<>();
        List<Parameter> parameters = new ArrayList<>();
        found.forEach((path, tensor) -> {
            if (paths.putIfAbsent(tensor.values(), path) == null) {
                parameters.add(Parameter.of(path, tensor));
            }
        });
        return parameters;
    }

    private static void collect(String path, @Nullable Object node, Map<String, Tensor> found) {
        switch (node) {
            case Tensor tensor -> found.put(path, tensor);
            case Weight weight -> {
                Tensor matrix = weight.matrix();
                if (matrix == null) {
                    throw new IllegalArgumentException(path + " was prepared for inference and cannot be trained");
                }
                found.put(path, matrix);
            }
            case PositionalEncoding.Sinusoidal _, ScoreBias.Linear _ -> {} // computed, not learned
            case Constant _ -> {}
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    collect(join(path, String.valueOf(i)), list.get(i), found);
                }
            }
            case Record part -> {
                for (RecordComponent component : part.getClass().getRecordComponents()) {
                    collect(join(path, component.getName()), read(component, part), found);
                }
            }
            case null, default -> {}
        }
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static @Nullable Object read(RecordComponent component, Record part) {
        try {
            return component.getAccessor().invoke(part);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "the component " + component.getName() + " of " + part.getClass() + " cannot be read", e);
        }
    }

    /// A copy of a model whose weights can be learned, with numbers of its own; the original stays as it is.
    /// What was one array at several places is one array in the copy.
    public static <T extends Record> T learnable(T model) {
        @SuppressWarnings("unchecked") // a copy of a record is a record of the same class
        T copy = (T) copy(model, new IdentityHashMap<>());
        return copy;
    }

    private static Object copy(Object node, IdentityHashMap<Object, Object> copies) {
        return switch (node) {
            case Tensor tensor -> {
                Tensor whole = (Tensor) copies.computeIfAbsent(tensor.values(), _ -> tensor.copy());
                yield whole.shape().equals(tensor.shape()) ? whole : tensor.copy();
            }
            case Weight weight ->
                copies.computeIfAbsent(weight, _ -> {
                    Tensor matrix = weight.matrix();
                    return Weight.learned(matrix == null ? weight.toTensor() : (Tensor) copy(matrix, copies));
                });
            case PositionalEncoding.Sinusoidal sinusoidal -> sinusoidal;
            case List<?> list -> list.stream().map(part -> copy(part, copies)).toList();
            case Record part -> copyOf(part, (_, value) -> copy(value, copies));
            default -> node;
        };
    }

    /// The same model with other linear maps; everything else is the original's.
    ///
    /// @param change given a map and its path
    public static <T extends Record> T withMaps(T model, BiFunction<String, Linear, Linear> change) {
        @SuppressWarnings("unchecked") // a copy of a record is a record of the same class
        T changed = (T) withMaps("", model, change);
        return changed;
    }

    private static Object withMaps(String path, Object node, BiFunction<String, Linear, Linear> change) {
        return switch (node) {
            case Linear map -> change.apply(path, map);
            case List<?> list ->
                IntStream.range(0, list.size())
                        .mapToObj(i -> withMaps(join(path, String.valueOf(i)), list.get(i), change))
                        .toList();
            case PositionalEncoding positions -> positions;
            case Record part
            when holdsMaps(part) -> copyOf(part, (name, value) -> withMaps(join(path, name), value, change));
            default -> node;
        };
    }

    /// Other records, such as configurations, need not be copied.
    private static boolean holdsMaps(@Nullable Object node) {
        return switch (node) {
            case Linear _ -> true;
            case List<?> list -> list.stream().anyMatch(ParameterTree::holdsMaps);
            case Record part ->
                Arrays.stream(part.getClass().getRecordComponents())
                        .anyMatch(component -> holdsMaps(read(component, part)));
            case null, default -> false;
        };
    }

    private static Record copyOf(Record part, BiFunction<String, Object, Object> copy) {
        RecordComponent[] components = part.getClass().getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            Object value = read(components[i], part);
            values[i] = value == null ? null : copy.apply(components[i].getName(), value);
        }
        try {
            Constructor<? extends Record> constructor = part.getClass().getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("a " + part.getClass() + " cannot be copied", e);
        }
    }
}

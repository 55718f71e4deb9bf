package heed.cli.bench;

import heed.kernel.Kernels;
import heed.kernel.PackedMatrix;
import heed.kernel.ProductWatch;
import heed.kernel.Quantization;
import heed.kernel.Widening;
import heed.pass.Point;
import heed.pass.Site;
import heed.pass.Watch;
import heed.tensor.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Kernels that note how long each of their loops runs, on all threads together, and a watch that tells them at
/// which part of a layer the pass has arrived. Whoever does not ask for them never meets a clock.
final class TimedKernels implements Watch, ProductWatch {
    /// @param matrix `[in, out]` of a product; null for other loops
    private record Operation(String loop, @Nullable String matrix, Part part) {}

    private enum Part {
        EMBEDDING,
        PROJECTIONS,
        AFTER_ATTENTION
    }

    private final Map<Operation, LongAdder> nanos = new ConcurrentHashMap<>();
    private final Kernels timed;
    private volatile Part part = Part.EMBEDDING;

    TimedKernels(Kernels kernels) {
        Quantization quantization = timed(Quantization.class, kernels.quantization());
        Widening widening = timed(Widening.class, kernels.widening());
        Kernels loops = timed(Kernels.class, kernels);
        this.timed = (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(),
                new Class<?>[] {Kernels.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "quantization" -> quantization;
                    case "widening" -> widening;
                    case "productWatch" -> this;
                    default -> method.invoke(loops, arguments);
                });
    }

    private <T> T timed(Class<T> type, T loops) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    long start = System.nanoTime();
                    boolean loop = method.getReturnType() != int.class && method.getReturnType() != String.class;
                    try {
                        return method.invoke(loops, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        if (loop) {
                            add(operation(method.getName(), arguments), System.nanoTime() - start);
                        }
                    }
                }));
    }

    Kernels kernels() {
        return timed;
    }

    private Operation operation(String loop, Object @Nullable [] arguments) {
        if (arguments != null) {
            for (Object argument : arguments) {
                if (argument instanceof PackedMatrix matrix) {
                    return product(matrix.rows(), matrix.columns());
                }
            }
        }
        return new Operation(loop, null, part);
    }

    private Operation product(int in, int out) {
        return new Operation("multiply", in + "→" + out, part);
    }

    private void add(Operation operation, long time) {
        nanos.computeIfAbsent(operation, _ -> new LongAdder()).add(time);
    }

    @Override
    public long begin() {
        return System.nanoTime();
    }

    @Override
    public void end(long begun, int in, int out) {
        add(product(in, out), System.nanoTime() - begun);
    }

    /// To be called before each pass, which begins with the embeddings.
    void beginPass() {
        part = Part.EMBEDDING;
    }

    /// Begins to count anew.
    void forget() {
        nanos.clear();
    }

    /// Seconds of all threads together, by the name of the operation.
    Map<String, Double> seconds() {
        return nanos.entrySet().stream()
                .collect(Collectors.groupingBy(
                        entry -> name(entry.getKey()),
                        Collectors.summingDouble(entry -> entry.getValue().sum() / 1e9)));
    }

    private static String name(Operation operation) {
        String matrix = operation.matrix;
        if (matrix != null) {
            String place = operation.part == Part.PROJECTIONS ? "query, key, value" : "after attention";
            return "linear " + matrix + " (" + place + ")";
        }
        return switch (operation.loop) {
            case "attend" -> "attention";
            case "layerNorm" -> "layer norm";
            case "activate" -> "activation";
            case "add" -> operation.part == Part.EMBEDDING ? "embedding" : "add";
            default -> operation.loop;
        };
    }

    @Override
    public boolean wants(Site site, Point point) {
        return point == Point.HIDDEN || point == Point.CONTEXT;
    }

    @Override
    public Tensor see(Site site, Point point, int sequence, Tensor value) {
        part = point == Point.CONTEXT ? Part.AFTER_ATTENTION : Part.PROJECTIONS;
        return value;
    }
}

package heed.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The engines of this program, and which of them multiplies by weights of a type.
public final class LinearEngines {
    private static final AtomicBoolean SAID = new AtomicBoolean();

    private LinearEngines() {}

    /// An engine that was found.
    ///
    /// @param engine empty when it cannot run on this machine
    /// @param reason why it cannot; empty when it can
    public record Found(String name, Optional<LinearEngine> engine, String reason) {}

    /// All engines of this program: Java first, then those of other modules by name.
    public static List<Found> all(Kernels kernels) {
        List<Found> found = new ArrayList<>();
        found.add(new Found(JavaEngine.NAME, Optional.of(new JavaEngine(kernels)), ""));
        ServiceLoader.load(LinearEngineProvider.class, LinearEngineProvider.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .map(provider -> open(provider, kernels))
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .forEach(found::add);
        return found;
    }

    private static Found open(LinearEngineProvider provider, Kernels kernels) {
        try {
            return new Found(provider.name(), Optional.of(provider.open(kernels)), "");
        } catch (EngineUnavailableException e) {
            return new Found(provider.name(), Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    /// The format for weights of a type. Exact weights are multiplied in Java; for others an engine of another
    /// module is taken where one can do the type, because Java has no instructions for them. If none can, Java
    /// multiplies and a log record says once why.
    ///
    /// @param engine the name of the engine that must do it; null for the best
    /// @throws IllegalArgumentException when there is no such engine, or it cannot do the type here; the
    /// message says what is possible
    public static WeightFormat choose(WeightType type, @Nullable String engine, Kernels kernels) {
        if (type == WeightType.F32 && (engine == null || engine.equals(JavaEngine.NAME))) {
            return WeightFormat.f32(kernels); // nothing to look for
        }
        return choose(type, engine, all(kernels));
    }

    static WeightFormat choose(WeightType type, @Nullable String engine, List<Found> found) {
        if (engine != null) {
            return new WeightFormat(named(engine, found), type);
        }
        for (Found one : found.reversed()) { // Java is the first, and the last resort
            if (one.engine().isPresent() && one.engine().get().types().contains(type)) {
                WeightFormat format = new WeightFormat(one.engine().get(), type);
                if (one.name().equals(JavaEngine.NAME)) {
                    say(type, found);
                }
                return format;
            }
        }
        throw new IllegalArgumentException("no engine can multiply by " + type + " weights on this machine: "
                + found.stream()
                        .flatMap(one -> one.engine().stream())
                        .map(one -> one.name() + " can do " + WeightFormat.list(one.types()))
                        .collect(Collectors.joining("; ")));
    }

    private static LinearEngine named(String engine, List<Found> found) {
        Found named = found.stream()
                .filter(one -> one.name().equals(engine))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no engine " + engine + ", only "
                        + found.stream().map(Found::name).collect(Collectors.joining(", "))));
        return named.engine()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the engine " + engine + " cannot run on this machine: " + named.reason()));
    }

    /// Once in a program's life, for a slow path that nobody asked for must not be silent.
    private static void say(WeightType type, List<Found> found) {
        if (SAID.compareAndSet(false, true)) {
            String why = found.stream()
                    .filter(one -> !one.name().equals(JavaEngine.NAME))
                    .map(one -> one.name() + ": " + (one.engine().isPresent() ? "cannot do " + type : one.reason()))
                    .collect(Collectors.joining("; "));
            System.getLogger(LinearEngines.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "Products by {0} weights run in Java, about as fast as f32 ({1})",
                            type,
                            why.isEmpty() ? "the module heed-onednn is not there" : why);
        }
    }
}

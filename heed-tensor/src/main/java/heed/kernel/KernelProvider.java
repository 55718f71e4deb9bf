package heed.kernel;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Chooses, once, which [Kernels] run: those on vector registers where the module `jdk.incubator.vector` is
/// there and the registers are wide enough, otherwise the scalar ones.
///
/// The system property `heed.kernels` (`scalar` or `vector`) forces one of them.
public final class KernelProvider {
    /// The system property that forces an implementation.
    public static final String PROPERTY = "heed.kernels";

    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    private static volatile @Nullable ActiveKernels active;

    /// The kernels in use.
    ///
    /// @param reason why these, in words for people
    public record ActiveKernels(Kernels kernels, String reason) {}

    private KernelProvider() {}

    /// The kernels that all of Heed runs on. The first call chooses; a choice of the scalar kernels that
    /// nobody asked for is logged once, with what to do about it.
    ///
    /// @throws IllegalArgumentException if the property has an unknown value
    /// @throws IllegalStateException if the property forces vector kernels that cannot run here
    public static ActiveKernels active() {
        ActiveKernels chosen = active;
        return chosen == null ? chooseOnce() : chosen;
    }

    /// The readable kernels; they run everywhere.
    public static Kernels scalar() {
        return new ScalarKernels();
    }

    /// The kernels on vector registers, if they can run here.
    public static Optional<Kernels> vector() {
        return whyNotVector() == null ? Optional.of(createVector()) : Optional.empty();
    }

    private static synchronized ActiveKernels chooseOnce() {
        ActiveKernels chosen = active;
        if (chosen == null) {
            String requested = System.getProperty(PROPERTY);
            chosen = choose(requested);
            active = chosen;
            if (requested == null && chosen.kernels() instanceof ScalarKernels) {
                System.getLogger(KernelProvider.class.getName())
                        .log(System.Logger.Level.WARNING, "Running on slow scalar kernels: " + chosen.reason());
            }
        }
        return chosen;
    }

    /// @param requested the value of the property; null if it is not set
    static ActiveKernels choose(@Nullable String requested) {
        if (requested == null) {
            String obstacle = whyNotVector();
            return obstacle == null
                    ? new ActiveKernels(createVector(), "the module " + VECTOR_MODULE + " is there")
                    : new ActiveKernels(scalar(), obstacle);
        }
        return switch (requested) {
            case "scalar" -> new ActiveKernels(scalar(), "asked for by " + PROPERTY + "=scalar");
            case "vector" -> {
                String obstacle = whyNotVector();
                if (obstacle != null) {
                    throw new IllegalStateException(PROPERTY + "=vector cannot be met: " + obstacle);
                }
                yield new ActiveKernels(createVector(), "asked for by " + PROPERTY + "=vector");
            }
            default ->
                throw new IllegalArgumentException(
                        PROPERTY + " must be \"scalar\" or \"vector\", got \"" + requested + "\"");
        };
    }

    /// Why the vector kernels cannot run here, or null if they can. Looks at the module first: a class that
    /// names types of that module must not even be linked where it is missing.
    private static @Nullable String whyNotVector() {
        Module own = KernelProvider.class.getModule();
        ModuleLayer layer = own.getLayer() == null ? ModuleLayer.boot() : own.getLayer();
        Optional<Module> vectorModule = layer.findModule(VECTOR_MODULE);
        if (vectorModule.isEmpty() || !own.canRead(vectorModule.get())) {
            return "the module " + VECTOR_MODULE + " is not there; start Java with --add-modules " + VECTOR_MODULE;
        }
        return VectorWidth.obstacle();
    }

    private static Kernels createVector() {
        VectorWidth.bits(); // an impossible width fails here with its own message, not in a static initializer
        return new VectorKernels();
    }
}

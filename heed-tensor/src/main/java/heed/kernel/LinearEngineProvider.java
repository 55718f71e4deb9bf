package heed.kernel;

/// Offers a [LinearEngine] of another module. Providers are found by [java.util.ServiceLoader]; a program
/// without the module simply has one engine less.
public interface LinearEngineProvider {
    /// The name of the engine.
    String name();

    /// The engine, with the loops around its products on the given kernels. Loads what it needs the first time.
    ///
    /// @throws EngineUnavailableException when it cannot run on this machine
    LinearEngine open(Kernels kernels) throws EngineUnavailableException;
}

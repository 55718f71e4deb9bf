package heed.server;

import io.helidon.logging.common.spi.LoggingProvider;

/// Leaves logging to the application. Without a provider Helidon says on standard error that there is none.
public final class HelidonLogging implements LoggingProvider {
    /// For the service loader.
    public HelidonLogging() {}

    @Override
    public void initialization() {}

    @Override
    public void runTime() {}
}

package heed.cli.bench;

import heed.kernel.WorkerPool;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option `--threads`.
final class ThreadsOption {
    @Option(names = "--threads", paramLabel = "N", description = "Default: all processors.")
    private @Nullable Integer threads;

    /// @throws IllegalArgumentException when so many threads make no sense here
    WorkerPool pool() {
        return WorkerPool.of(threads == null ? Runtime.getRuntime().availableProcessors() : threads);
    }
}

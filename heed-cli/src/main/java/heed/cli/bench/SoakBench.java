package heed.cli.bench;

import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.task.Embedder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        description =
                "Ask a model for random texts of random lengths from several threads for a long time; fails when a"
                        + " result differs from a single run's or memory grows.",
        footerHeading = "%nExample:%n",
        footer = {
            "  HEED_JAVA_OPTIONS=-Xmx512m heed bench soak --minutes 120",
            "",
            "prints a line per interval: requests and tokens a second, latency, heap in use after",
            "a collection, memory of the process."
        })
final class SoakBench implements Callable<Integer> {
    private static final int INTERVALS = 12;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ModelChoice model = new ModelChoice();

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Option(names = "--minutes", paramLabel = "M", defaultValue = "120", description = "Default: 120")
    private double minutes;

    @Option(names = "--callers", paramLabel = "N", defaultValue = "8", description = "Threads that ask. Default: 8")
    private int callers;

    @Option(
            names = "--longest",
            paramLabel = "TOKENS",
            defaultValue = "256",
            description = "Of the random texts. Default: 256")
    private int longest;

    @Override
    public Integer call() throws InterruptedException {
        Console console = Console.of(spec);
        if (!(minutes > 0) || callers < 1 || longest < 1) {
            throw new IllegalArgumentException("a soak of " + minutes + " minutes with " + callers
                    + " callers and texts of at most " + longest + " tokens is none: all must be positive");
        }
        try (WorkerPool workers = threads.pool();
                Model opened = model.open(workers, console)) {
            opened.requireLength(longest, "the longest text");
            SoakRequests requests = SoakRequests.of(
                    new Embedder(opened), longest, opened.config().vocabularySize());
            SoakMemory memory = new SoakMemory();
            List<SoakCaller> asking = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                asking.add(new SoakCaller(new Embedder(opened), requests, i));
            }
            try {
                asking.forEach(SoakCaller::start);
                for (int interval = 1; interval <= INTERVALS; interval++) {
                    Thread.sleep(Math.round(minutes * 60_000 / INTERVALS));
                    console.print(memory.measure(
                                    Line.of("soak", opened.kernels().name(), workers, "f32")
                                            .with("callers", callers)
                                            .with("interval", interval),
                                    asking)
                            .values());
                }
            } finally {
                asking.forEach(SoakCaller::stop);
            }
            for (SoakCaller caller : asking) {
                caller.join();
            }
            asking.forEach(SoakCaller::rethrowFailure);
            memory.requireFlat();
        }
        return 0;
    }
}

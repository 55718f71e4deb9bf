package heed.cli.bench;

import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.task.Embedder;
import heed.timing.OtherLoad;
import heed.timing.Timing;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "latency",
        mixinStandardHelpOptions = true,
        description = "Milliseconds until one text is embedded, by its length in tokens; tokenising is not counted.",
        footerHeading = "%nExample:%n",
        footer = "  heed bench latency --tokens 16,64,256")
final class LatencyBench implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ModelChoice model = new ModelChoice();

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Mixin
    private WarmUpOption warmUp = new WarmUpOption();

    @Option(
            names = "--tokens",
            split = ",",
            defaultValue = "16,64,256",
            paramLabel = "N",
            description = "Default: 16,64,256")
    private int[] lengths = {};

    @Option(names = "--calls", defaultValue = "400", paramLabel = "N", description = "Default: 400")
    private int calls;

    @Option(names = "--profile", description = "Show where the time goes, by operation, instead.")
    private boolean profile;

    @Override
    public Integer call() {
        Console console = Console.of(spec);
        if (calls < 1) {
            throw new IllegalArgumentException(calls + " calls cannot be timed, use at least 1");
        }
        try (WorkerPool workers = threads.pool();
                Model opened = model.open(workers, console)) {
            for (int length : lengths) {
                int[] ids = SomeTokens.text(length, opened.config().vocabularySize());
                opened.requireLength(length, "the text");
                if (profile) {
                    new Profile(model, workers, warmUp.seconds(), console).run(List.of(ids));
                } else {
                    console.print(measure(opened, ids, workers, console).values());
                }
            }
        }
        return 0;
    }

    private Line measure(Model opened, int[] ids, WorkerPool workers, Console console) {
        Embedder embedder = new Embedder(opened);
        Optional<Embedding.Agreement> agreement = Embedding.check(model, opened, List.of(ids), console);
        List<int[]> one = List.of(ids);
        Timing.warmUp(() -> embedder.embedTokens(one), warmUp.seconds());
        OtherLoad others = OtherLoad.start();
        Timing timing = Timing.of(() -> embedder.embedTokens(one), 0, calls, calls);
        Line line = Line.of("latency", opened, workers)
                .with("model", model.reference())
                .with("tokens", ids.length)
                .with(timing)
                .with("p50_ms", timing.median() * 1e3, 3)
                .with("calls", calls);
        agreement.ifPresent(found -> found.addTo(line));
        return Line.beside(others, line);
    }
}

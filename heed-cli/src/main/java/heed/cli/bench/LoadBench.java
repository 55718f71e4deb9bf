package heed.cli.bench;

import heed.timing.OpenLoad;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = {
            "Ask a server about comments at a constant rate, whether it has answered the earlier ones or not. Latencies"
                    + " are counted from when a request was to be sent, so that a server that stalls cannot hide it.",
            "",
            "The server is one of this machine: --url, or one that is started for it: --model. With --capacity the rate"
                    + " that it can do at most is measured first, then 80, 100 and 150 %% of it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  heed bench load --url http://127.0.0.1:8420/ --route predict --rate 50 --seconds 30",
            "  heed bench load --model ./my-model --policy policy/policy.yaml --route moderate --capacity --seconds 60"
        })
final class LoadBench implements Callable<Integer> {
    private static final double MOST_RATE = 100_000;
    private static final double MOST_SECONDS = 600;
    private static final int MOST_REQUESTS = 2_000_000;
    private static final int CALLERS = 64;
    private static final double[] SHARES = {0.8, 1, 1.5};

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--url", paramLabel = "URL", description = "A server that runs on this machine.")
    private @Nullable URI url;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description = "Starts a server with this model, in a process of its own.")
    private @Nullable String model;

    @Option(names = "--policy", paramLabel = "FILE", description = "For the server that is started, to moderate by.")
    private @Nullable Path policy;

    @Option(
            names = "--route",
            paramLabel = "embed|predict|moderate",
            description = "What is asked: vectors, labels or decisions. Default: predict")
    private LoadTarget.Route route = LoadTarget.Route.PREDICT;

    @Option(names = "--rate", paramLabel = "N", description = "Requests a second, a comment each. Default: 10")
    private double rate = 10;

    @Option(names = "--seconds", paramLabel = "S", description = "How long, at each rate. Default: 10; at most 600")
    private double seconds = 10;

    @Option(names = "--words", paramLabel = "N", description = "Of a comment. Default: 100")
    private int words = 100;

    @Option(names = "--capacity", description = "Find the greatest rate, then take 80, 100 and 150 %% of it.")
    private boolean capacity;

    @Mixin
    private WarmUpOption warmUp = new WarmUpOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if ((url == null) == (model == null)) {
            throw new ParameterException(spec.commandLine(), "name a server with --url, or a model with --model");
        }
        requireBounds(rate);
        if (words < 1 || words > 10_000) {
            throw new IllegalArgumentException("--words is 1 to 10000, not " + words);
        }
        Console console = Console.of(spec);
        URI named = url;
        if (named != null) {
            try (LoadTarget target = LoadTarget.of(named, route, words)) {
                measure(target, null, console);
            }
        } else {
            try (LoadServer server = LoadServer.start(String.valueOf(model), policy);
                    LoadTarget target = LoadTarget.of(server.url(), route, words)) {
                measure(target, server, console);
            }
        }
        return 0;
    }

    private void requireBounds(double wanted) {
        if (!(wanted > 0 && wanted <= MOST_RATE) || !(seconds > 0 && seconds <= MOST_SECONDS)) {
            throw new IllegalArgumentException("a load of " + wanted + " requests a second for " + seconds
                    + " seconds: at most 100000 for at most 600");
        }
        if (wanted * seconds > MOST_REQUESTS) {
            throw new IllegalArgumentException(
                    Math.round(wanted * seconds) + " requests are more than " + MOST_REQUESTS);
        }
    }

    private void measure(LoadTarget target, @Nullable LoadServer server, Console console)
            throws IOException, InterruptedException {
        target.requireReady();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            closed(target, executor, warmUp.seconds());
            List<Double> rates = new ArrayList<>(List.of(rate));
            if (capacity) {
                double most = closed(target, executor, seconds);
                console.print(new Line()
                        .with("bench", "load")
                        .with("route", target.route().path())
                        .with("callers", CALLERS)
                        .with("capacity_per_second", most, 1)
                        .values());
                rates.clear();
                for (double share : SHARES) {
                    rates.add(share * most);
                }
            }
            List<String> table = new ArrayList<>();
            table.add("| requests a second | answered | 429 | failed | p50 | p90 | p99 | p99.9 | slowest | heap |");
            table.add("|---|---|---|---|---|---|---|---|---|---|");
            for (double each : rates) {
                requireBounds(each);
                table.add(atRate(each, target, server, executor, console));
            }
            table.forEach(console::note);
        }
    }

    private String atRate(
            double each, LoadTarget target, @Nullable LoadServer server, ExecutorService executor, Console console)
            throws IOException, InterruptedException {
        double heapBefore = target.heapMegabytes();
        double memoryBefore = server == null ? Double.NaN : server.megabytes();
        int count = (int) Math.max(1, Math.round(each * seconds));
        OpenLoad.Result result = new OpenLoad(target, OpenLoad.Clock.SYSTEM, executor).run(each, count);
        double heapAfter = target.heapMegabytes();
        Line line = new Line()
                .with("bench", "load")
                .with("route", target.route().path())
                .with("words", words)
                .with("rate", each, 2)
                .with("sent", result.sent())
                .with("answered", result.answered())
                .with("answered_per_second", result.answered() / result.seconds(), 2)
                .with("declined_429", result.ofStatus(429))
                .with("statuses", result.statuses())
                .with("failed", result.failed())
                .with("held_back", result.heldBack());
        if (result.answered() > 0) {
            line.with("p50_ms", 1e3 * result.percentile(50), 2)
                    .with("p90_ms", 1e3 * result.percentile(90), 2)
                    .with("p99_ms", 1e3 * result.percentile(99), 2)
                    .with("p999_ms", 1e3 * result.percentile(99.9), 2)
                    .with("max_ms", 1e3 * result.percentile(100), 2);
        }
        line.with("heap_before_mb", heapBefore, 1).with("heap_after_mb", heapAfter, 1);
        if (server != null) {
            line.with("memory_before_mb", memoryBefore, 1).with("memory_after_mb", server.megabytes(), 1);
        }
        console.print(line.values());
        return String.format(
                Locale.ROOT,
                "| %.1f | %d | %d | %d | %.1f ms | %.1f ms | %.1f ms | %.1f ms | %.1f ms | %.0f → %.0f MB |",
                each,
                result.answered(),
                result.ofStatus(429),
                result.failed() + result.heldBack(),
                1e3 * result.percentile(50),
                1e3 * result.percentile(90),
                1e3 * result.percentile(99),
                1e3 * result.percentile(99.9),
                1e3 * result.percentile(100),
                heapBefore,
                heapAfter);
    }

    /// As many callers as keep the server busy, each of whom asks again as soon as it was answered.
    ///
    /// @return answers a second
    private static double closed(LoadTarget target, ExecutorService executor, double seconds)
            throws InterruptedException {
        AtomicInteger number = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        long start = System.nanoTime();
        long end = start + Math.round(seconds * 1e9);
        List<Callable<Boolean>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(() -> {
                while (System.nanoTime() < end) {
                    if (target.send(number.incrementAndGet()) == 200) {
                        answered.incrementAndGet();
                    } else {
                        TimeUnit.MILLISECONDS.sleep(20); // it said that it is busy
                    }
                }
                return true;
            });
        }
        executor.invokeAll(callers);
        return answered.get() / ((System.nanoTime() - start) / 1e9);
    }
}

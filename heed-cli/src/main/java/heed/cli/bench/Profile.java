package heed.cli.bench;

import heed.family.TokenBatch;
import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.timing.Timing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Where the time of forward passes goes, by operation: a table for people, a line for programs.
final class Profile {
    private static final int LEAST_PASSES = 3;
    private static final int MOST_PASSES = 100_000;
    private static final String REST = "look-ups, hand-over, waiting";

    private final ModelChoice choice;
    private final WorkerPool workers;
    private final double secondsEach;
    private final Console console;

    /// @param secondsEach how long to warm up, and how long to measure
    Profile(ModelChoice choice, WorkerPool workers, double secondsEach, Console console) {
        this.choice = choice;
        this.workers = workers;
        this.secondsEach = secondsEach;
        this.console = console;
    }

    void run(List<int[]> texts) {
        TimedKernels timed = new TimedKernels(KernelProvider.active().kernels());
        try (Model plain = choice.open(workers, console);
                Model model = choice.open(timed.kernels(), workers, console)) {
            List<TokenBatch> batches = TokenBatch.batches(
                    texts, texts.stream().map(ids -> new int[ids.length]).toList());
            Runnable untimed = () -> batches.forEach(batch -> pass(plain, batch));
            Runnable work = () -> batches.forEach(batch -> pass(model, batch, timed));
            Timing.warmUp(untimed, secondsEach / 2);
            Timing.warmUp(work, secondsEach / 2);
            timed.forget();
            Timing passes = Timing.of(work, secondsEach, LEAST_PASSES, MOST_PASSES);
            Map<String, Double> seconds = timed.seconds();
            Timing without = Timing.of(untimed, secondsEach, LEAST_PASSES, MOST_PASSES);
            report(passes, without, seconds, plain, texts);
        }
    }

    private static void pass(Model model, TokenBatch batch) {
        model.run(pass -> model.network().encode(batch, pass).size(0));
    }

    private static void pass(Model model, TokenBatch batch, TimedKernels timed) {
        timed.beginPass();
        model.run(timed, pass -> model.network().encode(batch, pass).size(0));
    }

    private void report(Timing passes, Timing without, Map<String, Double> seconds, Model model, List<int[]> texts) {
        double wall = passes.mean();
        double share = passes.calls() * (double) workers.threads();
        Map<String, Double> perPass = new LinkedHashMap<>();
        seconds.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .forEach(entry -> perPass.put(entry.getKey(), entry.getValue() / share));
        perPass.put(
                REST,
                Math.max(
                        0,
                        wall
                                - perPass.values().stream()
                                        .mapToDouble(Double::doubleValue)
                                        .sum()));

        Map<String, Object> operations = new LinkedHashMap<>();
        console.note(String.format(Locale.ROOT, "%-44s %10s %7s", "operation", "ms a pass", "share"));
        perPass.forEach((name, time) -> {
            operations.put(name, Math.round(time * 1e6) / 1e3);
            console.note(String.format(Locale.ROOT, "%-44s %10.3f %6.1f%%", name, time * 1e3, 100 * time / wall));
        });
        int tokens = texts.stream().mapToInt(ids -> ids.length).sum();
        console.note(String.format(
                Locale.ROOT,
                "%-44s %10.3f %6.1f%%  (%.3f without the clocks)",
                texts.size() + " texts, " + tokens + " tokens",
                wall * 1e3,
                100.0,
                without.mean() * 1e3));
        console.print(Line.of("profile", model, workers)
                .with("model", choice.reference())
                .with("sentences", texts.size())
                .with("tokens", tokens)
                .with("ms", wall * 1e3, 3)
                .with("ms_without_clocks", without.mean() * 1e3, 3)
                .with("operations_ms", operations)
                .values());
    }
}

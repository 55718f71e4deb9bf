package heed.cli.bench;

import heed.timing.Timing;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Memory over the intervals of a soak, with what the callers achieved in each.
final class SoakMemory {
    /// By how much the last third may use more than the middle one: buffers of the longest texts come late.
    private static final double TOLERANCE = 1.10;

    private static final double SLACK_MEGABYTES = 8;
    private static final double MEGABYTE = 1 << 20;

    private final List<Double> heaps = new ArrayList<>();
    private final List<Double> processes = new ArrayList<>();
    private long start = System.nanoTime();

    Line measure(Line line, List<SoakCaller> callers) {
        double seconds = (System.nanoTime() - start) / 1e9;
        start = System.nanoTime();
        List<Double> times = new ArrayList<>();
        long tokens = 0;
        for (SoakCaller caller : callers) {
            caller.rethrowFailure();
            SoakCaller.Tally tally = caller.tally();
            times.addAll(tally.times());
            tokens += tally.tokens();
        }
        double heap = heldMegabytes();
        double process = processMegabytes();
        heaps.add(heap);
        processes.add(process);
        line.with("requests_per_s", times.size() / seconds, 1).with("tokens_per_s", Math.round(tokens / seconds));
        if (!times.isEmpty()) {
            Timing timing =
                    Timing.of(times.stream().mapToDouble(Double::doubleValue).toArray());
            line.with("median_ms", timing.median() * 1e3, 2).with("p99_ms", timing.percentile(99) * 1e3, 2);
        }
        return line.with("heap_mb", heap, 1).with("process_mb", process, 1);
    }

    /// What a collection left: callers go on allocating, so the heap in use a moment later is no measure of
    /// what is held.
    private static double heldMegabytes() {
        System.gc();
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                        .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                        .sum()
                / MEGABYTE;
    }

    /// What the process holds in memory; 0 where nobody tells.
    private static double processMegabytes() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    /// @throws IllegalStateException when the last third of the intervals used more than the middle third
    void requireFlat() {
        requireFlat("heap", heaps);
        requireFlat("memory of the process", processes);
    }

    static void requireFlat(String what, List<Double> megabytes) {
        int third = megabytes.size() / 3;
        double middle = most(megabytes.subList(third, 2 * third));
        double last = most(megabytes.subList(2 * third, megabytes.size()));
        if (last > TOLERANCE * middle + SLACK_MEGABYTES) {
            throw new IllegalStateException(
                    "the " + what + " grew from " + Math.round(middle) + " MB to " + Math.round(last) + " MB");
        }
    }

    private static double most(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }
}

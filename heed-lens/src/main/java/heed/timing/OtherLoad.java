package heed.timing;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// Which share of the machine's processors other programs took while something was timed: a figure with much
/// more than 0.05 is worth little. Known on Linux.
public final class OtherLoad {
    private static final Path COUNTERS = Path.of("/proc/stat");
    private static final double TICKS_PER_SECOND = 100; // what Linux reports to programs, whatever its own clock

    private final long start = System.nanoTime();
    private final double busyAtStart = busySeconds();
    private final double ownAtStart = ownSeconds();

    private OtherLoad() {}

    /// Begins to watch.
    public static OtherLoad start() {
        return new OtherLoad();
    }

    /// The share since the start; NaN where nobody tells.
    public double share() {
        double processorSeconds =
                (System.nanoTime() - start) / 1e9 * Runtime.getRuntime().availableProcessors();
        double others = busySeconds() - busyAtStart - (ownSeconds() - ownAtStart);
        return Math.clamp(others / processorSeconds, 0, 1); // ticks are coarse where the time is short
    }

    /// Seconds that all processors together have worked; NaN where nobody tells.
    private static double busySeconds() {
        try {
            String[] fields = Files.readAllLines(COUNTERS).getFirst().split(" +");
            // cpu user nice system idle iowait irq softirq …
            long ticks = Long.parseLong(fields[1])
                    + Long.parseLong(fields[2])
                    + Long.parseLong(fields[3])
                    + Long.parseLong(fields[6])
                    + Long.parseLong(fields[7]);
            return ticks / TICKS_PER_SECOND;
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static double ownSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }
}

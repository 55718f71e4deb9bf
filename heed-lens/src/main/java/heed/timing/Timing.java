package heed.timing;

import java.util.Arrays;

/// How long calls of one piece of work took, in seconds.
public final class Timing {
    private final double[] seconds; // ascending

    private Timing(double[] seconds) {
        this.seconds = seconds;
        Arrays.sort(seconds);
    }

    /// Of times that were measured elsewhere.
    ///
    /// @throws IllegalArgumentException when there are none
    public static Timing of(double... seconds) {
        if (seconds.length == 0) {
            throw new IllegalArgumentException("no call was timed");
        }
        return new Timing(seconds.clone());
    }

    /// Calls the work until `seconds` have passed and it was called `least` times, but not more than `most`
    /// times.
    public static Timing of(Runnable work, double seconds, int least, int most) {
        double[] times = new double[most];
        int calls = 0;
        double total = 0;
        while (calls < most && (calls < least || total < seconds)) {
            times[calls] = time(work);
            total += times[calls++];
        }
        return of(Arrays.copyOf(times, calls));
    }

    /// Calls the work for so long that the compiler has had its say.
    public static void warmUp(Runnable work, double seconds) {
        long end = System.nanoTime() + Math.round(seconds * 1e9);
        do {
            work.run();
        } while (System.nanoTime() < end);
    }

    /// The seconds that one call takes.
    public static double time(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    public int calls() {
        return seconds.length;
    }

    public double best() {
        return seconds[0];
    }

    public double median() {
        int middle = seconds.length / 2;
        return seconds.length % 2 == 1 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2;
    }

    public double mean() {
        return Arrays.stream(seconds).average().orElseThrow();
    }

    public double percentile(int percent) {
        return seconds[(int) Math.min(seconds.length - 1, (long) seconds.length * percent / 100)];
    }

    /// How far the middle half of the calls lies apart, in units of the median.
    public double spread() {
        return (percentile(75) - percentile(25)) / median();
    }
}

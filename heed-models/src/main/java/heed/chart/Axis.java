package heed.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a direction of a chart means, and where its numbers stand.
///
/// @param logarithmic whether equal factors are equal distances; all numbers must then be above 0
public record Axis(String name, boolean logarithmic) {
    private static final int GRID_LINES = 5;

    public static Axis linear(String name) {
        return new Axis(name, false);
    }

    public static Axis logarithmic(String name) {
        return new Axis(name, true);
    }

    /// A stretch of an axis, with the numbers that are written beside it.
    record Range(double low, double high, List<Double> ticks, boolean logarithmic) {
        /// Where a number stands: 0 at the low end, 1 at the high one.
        double place(double value) {
            return logarithmic
                    ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
                    : (value - low) / (high - low);
        }
    }

    /// The stretch that shows numbers from `least` to `most`, its ends round numbers.
    Range range(double least, double most) {
        return logarithmic ? factors(least, most) : steps(least, most);
    }

    private static Range steps(double least, double most) {
        double tick = tick(most - least);
        double low = Math.floor(least / tick) * tick;
        double high = Math.max(Math.ceil(most / tick) * tick, low + tick);
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; low + i * tick <= high + tick / 2; i++) {
            ticks.add(low + i * tick);
        }
        return new Range(low, high, ticks, false);
    }

    /// Powers of ten, or of two where the numbers are within one of ten.
    private static Range factors(double least, double most) {
        double base = most / least > 30 ? 10 : 2;
        int from = (int) Math.floor(Math.log(least) / Math.log(base) + 1e-9);
        int to = Math.max(from + 1, (int) Math.ceil(Math.log(most) / Math.log(base) - 1e-9));
        List<Double> ticks = new ArrayList<>();
        for (int power = from; power <= to; power++) {
            ticks.add(Math.pow(base, power));
        }
        return new Range(ticks.getFirst(), ticks.getLast(), ticks, true);
    }

    /// A round distance of grid lines, about five of them.
    private static double tick(double range) {
        double raw = Math.max(range, 1e-6) / GRID_LINES;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double share = raw / power;
        return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
    }

    /// A number as it is written beside an axis: `0.25`, `4,000`, `1e-7`.
    static String label(double value) {
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-3 || size >= 1e7)) {
            return String.format(Locale.ROOT, "%.0e", value)
                    .replaceAll("e([+-])0", "e$1")
                    .replace("e+", "e");
        }
        String text = String.format(Locale.ROOT, "%,.4f", value);
        return text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
}

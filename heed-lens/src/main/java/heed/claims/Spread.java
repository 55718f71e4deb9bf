package heed.claims;

import java.util.List;
import java.util.function.DoubleFunction;

/// Median and range of the results of several seeds.
record Spread(double least, double median, double most) {
    static Spread of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        return new Spread(sorted.getFirst(), median, sorted.getLast());
    }

    /// Such as `50 % (48 %–51 %)`.
    String shown(DoubleFunction<String> as) {
        return as.apply(median) + " (" + as.apply(least) + "–" + as.apply(most) + ")";
    }
}

package heed.claims;

import java.util.List;

/// The line nearest to points in a plane of which both axes are logarithmic: how many times as much y is there
/// when x doubles, as a power of two.
final class Slope {
    private Slope() {}

    /// Least squares over the logarithms; NaN of fewer than two points.
    static double of(List<Double> x, List<Double> y) {
        int n = x.size();
        double meanX = x.stream().mapToDouble(Math::log).average().orElse(Double.NaN);
        double meanY = y.stream().mapToDouble(Math::log).average().orElse(Double.NaN);
        double products = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double dx = Math.log(x.get(i)) - meanX;
            products += dx * (Math.log(y.get(i)) - meanY);
            squares += dx * dx;
        }
        return squares == 0 ? Double.NaN : products / squares;
    }

    /// Of the last points alone, where constant costs matter least.
    static double ofLast(int points, List<Double> x, List<Double> y) {
        int from = Math.max(0, x.size() - points);
        return of(x.subList(from, x.size()), y.subList(from, y.size()));
    }
}

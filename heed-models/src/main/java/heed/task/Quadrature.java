package heed.task;

/// Points from 0 to 1 and their weights, so that `Σ weight · f(point)` is the integral of f.
///
/// @param at rising
/// @param weights sum to 1
@SuppressWarnings("ArrayRecordComponent")
record Quadrature(double[] at, double[] weights) {
    private static final double CLOSE = 1e-15;

    /// The rule that is exact for polynomials up to degree `2 points − 1`: its points are the roots of a
    /// Legendre polynomial, found by Newton's method (Abramowitz and Stegun 1964, 25.4.29).
    static Quadrature gaussLegendre(int points) {
        double[] at = new double[points];
        double[] weights = new double[points];
        for (int i = 0; i < points; i++) {
            double x = Math.cos(Math.PI * (points - i - 0.25) / (points + 0.5)); // near the root
            double[] value = legendre(points, x);
            for (int n = 0; n < 100 && Math.abs(value[0] / value[1]) > CLOSE; n++) {
                x -= value[0] / value[1];
                value = legendre(points, x);
            }
            at[i] = (1 + x) / 2;
            weights[i] = 1 / ((1 - x * x) * value[1] * value[1]);
        }
        return new Quadrature(at, weights);
    }

    /// The polynomial and its slope.
    private static double[] legendre(int degree, double x) {
        double before = 1;
        double value = x;
        for (int n = 2; n <= degree; n++) {
            double next = ((2 * n - 1) * x * value - (n - 1) * before) / n;
            before = value;
            value = next;
        }
        return new double[] {value, degree * (x * value - before) / (x * x - 1)};
    }
}

package heed.lens.senses;

import java.util.Arrays;

/// Vectors in the plane in which they differ most: principal component analysis (Pearson 1901).
///
/// @param points `[n][2]`
/// @param shares of the variance along each axis
@SuppressWarnings("ArrayRecordComponent") // handed over
record PrincipalAxes(double[][] points, double[] shares) {
    private static final int ITERATIONS = 200;

    /// @param vectors `[n][D]`
    static PrincipalAxes of(float[][] vectors) {
        double[][] gram = centred(Similarities.of(vectors).cosines());
        int n = gram.length;
        double variance = 0;
        for (int i = 0; i < n; i++) {
            variance += gram[i][i];
        }
        double[][] points = new double[n][2];
        double[] shares = new double[2];
        for (int axis = 0; axis < 2; axis++) {
            double[] direction = new double[n];
            double value = strongest(gram, direction);
            shares[axis] = variance > 1e-12 ? Math.max(0, value / variance) : 0;
            for (int i = 0; i < n; i++) {
                points[i][axis] = direction[i] * Math.sqrt(Math.max(0, value));
                for (int j = 0; j < n; j++) {
                    gram[i][j] -= value * direction[i] * direction[j];
                }
            }
        }
        return new PrincipalAxes(points, shares);
    }

    /// Products of what is left of vectors when their mean is taken away.
    private static double[][] centred(double[][] products) {
        int n = products.length;
        double[] means = new double[n];
        for (int i = 0; i < n; i++) {
            means[i] = Arrays.stream(products[i]).sum() / n;
        }
        double mean = Arrays.stream(means).average().orElse(0);
        double[][] centred = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                centred[i][j] = products[i][j] - means[i] - means[j] + mean;
            }
        }
        return centred;
    }

    /// The greatest eigenvalue of a symmetric matrix; its eigenvector of length 1 goes into `direction`.
    private static double strongest(double[][] matrix, double[] direction) {
        int n = direction.length;
        for (int i = 0; i < n; i++) {
            direction[i] = 1 + Math.sin(i + 1.0); // any start will do that is not orthogonal to the result
        }
        double value = 0;
        for (int step = 0; step < ITERATIONS; step++) {
            double[] next = new double[n];
            double squares = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    next[i] += matrix[i][j] * direction[j];
                }
                squares += next[i] * next[i];
            }
            value = Math.sqrt(squares);
            if (value < 1e-12) {
                Arrays.fill(direction, 0);
                return 0;
            }
            for (int i = 0; i < n; i++) {
                direction[i] = next[i] / value;
            }
        }
        return value;
    }

    /// The same with axes turned so that points stay where they were in another plane, as far as that goes.
    PrincipalAxes turnedLike(PrincipalAxes other) {
        double[][] turned = new double[points.length][2];
        for (int axis = 0; axis < 2; axis++) {
            double same = 0;
            for (int i = 0; i < points.length; i++) {
                same += points[i][axis] * other.points[i][axis];
            }
            for (int i = 0; i < points.length; i++) {
                turned[i][axis] = same < 0 ? -points[i][axis] : points[i][axis];
            }
        }
        return new PrincipalAxes(turned, shares);
    }
}

package heed.claims;

/// The best linear map from vectors to classes in the sense of least squares, kept small (ridge regression):
/// what can be read from vectors without any further thought (Alain and Bengio 2016). Solved over examples,
/// which are fewer than dimensions.
final class LinearProbe {
    /// Weight of the penalty, as a share of the mean square of the centred vectors.
    private static final double RIDGE = 1e-2;

    private final float[][] vectors;
    private final double[] mean;
    private final double[][] coefficients;

    /// @param vectors `[n][D]`
    /// @param classes of the vectors
    LinearProbe(float[][] vectors, int[] classes, int count) {
        int n = vectors.length;
        this.vectors = vectors;
        this.mean = new double[vectors[0].length];
        for (float[] vector : vectors) {
            for (int d = 0; d < mean.length; d++) {
                mean[d] += vector[d] / (double) n;
            }
        }
        double[][] gram = new double[n][n];
        double squares = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                gram[i][j] = product(vectors[i], vectors[j]);
                gram[j][i] = gram[i][j];
            }
            squares += gram[i][i];
        }
        double penalty = RIDGE * squares / n + 1e-9;
        double[][] targets = new double[n][count];
        for (int i = 0; i < n; i++) {
            gram[i][i] += penalty;
            for (int c = 0; c < count; c++) {
                targets[i][c] = (classes[i] == c ? 1 : 0) - 1.0 / count;
            }
        }
        this.coefficients = solved(gram, targets);
    }

    private double product(float[] a, float[] b) {
        double product = 0;
        for (int d = 0; d < mean.length; d++) {
            product += (a[d] - mean[d]) * (b[d] - mean[d]);
        }
        return product;
    }

    /// `A X = B` for a positive definite A, by Cholesky's decomposition, which takes A's place.
    private static double[][] solved(double[][] a, double[][] b) {
        int n = a.length;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = a[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= a[i][k] * a[j][k];
                }
                a[i][j] = i == j ? Math.sqrt(sum) : sum / a[j][j];
            }
        }
        for (int c = 0; c < b[0].length; c++) {
            for (int i = 0; i < n; i++) {
                for (int k = 0; k < i; k++) {
                    b[i][c] -= a[i][k] * b[k][c];
                }
                b[i][c] /= a[i][i];
            }
            for (int i = n - 1; i >= 0; i--) {
                for (int k = i + 1; k < n; k++) {
                    b[i][c] -= a[k][i] * b[k][c];
                }
                b[i][c] /= a[i][i];
            }
        }
        return b;
    }

    /// The class that a vector has most of.
    int classOf(float[] vector) {
        double[] scores = new double[coefficients[0].length];
        for (int i = 0; i < vectors.length; i++) {
            double product = product(vector, vectors[i]);
            for (int c = 0; c < scores.length; c++) {
                scores[c] += product * coefficients[i][c];
            }
        }
        int best = 0;
        for (int c = 1; c < scores.length; c++) {
            best = scores[c] > scores[best] ? c : best;
        }
        return best;
    }
}

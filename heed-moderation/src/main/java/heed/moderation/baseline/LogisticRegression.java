package heed.moderation.baseline;

import java.util.Arrays;
import java.util.List;

/// `P(label | x) = σ(w · x + b)`, with the weights that make labels that were seen most likely, less `‖w‖²/2`:
/// the sum over rows of `C · log(1 + exp(∓(w · x + b)))` plus that is least, as scikit-learn has it.
///
/// @param weights w
/// @param bias b, which costs nothing
@SuppressWarnings("ArrayRecordComponent")
record LogisticRegression(double[] weights, double bias) {
    private static final int MOST_STEPS = 500;
    private static final double PRECISION = 1e-5;

    double logit(SparseRow row) {
        return bias + row.dot(weights);
    }

    /// @param positive which rows have the label
    /// @param width columns of a row
    /// @param c how much a row counts beside the length of the weights
    static LogisticRegression fit(List<SparseRow> rows, boolean[] positive, int width, double c) {
        double[] found = new Minimum(MOST_STEPS, PRECISION)
                .of((point, gradient) -> loss(rows, positive, width, c, point, gradient), width + 1);
        double[] weights = Arrays.copyOf(found, width);
        return new LogisticRegression(weights, found[width]);
    }

    /// The loss at a point; its gradient is written to `gradient`.
    private static double loss(
            List<SparseRow> rows, boolean[] positive, int width, double c, double[] point, double[] gradient) {
        double loss = 0;
        for (int i = 0; i < width; i++) {
            gradient[i] = point[i];
            loss += point[i] * point[i] / 2;
        }
        gradient[width] = 0;
        for (int n = 0; n < rows.size(); n++) {
            SparseRow row = rows.get(n);
            double logit = point[width] + row.dot(point);
            loss += c * softplus(positive[n] ? -logit : logit);
            double slope = c * (1 / (1 + Math.exp(-logit)) - (positive[n] ? 1 : 0));
            row.addTo(gradient, slope);
            gradient[width] += slope;
        }
        return loss;
    }

    /// The mean loss of some rows: how badly it is surprised.
    double surprise(List<SparseRow> rows, boolean[] positive) {
        double sum = 0;
        for (int n = 0; n < rows.size(); n++) {
            double logit = logit(rows.get(n));
            sum += softplus(positive[n] ? -logit : logit);
        }
        return sum / rows.size();
    }

    /// `log(1 + eˣ)` without overflow.
    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }
}

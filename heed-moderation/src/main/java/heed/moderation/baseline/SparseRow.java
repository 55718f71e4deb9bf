package heed.moderation.baseline;

/// A vector that is mostly zeros.
///
/// @param columns where it is not, rising
/// @param values what it is there
@SuppressWarnings("ArrayRecordComponent")
record SparseRow(int[] columns, float[] values) {
    SparseRow {
        if (columns.length != values.length) {
            throw new IllegalArgumentException(columns.length + " columns, " + values.length + " values");
        }
    }

    double dot(double[] dense) {
        double sum = 0;
        for (int i = 0; i < columns.length; i++) {
            sum += values[i] * dense[columns[i]];
        }
        return sum;
    }

    /// Adds `factor` times this row.
    void addTo(double[] dense, double factor) {
        for (int i = 0; i < columns.length; i++) {
            dense[columns[i]] += factor * values[i];
        }
    }
}

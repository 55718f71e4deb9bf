package heed.score;

/// How often one label was rightly given, wrongly given, and missed.
public record LabelCounts(double hits, double falseAlarms, double misses) {
    static final LabelCounts NOTHING = new LabelCounts(0, 0, 0);

    /// How often the label is right.
    public double support() {
        return hits + misses;
    }

    /// The share of right ones among those given; 0 when the label was never given.
    public double precision() {
        return share(hits, hits + falseAlarms);
    }

    /// The share of those found among the right ones; 0 when the label is never right.
    public double recall() {
        return share(hits, hits + misses);
    }

    /// The harmonic mean of precision and recall; 0 when the label is neither given nor right.
    public double f1() {
        return share(2 * hits, 2 * hits + falseAlarms + misses);
    }

    LabelCounts plus(LabelCounts other) {
        return new LabelCounts(hits + other.hits, falseAlarms + other.falseAlarms, misses + other.misses);
    }

    static double share(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }
}

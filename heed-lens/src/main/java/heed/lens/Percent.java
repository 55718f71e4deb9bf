package heed.lens;

/// A share of attention as people write it: `41 %`.
final class Percent {
    private Percent() {}

    static String of(double share) {
        return number(share) + " %";
    }

    /// Without the sign, for cells: `41`. What is there but rounds to nothing is `<1`.
    static String number(double share) {
        if (Double.isNaN(share)) {
            return "?";
        }
        long percent = Math.round(100 * share);
        return percent == 0 && share > 0 ? "<1" : Long.toString(percent);
    }
}

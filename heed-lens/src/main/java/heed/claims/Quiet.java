package heed.claims;

import heed.timing.OtherLoad;
import heed.timing.Timing;

/// Times work on a machine that does nothing else meanwhile; where other programs take more than a twentieth of
/// the processors, it waits for its turn a few times and then reports no time.
final class Quiet {
    /// The share of the processors that other programs may take.
    static final double MOST = 0.05;

    private static final int TRIES = 3;

    private Quiet() {}

    /// @param seconds the median of the calls; NaN when the machine was busy
    /// @param others the share that other programs took in the quietest try; NaN where nobody tells
    record Measured(double seconds, double others) {
        boolean undisturbed() {
            return !Double.isNaN(seconds);
        }

        /// As the numbers of a cell of a notebook, which knows no NaN.
        double[] numbers() {
            return new double[] {undisturbed() ? seconds : -1, Double.isNaN(others) ? -1 : others};
        }

        static Measured of(double[] numbers) {
            return new Measured(numbers[0] < 0 ? Double.NaN : numbers[0], numbers[1] < 0 ? Double.NaN : numbers[1]);
        }
    }

    /// The median time of the work, after it ran until the compiler has had its say.
    static Measured time(Runnable work, Effort effort) {
        double lasting = effort == Effort.QUICK ? 0 : 0.4;
        int least = effort.choose(1, 3);
        Timing.warmUp(work, lasting);
        double quietest = Double.POSITIVE_INFINITY;
        for (int attempt = 0; attempt < effort.choose(1, TRIES); attempt++) {
            OtherLoad others = OtherLoad.start();
            Timing timing = Timing.of(work, lasting, least, 1000);
            double share = others.share();
            if (!(share > MOST)) {
                return new Measured(timing.median(), share);
            }
            quietest = Math.min(quietest, share);
        }
        return new Measured(Double.NaN, quietest);
    }
}

package heed.training;

/// The learning rate of each step. Steps count from 1.
public sealed interface Schedule {
    double rate(long step);

    /// A constant rate after a linear warm-up.
    record Constant(double rate, long warmUp) implements Schedule {
        @Override
        public double rate(long step) {
            return rate * warmed(step, warmUp);
        }
    }

    /// Falls along a line from `rate` after the warm-up to `least` at `steps`, and stays there.
    record Linear(double rate, double least, long warmUp, long steps) implements Schedule {
        @Override
        public double rate(long step) {
            return step <= warmUp ? rate * warmed(step, warmUp) : rate + (least - rate) * fallen(step, warmUp, steps);
        }
    }

    /// Falls along half a wave of the cosine from `rate` after the warm-up to `least` at `steps`, and stays
    /// there (Loshchilov and Hutter 2017, without restarts).
    record Cosine(double rate, double least, long warmUp, long steps) implements Schedule {
        @Override
        public double rate(long step) {
            return step <= warmUp
                    ? rate * warmed(step, warmUp)
                    : least + (rate - least) * (1 + Math.cos(Math.PI * fallen(step, warmUp, steps))) / 2;
        }
    }

    /// `factor · D^(-1/2) · min(step^(-1/2), step · warmUp^(-3/2))` (Vaswani et al. 2017, equation 3).
    record Noam(double factor, int dModel, long warmUp) implements Schedule {
        public Noam {
            if (warmUp < 1) {
                throw new IllegalArgumentException("the Noam schedule needs at least 1 step of warm-up, got " + warmUp);
            }
        }

        @Override
        public double rate(long step) {
            return factor
                    / Math.sqrt(dModel)
                    * Math.min(1 / Math.sqrt((double) step), step * Math.pow((double) warmUp, -1.5));
        }
    }

    private static double warmed(long step, long warmUp) {
        return step >= warmUp ? 1 : (double) step / warmUp;
    }

    private static double fallen(long step, long warmUp, long steps) {
        return steps <= warmUp ? 1 : Math.clamp((double) (step - warmUp) / (steps - warmUp), 0.0, 1.0);
    }
}

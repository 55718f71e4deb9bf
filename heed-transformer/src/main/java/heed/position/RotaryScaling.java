package heed.position;

import java.util.List;

/// How rotary positions are stretched over texts longer than those of the first training.
public sealed interface RotaryScaling {
    /// Changes the frequencies of all pairs, in place.
    ///
    /// @param frequencies `[R/2]` in radians per position, falling, as the base gives them
    /// @param rotary the positions that are scaled
    /// @param length the positions of the sequence
    void scale(float[] frequencies, Rotary rotary, int length);

    /// What cosines and sines are multiplied by: queries and keys get longer by it, scores by its square.
    default double attentionFactor() {
        return 1;
    }

    /// @throws IllegalArgumentException when this is made for another number of pairs
    default void requirePairs(int pairs) {}

    /// As trained.
    record None() implements RotaryScaling {
        @Override
        public void scale(float[] frequencies, Rotary rotary, int length) {}
    }

    /// Every position divided by `factor` (Chen et al. 2023, position interpolation).
    record Linear(double factor) implements RotaryScaling {
        @Override
        public void scale(float[] frequencies, Rotary rotary, int length) {
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] /= (float) factor;
            }
        }
    }

    /// A larger base, growing with the text once it is longer than `trainedPositions`.
    ///
    /// Keys in a cache keep the base of the length at which they came, as in Hugging Face: beyond
    /// `trainedPositions`, going on from a cache is not the same as computing all again.
    record Dynamic(double factor, int trainedPositions) implements RotaryScaling {
        @Override
        public void scale(float[] frequencies, Rotary rotary, int length) {
            double seen = Math.max(length, trainedPositions);
            double stretch = factor * seen / trainedPositions - (factor - 1);
            double width = rotary.width();
            double base = rotary.base() * Math.pow(stretch, width / (width - 2));
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] = (float) (1 / Math.pow(base, 2 * i / width));
            }
        }
    }

    /// Low frequencies divided by `factor`, high ones kept, those between blended (Dubey et al. 2024, Llama
    /// 3.1).
    ///
    /// @param lowFactor waves longer than `trainedPositions / lowFactor` are low
    /// @param highFactor waves shorter than `trainedPositions / highFactor` are high
    record Llama3(double factor, double lowFactor, double highFactor, int trainedPositions) implements RotaryScaling {
        @Override
        public void scale(float[] frequencies, Rotary rotary, int length) {
            for (int i = 0; i < frequencies.length; i++) {
                double wave = 2 * Math.PI / frequencies[i];
                if (wave > trainedPositions / lowFactor) {
                    frequencies[i] /= (float) factor;
                } else if (wave >= trainedPositions / highFactor) {
                    double kept = (trainedPositions / wave - lowFactor) / (highFactor - lowFactor);
                    frequencies[i] = (float) ((1 - kept) * frequencies[i] / factor + kept * frequencies[i]);
                }
            }
        }
    }

    /// Every pair divided by a factor of its own, one list for texts up to the trained length, another for
    /// longer ones (Ding et al. 2024, LongRoPE).
    ///
    /// Keys in a cache keep the list of the length at which they came, as in Hugging Face: beyond
    /// `trainedPositions`, going on from a cache is not the same as computing all again.
    ///
    /// @param shortFactors `[R/2]`
    /// @param longFactors `[R/2]`
    record LongRope(List<Float> shortFactors, List<Float> longFactors, int trainedPositions, double attentionFactor)
            implements RotaryScaling {
        public LongRope {
            shortFactors = List.copyOf(shortFactors);
            longFactors = List.copyOf(longFactors);
        }

        @Override
        public void scale(float[] frequencies, Rotary rotary, int length) {
            List<Float> factors = length > trainedPositions ? longFactors : shortFactors;
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] = (float) (1 / (factors.get(i) * Math.pow(rotary.base(), 2.0 * i / rotary.width())));
            }
        }

        @Override
        public void requirePairs(int pairs) {
            for (List<Float> factors : List.of(shortFactors, longFactors)) {
                if (factors.size() != pairs) {
                    throw new IllegalArgumentException(
                            factors.size() + " factors for the " + pairs + " pairs of columns that are turned");
                }
            }
        }
    }

    /// YaRN (Peng et al. 2023): pairs that turn less than `slow` times over the trained positions are divided
    /// by `factor`, those that turn more than `fast` times are kept, with a ramp between.
    ///
    /// @param whole whether the ramp starts and ends at whole pairs
    record Yarn(double factor, double fast, double slow, int trainedPositions, boolean whole, double attentionFactor)
            implements RotaryScaling {
        @Override
        public void scale(float[] frequencies, Rotary rotary, int length) {
            double from = pairTurning(fast, rotary);
            double to = pairTurning(slow, rotary);
            from = Math.max(whole ? Math.floor(from) : from, 0);
            to = Math.min(whole ? Math.ceil(to) : to, rotary.width() - 1.0);
            double span = from == to ? 0.001 : to - from;
            for (int i = 0; i < frequencies.length; i++) {
                double kept = 1 - Math.clamp((i - from) / span, 0, 1);
                frequencies[i] = (float) (frequencies[i] / factor * (1 - kept) + frequencies[i] * kept);
            }
        }

        /// The (fractional) pair that turns so many times over the trained positions.
        private double pairTurning(double turns, Rotary rotary) {
            return rotary.width() * Math.log(trainedPositions / (turns * 2 * Math.PI)) / (2 * Math.log(rotary.base()));
        }
    }
}

package heed.claims;

import heed.claims.TransformerReader.Plan;
import heed.kernel.RecurrentCell;
import java.util.function.IntFunction;

/// Kinds of models that are compared, each with as many parameters as the others.
enum Architecture {
    RNN("simple RNN"),
    LSTM("LSTM"),
    ATTENDING_LSTM("LSTM with attention"),
    TRANSFORMER("Transformer");

    /// The widest that is tried: far more than experiments of minutes can teach.
    private static final int WIDEST = 1024;

    private static final int TRANSFORMER_HEADS = 4;

    private final String shown;

    Architecture(String shown) {
        this.shown = shown;
    }

    String shown() {
        return shown;
    }

    /// A model that knows nothing yet.
    ///
    /// @param width of its hidden states
    SequenceModel fresh(Reading reading, int layers, int width, long seed) {
        return switch (this) {
            case RNN -> RecurrentReader.fresh(RecurrentCell.TANH, reading, layers, width, seed);
            case LSTM -> RecurrentReader.fresh(RecurrentCell.LSTM, reading, layers, width, seed);
            case ATTENDING_LSTM -> AttendingReader.fresh(RecurrentCell.LSTM, reading, layers, width, seed);
            case TRANSFORMER -> TransformerReader.fresh(Plan.of(reading, layers, TRANSFORMER_HEADS, width), seed);
        };
    }

    /// The width that comes nearest to so many parameters.
    int width(Reading reading, int layers, int parameters) {
        int step = this == TRANSFORMER ? TRANSFORMER_HEADS : 1;
        return step
                * nearest(
                        WIDEST / step,
                        parameters,
                        times -> fresh(reading, layers, times * step, 0).parameters());
    }

    /// Of the numbers from 1 to `most`, the one whose count of parameters, which grows with it, is nearest.
    static int nearest(int most, int parameters, IntFunction<Integer> count) {
        int low = 1;
        int high = most;
        while (low < high) { // the least with at least so many
            int middle = (low + high) / 2;
            if (count.apply(middle) >= parameters) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low > 1 && parameters - count.apply(low - 1) < count.apply(low) - parameters ? low - 1 : low;
    }
}

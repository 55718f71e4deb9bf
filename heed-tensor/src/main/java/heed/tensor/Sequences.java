package heed.tensor;

import java.util.Arrays;

/// Where each sequence of a batch lies in its token-major matrix `[N, D]`: sequence `b` owns the rows
/// `start(b)` to `end(b)`. Sequences of different lengths stand one after the other; there is no padding.
public final class Sequences {
    private final int[] offsets; // [B + 1], ascending from 0

    private Sequences(int[] offsets) {
        this.offsets = offsets;
    }

    /// @throws IllegalArgumentException when a length is negative
    public static Sequences ofLengths(int... lengths) {
        int[] offsets = new int[lengths.length + 1];
        for (int b = 0; b < lengths.length; b++) {
            if (lengths[b] < 0) {
                throw new IllegalArgumentException("sequence " + b + " has length " + lengths[b]);
            }
            offsets[b + 1] = Math.addExact(offsets[b], lengths[b]);
        }
        return new Sequences(offsets);
    }

    public static Sequences single(int length) {
        return ofLengths(length);
    }

    /// B, the number of sequences.
    public int count() {
        return offsets.length - 1;
    }

    /// N, the tokens of all sequences together.
    public int tokens() {
        return offsets[offsets.length - 1];
    }

    public int start(int sequence) {
        return offsets[sequence];
    }

    public int end(int sequence) {
        return offsets[sequence + 1];
    }

    public int length(int sequence) {
        return offsets[sequence + 1] - offsets[sequence];
    }

    public int longest() {
        int longest = 0;
        for (int b = 0; b < count(); b++) {
            longest = Math.max(longest, length(b));
        }
        return longest;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sequences sequences && Arrays.equals(offsets, sequences.offsets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(offsets);
    }

    @Override
    public String toString() {
        return count() + " sequences, " + tokens() + " tokens";
    }
}

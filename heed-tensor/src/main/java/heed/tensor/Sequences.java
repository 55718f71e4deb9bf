package heed.tensor;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Where each sequence of a batch lies in its token-major matrix `[N, D]`: sequence `b` owns the rows
/// `start(b)` to `end(b)`. Sequences of different lengths stand one after the other; there is no padding.
///
/// Sequences that are looked at may also be [#placed] anywhere in a larger matrix, with room behind them for
/// what is still to come, and two may share the same rows.
public final class Sequences {
    private final int[] starts; // [B]
    private final int[] lengths; // [B]
    private final int tokens;
    private final int rows;

    private Sequences(int[] starts, int[] lengths, int tokens, int rows) {
        this.starts = starts;
        this.lengths = lengths;
        this.tokens = tokens;
        this.rows = rows;
    }

    /// @throws IllegalArgumentException when a length is negative
    public static Sequences ofLengths(int... lengths) {
        int[] starts = new int[lengths.length];
        int next = 0;
        for (int b = 0; b < lengths.length; b++) {
            requireLength(b, lengths[b]);
            starts[b] = next;
            next = Math.addExact(next, lengths[b]);
        }
        return new Sequences(starts, lengths.clone(), next, next);
    }

    public static Sequences single(int length) {
        return ofLengths(length);
    }

    /// Sequences that begin at rows of a larger matrix.
    ///
    /// @param starts the first row of each
    /// @param lengths the rows of each
    /// @param rows of the matrix
    /// @throws IllegalArgumentException when a sequence does not lie inside the matrix
    public static Sequences placed(int[] starts, int[] lengths, int rows) {
        if (starts.length != lengths.length) {
            throw new IllegalArgumentException(starts.length + " starts, " + lengths.length + " lengths");
        }
        for (int b = 0; b < starts.length; b++) {
            requireLength(b, lengths[b]);
            if (starts[b] < 0 || starts[b] > rows - lengths[b]) {
                throw new IllegalArgumentException("sequence " + b + " has rows " + starts[b] + " to "
                        + ((long) starts[b] + lengths[b]) + ", the matrix has " + rows);
            }
        }
        return new Sequences(
                starts.clone(), lengths.clone(), IntStream.of(lengths).sum(), rows);
    }

    private static void requireLength(int sequence, int length) {
        if (length < 0) {
            throw new IllegalArgumentException("sequence " + sequence + " has length " + length);
        }
    }

    /// B, the number of sequences.
    public int count() {
        return starts.length;
    }

    /// N, the tokens of all sequences together.
    public int tokens() {
        return tokens;
    }

    /// The rows of the matrix that the sequences lie in: as many as tokens, unless they are [#placed].
    public int rows() {
        return rows;
    }

    public int start(int sequence) {
        return starts[sequence];
    }

    public int end(int sequence) {
        return starts[sequence] + lengths[sequence];
    }

    public int length(int sequence) {
        return lengths[sequence];
    }

    public int longest() {
        int longest = 0;
        for (int length : lengths) {
            longest = Math.max(longest, length);
        }
        return longest;
    }

    /// `[B]`
    public int[] lengths() {
        return lengths.clone();
    }

    /// The position of every row of these sequences when they are the last parts of longer ones: `[N]`. Row `i`
    /// of a sequence with T rows has position `i` in itself and `i + T' - T` in one of T' rows.
    ///
    /// @throws IllegalArgumentException when `whole` has other sequences or a shorter one
    public int[] positionsIn(Sequences whole) {
        if (whole.count() != count()) {
            throw new IllegalArgumentException(count() + " sequences cannot be the ends of " + whole.count());
        }
        int[] positions = new int[tokens];
        int next = 0;
        for (int b = 0; b < count(); b++) {
            int past = whole.length(b) - length(b);
            if (past < 0) {
                throw new IllegalArgumentException(
                        "sequence " + b + " has " + length(b) + " tokens, the whole of it has " + whole.length(b));
            }
            for (int i = 0; i < length(b); i++) {
                positions[next++] = past + i;
            }
        }
        return positions;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sequences sequences
                && rows == sequences.rows
                && Arrays.equals(starts, sequences.starts)
                && Arrays.equals(lengths, sequences.lengths);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(starts) + Arrays.hashCode(lengths);
    }

    @Override
    public String toString() {
        return count() + " sequences, " + tokens() + " tokens";
    }
}

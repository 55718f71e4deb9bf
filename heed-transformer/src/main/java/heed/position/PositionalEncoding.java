package heed.position;

import heed.pass.Pass;
import heed.tensor.Sequences;
import heed.tensor.Tensor;

/// Tells a token where it stands: attention by itself treats its input as a set, so without an encoding a
/// permuted sentence gives permuted outputs and nothing else changes.
public sealed interface PositionalEncoding {
    /// Adds the encoding of each row's position in its sequence to `x` `[N, D]`, in place.
    ///
    /// @throws IllegalArgumentException when a sequence is longer than [#limit]
    default void addTo(Tensor x, Sequences sequences, Pass pass) {
        addTo(x, sequences, sequences, pass);
    }

    /// As [#addTo(Tensor, Sequences, Pass)] where the rows are only the last ones of their sequences.
    ///
    /// @param rows the sequences of the rows of `x`
    /// @param whole the same with the positions before
    void addTo(Tensor x, Sequences rows, Sequences whole, Pass pass);

    /// The longest sequence that can be encoded.
    int limit();

    /// Sines and cosines of wavelengths from 2π to 20,000π (Vaswani et al. 2017, §3.5):
    /// `PE(pos, 2i) = sin(pos / 10000^(2i/D))`, `PE(pos, 2i+1) = cos(pos / 10000^(2i/D))`.
    /// The encoding of `pos + k` is a fixed linear map of that of `pos`.
    ///
    /// @param table `[positions, D]`
    record Sinusoidal(Tensor table) implements PositionalEncoding {
        public static Sinusoidal of(int positions, int dModel) {
            Tensor table = Tensor.zeros(positions, dModel);
            for (int position = 0; position < positions; position++) {
                for (int column = 0; column < dModel; column++) {
                    double angle = position / Math.pow(10_000, (column - column % 2) / (double) dModel);
                    table.set((float) (column % 2 == 0 ? Math.sin(angle) : Math.cos(angle)), position, column);
                }
            }
            return new Sinusoidal(table);
        }

        /// The same numbers in another order: all sines, then all cosines, as in Marian.
        public static Sinusoidal inHalves(int positions, int dModel) {
            Tensor alternating = of(positions, dModel).table;
            Tensor table = Tensor.zeros(positions, dModel);
            int sines = (dModel + 1) / 2;
            for (int position = 0; position < positions; position++) {
                for (int column = 0; column < dModel; column++) {
                    int target = column % 2 == 0 ? column / 2 : sines + column / 2;
                    table.set(alternating.at(position, column), position, target);
                }
            }
            return new Sinusoidal(table);
        }

        @Override
        public void addTo(Tensor x, Sequences rows, Sequences whole, Pass pass) {
            addRows(table, 0, x, rows, whole, pass);
        }

        @Override
        public int limit() {
            return table.size(0);
        }
    }

    /// One learned vector per position (Devlin et al. 2019).
    ///
    /// @param table `[first + positions, D]`
    /// @param first the row of position 0
    record Learned(Tensor table, int first) implements PositionalEncoding {
        public Learned(Tensor table) {
            this(table, 0);
        }

        @Override
        public void addTo(Tensor x, Sequences rows, Sequences whole, Pass pass) {
            addRows(table, first, x, rows, whole, pass);
        }

        @Override
        public int limit() {
            return table.size(0) - first;
        }
    }

    private static void addRows(Tensor table, int first, Tensor x, Sequences rows, Sequences whole, Pass pass) {
        int limit = table.size(0) - first;
        if (whole.longest() > limit) {
            throw new IllegalArgumentException(
                    "a sequence has " + whole.longest() + " tokens, the position table has " + limit);
        }
        int[] positions = rows.positionsIn(whole);
        for (int i = 0; first > 0 && i < positions.length; i++) {
            positions[i] += first;
        }
        pass.compute().addLookUp(x, table, positions, "position");
    }
}

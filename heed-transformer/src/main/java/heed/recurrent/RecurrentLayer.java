package heed.recurrent;

import heed.kernel.RecurrentCell;
import heed.pass.Pass;
import heed.tensor.Recurrence;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import heed.training.Initializer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One layer of a recurrent network: from the first position to the last, and with a second set of parameters
/// also the other way round (Schuster and Paliwal 1997).
///
/// @param forward what goes from the first position to the last; it knows nothing of what comes later
/// @param backward what goes from the last position to the first; null for a layer of one direction
public record RecurrentLayer(Recurrence forward, @Nullable Recurrence backward) {
    public RecurrentLayer {
        if (backward != null && (backward.cell() != forward.cell() || backward.width() != forward.width())) {
            throw new IllegalArgumentException("one direction is a " + forward.cell() + " of width " + forward.width()
                    + ", the other a " + backward.cell() + " of width " + backward.width());
        }
    }

    /// A layer that knows nothing yet, its parameters spread evenly up to `1/√H` as PyTorch draws them.
    static RecurrentLayer fresh(RecurrentCell cell, int in, int width, boolean bothWays, Initializer draw) {
        return new RecurrentLayer(
                recurrence(cell, in, width, draw), bothWays ? recurrence(cell, in, width, draw) : null);
    }

    private static Recurrence recurrence(RecurrentCell cell, int in, int width, Initializer draw) {
        double bound = 1 / Math.sqrt(width);
        int sums = cell.gates() * width;
        return new Recurrence(
                cell,
                Weight.learned(draw.uniform(bound, sums, in)),
                Weight.learned(draw.uniform(bound, sums, width)),
                draw.uniform(bound, sums),
                draw.uniform(bound, sums));
    }

    /// The columns of its output: H, or 2H for both directions side by side.
    public int outputWidth() {
        return backward == null ? forward.width() : 2 * forward.width();
    }

    /// The directions, one or two.
    int directions() {
        return backward == null ? 1 : 2;
    }

    /// @param start a part for each direction; null for zeros
    /// @param last the state after the last position of each direction is added to it
    /// @return `[N, H]`, or `[N, 2H]`
    Tensor apply(Tensor x, Sequences sequences, @Nullable List<Tensor> start, List<Tensor> last, Pass pass) {
        Tensor there = run(forward, x, sequences, false, start == null ? null : start.get(0), last, pass);
        if (backward == null) {
            return there;
        }
        Tensor back = run(backward, x, sequences, true, start == null ? null : start.get(1), last, pass);
        return pass.compute().joined(there, back);
    }

    private static Tensor run(
            Recurrence recurrence,
            Tensor x,
            Sequences sequences,
            boolean backwards,
            @Nullable Tensor start,
            List<Tensor> last,
            Pass pass) {
        Tensor states = pass.compute().recurrent(x, recurrence, sequences, backwards, start); // [S·N, H]
        last.add(pass.compute().gather(states, lastRows(recurrence.cell(), sequences, backwards)));
        return states.rows(0, sequences.tokens());
    }

    /// The rows of the states after the last position.
    private static int[] lastRows(RecurrentCell cell, Sequences sequences, boolean backwards) {
        List<Integer> rows = new ArrayList<>();
        for (int s = 0; s < cell.states(); s++) {
            for (int b = 0; b < sequences.count(); b++) {
                if (sequences.length(b) == 0) {
                    throw new IllegalArgumentException("sequence " + b + " is empty, there is no state after it");
                }
                rows.add(s * sequences.tokens() + (backwards ? sequences.start(b) : sequences.end(b) - 1));
            }
        }
        return rows.stream().mapToInt(Integer::intValue).toArray();
    }
}

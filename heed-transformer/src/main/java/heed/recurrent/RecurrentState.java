package heed.recurrent;

import heed.pass.Pass;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// What a recurrent network remembers of the sequences of a batch: all that is handed from one position to the
/// next.
///
/// @param parts for each layer, and within it for each direction, `[S·B, H]`: the hidden states, and with LSTM
/// the cells behind them
public record RecurrentState(List<Tensor> parts) {
    public RecurrentState {
        parts = List.copyOf(parts);
    }

    /// The same numbers in arrays of their own: they outlive the pass, and no gradient flows through them.
    public RecurrentState copy() {
        return new RecurrentState(parts.stream().map(Tensor::copy).toList());
    }

    /// The states of some sequences, in that order; one may be there more than once.
    ///
    /// @param count B, the sequences there are now
    /// @param chosen the number of each new sequence among them
    public RecurrentState of(int count, int[] chosen, Pass pass) {
        List<Tensor> gathered = new ArrayList<>();
        for (Tensor part : parts) {
            int vectors = part.size(0) / count;
            int[] rows = new int[vectors * chosen.length];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = i / chosen.length * count + chosen[i % chosen.length];
            }
            gathered.add(pass.compute().gather(part, rows));
        }
        return new RecurrentState(gathered);
    }
}

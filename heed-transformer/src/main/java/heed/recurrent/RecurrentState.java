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

    /// The states of these sequences and, behind them, of others that have read nothing: zeros.
    ///
    /// @param count B, the sequences there are now
    public RecurrentState withBeginners(int count, int beginners) {
        List<Tensor> longer = new ArrayList<>();
        for (Tensor part : parts) {
            int width = part.size(1);
            int vectors = part.size(0) / count;
            float[] values = part.toArray();
            Tensor all = Tensor.zeros(vectors * (count + beginners), width);
            for (int vector = 0; vector < vectors; vector++) {
                System.arraycopy(
                        values,
                        vector * count * width,
                        all.values(),
                        vector * (count + beginners) * width,
                        count * width);
            }
            longer.add(all);
        }
        return new RecurrentState(longer);
    }

    /// The states of groups of sequences as one of all of them.
    ///
    /// @param numbers for each group, what the number of each of its sequences is among all
    static RecurrentState together(List<RecurrentState> groups, List<int[]> numbers, Pass pass) {
        int count = numbers.stream().mapToInt(group -> group.length).sum();
        List<Tensor> gathered = new ArrayList<>();
        for (int part = 0; part < groups.getFirst().parts.size(); part++) {
            int number = part;
            Tensor stacked = pass.compute()
                    .stacked(groups.stream()
                            .map(group -> group.parts.get(number))
                            .toList());
            int vectors = stacked.size(0) / count;
            int[] rows = new int[stacked.size(0)];
            int from = 0;
            for (int[] group : numbers) {
                for (int i = 0; i < vectors * group.length; i++) {
                    rows[i / group.length * count + group[i % group.length]] = from + i;
                }
                from += vectors * group.length;
            }
            gathered.add(pass.compute().gather(stacked, rows));
        }
        return new RecurrentState(gathered);
    }
}

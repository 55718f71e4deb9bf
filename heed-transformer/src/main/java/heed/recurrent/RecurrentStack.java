package heed.recurrent;

import heed.kernel.RecurrentCell;
import heed.pass.Pass;
import heed.pass.Point;
import heed.pass.Site;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.training.Initializer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Recurrent layers one above the other. Between two of them values are dropped while training, but never on
/// the way from one position to the next (Zaremba et al. 2014).
public record RecurrentStack(List<RecurrentLayer> layers) {
    public RecurrentStack {
        layers = List.copyOf(layers);
    }

    /// A stack that knows nothing yet.
    ///
    /// @param in the width of the input
    /// @param width H, of each direction
    public static RecurrentStack fresh(
            RecurrentCell cell, int in, int width, int layers, boolean bothWays, Initializer draw) {
        if (in < 1 || width < 1 || layers < 1) {
            throw new IllegalArgumentException("a recurrent network of " + layers + " layers of width " + width
                    + " over inputs of width " + in + " cannot be: all must be positive");
        }
        int above = bothWays ? 2 * width : width;
        return new RecurrentStack(IntStream.range(0, layers)
                .mapToObj(layer -> RecurrentLayer.fresh(cell, layer == 0 ? in : above, width, bothWays, draw))
                .toList());
    }

    /// What came of a pass.
    ///
    /// @param hidden the hidden states of the last layer, both directions side by side: `[N, D]`
    /// @param last the state after each sequence's last position, with the other direction's after the first
    public record Run(Tensor hidden, RecurrentState last) {}

    /// The columns of the hidden states.
    public int outputWidth() {
        return layers.getLast().outputWidth();
    }

    /// `[N, in] → [N, D]`. The input is offered to the watch as the hidden state of layer `-1`, then each
    /// layer's output.
    ///
    /// @param start the state before the first position; null for zeros
    /// @throws IllegalArgumentException when a sequence is empty
    public Run apply(Tensor x, Sequences sequences, @Nullable RecurrentState start, Pass pass) {
        List<Tensor> last = new ArrayList<>();
        Tensor hidden = pass.at(new Site(pass.site().stack(), -1)).see(Point.HIDDEN, x);
        int part = 0;
        for (int i = 0; i < layers.size(); i++) {
            RecurrentLayer layer = layers.get(i);
            Tensor input = i == 0 ? hidden : pass.noise().dropResidual(hidden, pass.compute());
            List<Tensor> before = start == null ? null : start.parts().subList(part, part + layer.directions());
            part += layer.directions();
            Pass here = pass.at(new Site(pass.site().stack(), i));
            hidden = here.see(Point.HIDDEN, layer.apply(input, sequences, before, last, here));
        }
        return new Run(hidden, new RecurrentState(last));
    }
}

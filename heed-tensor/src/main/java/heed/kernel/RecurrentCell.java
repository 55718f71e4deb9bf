package heed.kernel;

/// How a recurrent network makes its next state of the present one and an input. Gates stand side by side in
/// PyTorch's order, and each cell has two biases, so that weights and values can be compared.
///
/// In the formulas `x` is the input times its matrix plus the first bias, `h` the hidden state before times its
/// matrix plus the second one, and an index names the stretch of one gate.
public enum RecurrentCell {
    /// `h' = tanh(x + h)` (Elman 1990).
    TANH(1, 1),
    /// `h' = max(0, x + h)`
    RELU(1, 1),
    /// `i, f, o = sigmoid(x + h)`, `g = tanh(x + h)`, `c' = f c + i g`, `h' = o tanh(c')`; gates in the order
    /// i, f, g, o (Hochreiter and Schmidhuber 1997; forget gate: Gers et al. 2000).
    LSTM(4, 2),
    /// `r, z = sigmoid(x + h)`, `n = tanh(xₙ + r hₙ)`, `h' = (1 - z) n + z h`; gates in the order r, z, n. The
    /// reset gate multiplies after the product, unlike in the paper (Cho et al. 2014).
    GRU(3, 1);

    private final int gates;
    private final int states;

    RecurrentCell(int gates, int states) {
        this.gates = gates;
        this.states = states;
    }

    /// G, the gates.
    public int gates() {
        return gates;
    }

    /// S, the vectors that are handed from step to step: the hidden state, and with LSTM the cell behind it.
    public int states() {
        return states;
    }
}

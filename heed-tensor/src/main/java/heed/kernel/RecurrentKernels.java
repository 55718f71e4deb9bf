package heed.kernel;

/// The inner loops of recurrent networks, each on the calling thread, for one position of one sequence: what
/// stands between the two products of a step. As in [Kernels]: callers have checked sizes, and a result depends
/// on the operands' values alone.
public interface RecurrentKernels {
    /// A step of [RecurrentCell#LSTM].
    ///
    /// @param gates `[4·H]`, the input's share of the sums; then i, f, g, o
    /// @param sums `[4·H]`, the hidden state's share
    /// @param before `[H]`, the cell before
    /// @param cell `[H]`, the cell after
    /// @param hidden `[H]`, the hidden state after
    void lstm(
            int width,
            float[] gates,
            int gatesOffset,
            float[] sums,
            int sumsOffset,
            float[] before,
            int beforeOffset,
            float[] cell,
            int cellOffset,
            float[] hidden,
            int hiddenOffset);

    /// The way back through [#lstm].
    ///
    /// @param dHidden `[H]`, the gradient of the hidden state after
    /// @param dCell `[H]`, the gradient of the cell after, but for its way through the hidden state; then that
    /// of the cell before
    /// @param dSums `[4·H]`, overwritten with the gradient of both shares
    void lstmBack(
            int width,
            float[] gates,
            int gatesOffset,
            float[] before,
            int beforeOffset,
            float[] cell,
            int cellOffset,
            float[] dHidden,
            int dHiddenOffset,
            float[] dCell,
            int dCellOffset,
            float[] dSums,
            int dSumsOffset);

    /// A step of [RecurrentCell#GRU].
    ///
    /// @param gates `[3·H]`, the input's share of the sums; then r, z, n
    /// @param sums `[3·H]`, the hidden state's share; its last stretch, which r multiplies, is needed on the
    /// way back
    /// @param before `[H]`, the hidden state before
    /// @param hidden `[H]`, the hidden state after
    void gru(
            int width,
            float[] gates,
            int gatesOffset,
            float[] sums,
            int sumsOffset,
            float[] before,
            int beforeOffset,
            float[] hidden,
            int hiddenOffset);

    /// The way back through [#gru].
    ///
    /// @param candidate `[H]`, what r multiplied
    /// @param dHidden `[H]`, the gradient of the hidden state after; then that of the one before, but for its
    /// way through the sums
    /// @param dInput `[3·H]`, overwritten with the gradient of the input's share
    /// @param dSums `[3·H]`, overwritten with the gradient of the hidden state's share
    void gruBack(
            int width,
            float[] gates,
            int gatesOffset,
            float[] candidate,
            int candidateOffset,
            float[] before,
            int beforeOffset,
            float[] dHidden,
            int dHiddenOffset,
            float[] dInput,
            int dInputOffset,
            float[] dSums,
            int dSumsOffset);

    /// `Σ w tanh(x + y)`: the score of a query and a key in additive attention (Bahdanau et al. 2015, §A.1.2).
    float additiveScore(int n, float[] x, int xOffset, float[] y, int yOffset, float[] w, int wOffset);

    /// The way back through [#additiveScore]. Adds to all three gradients.
    ///
    /// @param dScore the gradient of the score
    void additiveScoreBack(
            int n,
            float dScore,
            float[] x,
            int xOffset,
            float[] y,
            int yOffset,
            float[] w,
            int wOffset,
            float[] dx,
            int dxOffset,
            float[] dy,
            int dyOffset,
            float[] dw,
            int dwOffset);
}

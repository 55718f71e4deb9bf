package heed.kernel;

/// The inner loops of training, each on the calling thread: gradients of the loops of [Kernels], and the step
/// of an optimiser. As there: callers have checked sizes, and a result depends on the operands' values alone.
///
/// In names and formulas `dy` is the gradient of the loss with respect to `y`.
public interface GradientKernels {
    /// `dy = dy · f'(x)` in place.
    ///
    /// @param x what the activation was applied to
    void activate(Activation activation, float[] x, int xOffset, float[] dy, int offset, int n);

    /// The way back through [Kernels#layerNorm]. Adds to all three gradients.
    ///
    /// @param x what was normalised
    /// @param dx laid out as `x`
    /// @param dGain `[d]` from `dGainOffset`
    /// @param dBias `[d]` from `dBiasOffset`
    void layerNorm(
            float[] x,
            int offset,
            int rows,
            int d,
            float[] gain,
            float eps,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            float[] dGain,
            int dGainOffset,
            float[] dBias,
            int dBiasOffset);

    /// The way back through root-mean-square normalisation `x / √(mean(x²) + eps) · gain`. Adds to both
    /// gradients.
    void rmsNorm(
            float[] x,
            int offset,
            int rows,
            int d,
            float[] gain,
            float eps,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            float[] dGain,
            int dGainOffset);

    /// `sums[j] += Σ x[row, j]`, the rows in order.
    void addColumnSums(float[] x, int offset, int stride, int rows, int columns, float[] sums, int sumsOffset);

    /// `z += x ⊙ y`
    void addTimes(float[] x, int xOffset, float[] y, int yOffset, float[] z, int zOffset, int n);

    /// `Σ x`
    float sum(float[] x, int offset, int n);

    /// `log Σ eˣ`; `-∞` when all are.
    float logSumExp(float[] x, int offset, int n);

    /// `dx += eˣ⁻ʳ · factor + shift`, with `r` the log-sum-exp of the row: the gradient of cross-entropy but
    /// for the target.
    void addSoftmaxGradient(
            float[] x, int offset, int n, float logSumExp, float factor, float shift, float[] dx, int dxOffset);

    /// `y = x · scale` where the element stays, else 0; both may be one array.
    ///
    /// @param row the row of the matrix that these `n` values are the columns of
    void drop(Dropout dropout, long row, float[] x, int offset, float[] y, int yOffset, int n);

    /// The way back through [Kernels#attend], from the row log-sum-exp that it gave and without a matrix of
    /// weights (Dao et al. 2022, algorithm 4). Gradients of hidden pairs are exactly 0.
    ///
    /// @param scratch at least [#attentionScratch] floats, owned by the calling thread, content irrelevant
    void attend(AttentionGradient gradient, float[] scratch);

    /// How many floats of scratch [#attend] needs for heads of width `dHead`.
    int attentionScratch(int dHead);

    /// One step of Adam (Kingma and Ba 2015, algorithm 1) with the decay of weights apart from the gradient
    /// (Loshchilov and Hutter 2019):
    /// `m = β₁ m + (1 - β₁) g`, `v = β₂ v + (1 - β₂) g²`, `x = x · keep - rate · m / (√v · correction + eps)`.
    ///
    /// @param x the parameters
    /// @param keep `1 - learning rate · decay`
    /// @param rate the learning rate divided by `1 - β₁ᵗ`
    /// @param correction `1 / √(1 - β₂ᵗ)`
    void adam(
            float[] x,
            float[] gradient,
            float[] m,
            float[] v,
            int offset,
            int n,
            float beta1,
            float beta2,
            float keep,
            float rate,
            float correction,
            float eps);

    /// `x *= factor`
    void scale(float factor, float[] x, int offset, int n);

    /// Whether all values are finite.
    boolean finite(float[] x, int offset, int n);
}

package heed.kernel;

import org.jspecify.annotations.Nullable;

/// The inner loops of Heed, each on the calling thread. `ScalarKernels` explains what a loop computes,
/// `VectorKernels` computes the same on vector registers; [KernelProvider] chooses one of them once.
///
/// Callers have checked sizes; implementations need not. All matrices are row-major; a stride is the distance
/// between the starts of neighbouring rows. For one implementation a result depends only on the operands'
/// values: not on offsets, on the other rows of a call, or on how work is split over threads.
public interface Kernels {
    /// A short name for people, such as "scalar" or "vector, 512 bits".
    String name();

    /// Columns in a panel of the [PackedMatrix] that [#multiply] takes.
    int panelWidth();

    /// `C[M, N'] = A[M, K] · B[K, N'] + bias`, where `N'` are the columns of the panels `firstPanel`
    /// (inclusive) to `lastPanel` (exclusive). `C` addresses all `N` columns: column `n` of row `m` is
    /// `c[cOffset + m * cStride + n]`. Each output is summed in the order of `k` in the same way whatever `M`
    /// is and whichever panels are asked for.
    ///
    /// @param bias `[N]`, or null for none
    void multiply(
            float[] a,
            int aOffset,
            int aStride,
            int m,
            PackedMatrix b,
            int firstPanel,
            int lastPanel,
            float @Nullable [] bias,
            float[] c,
            int cOffset,
            int cStride);

    /// Packs the panels `firstPanel` (inclusive) to `lastPanel` (exclusive) of `B` `[K, N]`, laid out as a
    /// [PackedMatrix] has them, into `panels`. Columns beyond `N` become zeros.
    void pack(MatrixView b, int k, int n, int firstPanel, int lastPanel, float[] panels);

    /// `C[M, N'] = A[M, K] · B[K, N'] + bias`, or `C += A · B`, for matrices that change from call to call, as
    /// in training: `A` may be transposed, `B` is what [#pack] made of it, `N'` are the columns of the panels
    /// `firstPanel` (inclusive) to `lastPanel` (exclusive). Each output is summed in the same order whatever
    /// `M` is and whichever panels are asked for.
    ///
    /// @param bias `[N]` from `biasOffset`; null for none
    /// @param accumulate whether to add to `C`, without bias, rather than to overwrite it
    /// @param c column `n` of row `m` is `c[cOffset + m * cStride + n]`
    /// @param scratch at least [#multiplyScratch] floats, owned by the calling thread, content irrelevant
    void multiply(
            MatrixView a,
            int m,
            int k,
            float[] panels,
            int n,
            int firstPanel,
            int lastPanel,
            float @Nullable [] bias,
            int biasOffset,
            boolean accumulate,
            float[] c,
            int cOffset,
            int cStride,
            float[] scratch);

    /// How many floats of scratch [#multiply] of two views needs for `m` rows of `k`.
    int multiplyScratch(int m, int k);

    /// The loops around the low-precision products of other engines.
    Quantization quantization();

    /// The loops by which [JavaEngine] reads weights of 16 and 8 bits.
    Widening widening();

    /// `Σ a[i] b[i]`
    float dot(float[] a, int aOffset, float[] b, int bOffset, int n);

    /// `y += factor * x`
    void addScaled(float factor, float[] x, int xOffset, float[] y, int yOffset, int n);

    /// `y += x`
    void add(float[] x, int xOffset, float[] y, int yOffset, int n);

    /// `x = activation(x)`, in place; GELU within 2e-7 relative of the exact function with erf, or of the
    /// formula with tanh, plus 1e-7 absolute.
    void activate(Activation activation, float[] x, int offset, int n);

    /// `x = eˣ`, in place; relative error at most 3e-7, 0 for `-∞`, `+∞` above 88.73.
    void exp(float[] x, int offset, int n);

    /// `x = softmax(x)` in place: `exp(x - max) / Σ exp(x - max)`. A row that is `-∞` throughout becomes
    /// zeros.
    void softmax(float[] x, int offset, int n);

    /// Layer normalisation of `rows` rows of width `d` (Ba et al. 2016): `(x - mean) / √(variance + eps) *
    /// gain + bias` with the variance over `d` (not `d - 1`) and `eps` inside the root.
    ///
    /// @param residual added to `x` before normalising, laid out as `x`; null for none
    /// @param y the result, laid out as `x`; may be `x` itself
    void layerNorm(
            float[] x,
            int offset,
            float @Nullable [] residual,
            int residualOffset,
            int rows,
            int d,
            float[] gain,
            float[] bias,
            float eps,
            float[] y,
            int yOffset);

    /// Root mean square normalisation of `rows` rows of width `d` (Zhang and Sennrich 2019): `x / √(mean x² +
    /// eps) * gain`.
    ///
    /// @param residual added to `x` before normalising, laid out as `x`; null for none
    /// @param y the result, laid out as `x`; may be `x` itself
    default void rmsNorm(
            float[] x,
            int offset,
            float @Nullable [] residual,
            int residualOffset,
            int rows,
            int d,
            float[] gain,
            float eps,
            float[] y,
            int yOffset) {
        for (int row = 0; row < rows; row++) {
            int from = offset + row * d;
            int to = yOffset + row * d;
            System.arraycopy(x, from, y, to, d);
            if (residual != null) {
                add(residual, residualOffset + row * d, y, to, d);
            }
            float factor = (float) (1 / Math.sqrt(dot(y, to, y, to, d) / (double) d + eps));
            for (int i = 0; i < d; i++) {
                y[to + i] *= factor * gain[i];
            }
        }
    }

    /// `y *= x`
    default void multiplyBy(float[] x, int xOffset, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] *= x[xOffset + i];
        }
    }

    /// Turns pairs of neighbours in the plane, in place: pair `i` of `n` is `x[first + i·step]` and
    /// `x[second + i·step]`, turned by the angle whose cosine and sine stand at `i` (Su et al. 2021, equation
    /// 34).
    default void rotate(float[] x, int first, int second, int step, int n, float[] cos, float[] sin, int angleOffset) {
        for (int i = 0; i < n; i++) {
            float a = x[first + i * step];
            float b = x[second + i * step];
            x[first + i * step] = a * cos[angleOffset + i] - b * sin[angleOffset + i];
            x[second + i * step] = b * cos[angleOffset + i] + a * sin[angleOffset + i];
        }
    }

    /// `softmax(Q Kᵀ · scale + bias, hidden pairs left out) V` for one head (Vaswani et al. 2017, equation
    /// 1), by online softmax over tiles of keys (Milakov and Gimelshein 2018): no `Tq × Tk` matrix is ever
    /// stored. A query that sees nothing gets zeros.
    ///
    /// @param scratch at least [#attentionScratch] floats, owned by the calling thread, content irrelevant
    void attend(AttentionBlock block, float[] scratch);

    /// How many floats of scratch [#attend] needs for heads of width `dHead`.
    int attentionScratch(int dHead);

    /// The loops of training that go with these.
    GradientKernels gradients();

    /// The loops of recurrent networks, there and back.
    RecurrentKernels recurrent();

    /// Who hears of products that an engine computes elsewhere than in these loops.
    default ProductWatch productWatch() {
        return ProductWatch.NONE;
    }
}

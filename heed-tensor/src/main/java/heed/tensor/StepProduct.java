package heed.tensor;

import heed.kernel.Kernels;
import heed.kernel.MatrixView;
import heed.kernel.WorkSplit;
import org.jspecify.annotations.Nullable;

/// A product by one matrix that is taken again and again with few rows, as at every step of a recurrent
/// network: the matrix is packed once.
public final class StepProduct {
    private final Compute compute;
    private final Kernels kernels;
    private final int k;
    private final int n;
    private final int panels;
    private final Tensor packed;

    /// @param matrix `[K, N]`, as it stands or transposed
    public StepProduct(Tensor matrix, Compute compute) {
        this.compute = compute;
        this.kernels = compute.kernels();
        this.k = matrix.size(0);
        this.n = matrix.size(1);
        int width = kernels.panelWidth();
        this.panels = (n + width - 1) / width;
        this.packed = compute.take(panels * k * width);
        MatrixView view = new MatrixView(matrix.values(), matrix.offset(), matrix.stride(0), matrix.stride(1));
        boolean small = (long) k * n < WorkSplit.SMALL_WORK;
        compute.run(panels, small, panel -> kernels.pack(view, k, n, panel, panel + 1, packed.values()));
    }

    /// Floats of scratch for a product of so many rows.
    public int scratch(int rows) {
        return kernels.multiplyScratch(rows, k);
    }

    /// `C = A · B + bias`, or `C += A · B` where there is none, on the calling thread.
    ///
    /// @param a `[rows, K]`, from its first value on
    /// @param bias `[N]`; null to add to `C`
    /// @param c `[rows, N]`, as `a`
    public void multiply(float[] a, int rows, float @Nullable [] bias, float[] c, float[] scratch) {
        kernels.multiply(
                new MatrixView(a, 0, k, 1),
                rows,
                k,
                packed.values(),
                n,
                0,
                panels,
                bias,
                0,
                bias == null,
                c,
                0,
                n,
                scratch);
    }

    /// As [#multiply], the columns of `C` shared among the threads.
    public void multiplyTogether(float[] a, int rows, float @Nullable [] bias, float[] c) {
        int tasks = (long) rows * k * n < WorkSplit.SMALL_WORK
                ? 1
                : Math.min(panels, compute.workers().threads());
        compute.run(tasks, false, task -> {
            float[] scratch = compute.borrowScratch(scratch(rows));
            kernels.multiply(
                    new MatrixView(a, 0, k, 1),
                    rows,
                    k,
                    packed.values(),
                    n,
                    task * panels / tasks,
                    (task + 1) * panels / tasks,
                    bias,
                    0,
                    bias == null,
                    c,
                    0,
                    n,
                    scratch);
            compute.returnScratch(scratch);
        });
    }

    /// Gives back the packed matrix.
    public void close() {
        compute.release(packed);
    }
}

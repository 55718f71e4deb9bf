package heed.tensor;

import heed.kernel.Kernels;
import heed.kernel.MatrixView;
import heed.kernel.WorkSplit;

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

    /// `C += A · B` on the calling thread.
    ///
    /// @param a `[rows, K]`, from its first value on
    /// @param c `[rows, N]`, likewise
    public void add(float[] a, int rows, float[] c, float[] scratch) {
        kernels.multiply(
                new MatrixView(a, 0, k, 1), rows, k, packed.values(), n, 0, panels, null, 0, true, c, 0, n, scratch);
    }

    /// `C += A · B`, the columns of `C` shared among the threads.
    public void addTogether(float[] a, int rows, float[] c) {
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
                    null,
                    0,
                    true,
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

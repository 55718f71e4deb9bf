package heed.tensor;

import heed.kernel.Kernels;
import heed.kernel.MatrixView;
import heed.kernel.WorkSplit;
import org.jspecify.annotations.Nullable;

/// Products of two matrices that change from call to call, which is what training needs; [Compute#linear] has
/// those with a [Weight] that was packed once.
///
/// The right-hand side is packed in the call, as much of it at a time as the last level cache holds, then
/// blocks of rows and panels are shared among the threads. Nobody shares a sum, so a result does not depend on
/// the number of threads.
final class Products {
    /// Floats of packed right-hand side at a time.
    private static final int PACKED_FLOATS = 1 << 22;

    /// Floats that one thread has packed before another would have begun.
    private static final int FEW_FLOATS = 1 << 14;

    /// Rows of one task, whole tiles. Rows are shared out rather than columns, as each task packs its rows of a
    /// transposed `A`; but not too few, for they share the reading of a panel.
    private static final int LEAST_ROWS = 24;

    private static final int MOST_ROWS = 192;

    private static final int TASKS_PER_THREAD = 4;

    private final Compute compute;
    private final Kernels kernels;

    Products(Compute compute) {
        this.compute = compute;
        this.kernels = compute.kernels();
    }

    /// What is done to a part of the result by the task that computed it, while it is still in the cache.
    interface Finish {
        Finish NOTHING = (row, rows, column, columns) -> {};

        void run(int row, int rows, int column, int columns);
    }

    /// `C = A · B`, or `C += A · B`.
    void multiply(Tensor a, Tensor b, Tensor c, boolean accumulate) {
        multiply(a, b, null, c, accumulate, Finish.NOTHING);
    }

    /// `C = A · B + bias`, then `finish`.
    ///
    /// @param bias `[N]`, or null for none
    void multiply(Tensor a, Tensor b, @Nullable Tensor bias, Tensor c, Finish finish) {
        multiply(a, b, bias, c, false, finish);
    }

    private void multiply(Tensor a, Tensor b, @Nullable Tensor bias, Tensor c, boolean accumulate, Finish finish) {
        check(a, b, c);
        int width = kernels.panelWidth();
        int k = b.size(0);
        int panels = (b.size(1) + width - 1) / width;
        int together = Math.clamp(PACKED_FLOATS / (Math.max(1L, k) * width), 1, Math.max(1, panels));
        Tensor packed = compute.take(together * k * width);
        for (int panel = 0; panel < panels; panel += together) {
            int from = panel * width;
            int to = Math.min(b.size(1), (panel + together) * width);
            multiplyColumns(
                    a,
                    b.columns(from, to),
                    bias == null ? null : bias.values(),
                    bias == null ? 0 : bias.offset() + from,
                    c.columns(from, to),
                    accumulate,
                    packed.values(),
                    (row, rows, column, columns) -> finish.run(row, rows, from + column, columns));
        }
        compute.release(packed);
    }

    private void multiplyColumns(
            Tensor a,
            Tensor b,
            float @Nullable [] bias,
            int biasOffset,
            Tensor c,
            boolean accumulate,
            float[] packed,
            Finish finish) {
        int m = a.size(0);
        int k = b.size(0);
        int n = b.size(1);
        int width = kernels.panelWidth();
        int panels = (n + width - 1) / width;
        boolean small = (long) m * k * n < WorkSplit.SMALL_WORK;
        int threads = compute.workers().threads();
        int tasks = small ? 1 : TASKS_PER_THREAD * threads;

        MatrixView right = view(b);
        int packTasks = k * n <= FEW_FLOATS ? 1 : Math.clamp(panels, 1, tasks);
        compute.run(packTasks, packTasks == 1, task -> {
            kernels.pack(right, k, n, part(task, packTasks, panels), part(task + 1, packTasks, panels), packed);
        });

        int rowBlocks = rowBlocks(m, tasks, threads);
        int panelBlocks = Math.clamp((tasks + rowBlocks - 1) / rowBlocks, 1, Math.max(1, panels));
        compute.run(rowBlocks * panelBlocks, small, task -> {
            int row = WorkSplit.tileRow(task / panelBlocks, rowBlocks, m);
            int rows = WorkSplit.tileRow(task / panelBlocks + 1, rowBlocks, m) - row;
            int firstPanel = part(task % panelBlocks, panelBlocks, panels);
            int lastPanel = part(task % panelBlocks + 1, panelBlocks, panels);
            float[] scratch = compute.borrowScratch(kernels.multiplyScratch(rows, k));
            kernels.multiply(
                    view(a.rows(row, row + rows)),
                    rows,
                    k,
                    packed,
                    n,
                    firstPanel,
                    lastPanel,
                    bias,
                    biasOffset,
                    accumulate,
                    c.values(),
                    c.offset() + row * c.stride(0),
                    c.stride(0),
                    scratch);
            compute.returnScratch(scratch);
            finish.run(row, rows, firstPanel * width, Math.min(n, lastPanel * width) - firstPanel * width);
        });
    }

    /// As many for each thread, so that none waits for the others' last block.
    private static int rowBlocks(int m, int tasks, int threads) {
        int most = Math.min(tasks, blocks(m, LEAST_ROWS));
        int even = most < threads ? most : most / threads * threads;
        return Math.max(blocks(m, MOST_ROWS), even);
    }

    private static int blocks(int n, int most) {
        return Math.max(1, (n + most - 1) / most);
    }

    /// Where part `i` of `parts` about equal parts of `n` things starts.
    private static int part(int i, int parts, int n) {
        return (int) ((long) i * n / parts);
    }

    private static MatrixView view(Tensor matrix) {
        return new MatrixView(matrix.values(), matrix.offset(), matrix.stride(0), matrix.stride(1));
    }

    private static void check(Tensor a, Tensor b, Tensor c) {
        if (a.shape().rank() != 2 || b.shape().rank() != 2 || a.size(1) != b.size(0)) {
            throw new IllegalArgumentException(
                    "cannot multiply " + a.shape() + " by " + b.shape() + ", expected [M, K] by [K, N]");
        }
        if (c.shape().rank() != 2 || c.size(0) != a.size(0) || c.size(1) != b.size(1)) {
            throw new IllegalArgumentException("the product of " + a.shape() + " and " + b.shape() + " is [" + a.size(0)
                    + ", " + b.size(1) + "], the target has shape " + c.shape());
        }
        if (c.size(1) > 1 && c.stride(1) != 1) {
            throw new IllegalArgumentException("the target of a product, a " + c.shape() + " view, has stride "
                    + c.stride(1) + " within its rows, expected 1");
        }
    }
}

package heed.kernel;

/// A weight whose products are [Kernels#multiply]: this class cuts the work into tasks.
final class PackedWeight implements PreparedWeight {
    /// Rows of a product that one task computes: enough to reuse a panel from the nearest cache, few enough to
    /// share.
    private static final int ROWS_PER_TASK = 192;

    /// Tasks of one product for each thread, so that one that is held up leaves its share to others.
    private static final int TASKS_PER_THREAD = 4;

    private final PackedMatrix matrix; // Wᵀ: [in, out]
    private final Kernels kernels;

    PackedWeight(PackedMatrix matrix, Kernels kernels) {
        this.matrix = matrix;
        this.kernels = kernels;
    }

    @Override
    public int out() {
        return matrix.columns();
    }

    @Override
    public int in() {
        return matrix.rows();
    }

    @Override
    public WeightType type() {
        return WeightType.F32;
    }

    @Override
    public long bytes() {
        return (long) Float.BYTES * matrix.panels().length;
    }

    @Override
    public float[] toArray() {
        float[] values = new float[out() * in()];
        for (int o = 0; o < out(); o++) {
            for (int i = 0; i < in(); i++) {
                values[o * in() + i] = matrix.at(i, o);
            }
        }
        return values;
    }

    @Override
    public void multiply(Product product, WorkerPool workers) {
        int rows = product.rows();
        int panels = matrix.panelCount();
        boolean small = (long) rows * in() * out() < WorkSplit.SMALL_WORK;
        int rowBlocks = Math.max(1, (rows + ROWS_PER_TASK - 1) / ROWS_PER_TASK);
        int blockRows = Math.max(1, WorkSplit.roundUpToTile((rows + rowBlocks - 1) / rowBlocks));
        int wantedTasks = small ? 1 : TASKS_PER_THREAD * workers.threads();
        int panelBlocks = Math.clamp((wantedTasks + rowBlocks - 1) / rowBlocks, 1, Math.max(1, panels));
        int tasks = rowBlocks * panelBlocks;
        if (small) {
            for (int task = 0; task < tasks; task++) {
                block(product, task, blockRows, panelBlocks);
            }
        } else {
            workers.run(tasks, task -> block(product, task, blockRows, panelBlocks));
        }
    }

    /// Task number `task`: some rows of some panels.
    private void block(Product product, int task, int blockRows, int panelBlocks) {
        int panels = matrix.panelCount();
        int rowFrom = Math.min(product.rows(), task / panelBlocks * blockRows);
        int rows = Math.min(blockRows, product.rows() - rowFrom);
        int panelFrom = (int) ((long) (task % panelBlocks) * panels / panelBlocks);
        int panelTo = (int) ((long) (task % panelBlocks + 1) * panels / panelBlocks);
        int yRow = product.yOffset() + rowFrom * product.yStride();
        kernels.multiply(
                product.x(),
                product.xOffset() + rowFrom * product.xStride(),
                product.xStride(),
                rows,
                matrix,
                panelFrom,
                panelTo,
                product.bias(),
                product.y(),
                yRow,
                product.yStride());
        if (product.activation() != Activation.IDENTITY) {
            int columnFrom = panelFrom * matrix.panelWidth();
            int columnTo = Math.min(out(), panelTo * matrix.panelWidth());
            for (int row = 0; row < rows; row++) {
                kernels.activate(
                        product.activation(),
                        product.y(),
                        yRow + row * product.yStride() + columnFrom,
                        columnTo - columnFrom);
            }
        }
    }
}

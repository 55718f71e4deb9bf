package heed.kernel;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// A weight of 16 or 8 bits that Java multiplies by: few rows straight from the narrow numbers, which costs
/// less memory traffic than floats; many rows panel by panel, each widened once for a block of rows.
final class NarrowWeight implements PreparedWeight {
    /// Up to so many rows, widening in registers for each row costs less than widening to memory once.
    private static final int FEW_ROWS = 3;

    private static final int ROWS_PER_TASK = 192;
    private static final int TASKS_PER_THREAD = 4;

    private final NarrowMatrix matrix; // Wᵀ: [in, out]
    private final Kernels kernels;
    private final ConcurrentLinkedQueue<float[]> scratch; // of all weights with as many inputs

    NarrowWeight(NarrowMatrix matrix, Kernels kernels, ConcurrentLinkedQueue<float[]> scratch) {
        this.matrix = matrix;
        this.kernels = kernels;
        this.scratch = scratch;
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
        return matrix.type();
    }

    @Override
    public long bytes() {
        return matrix.bytes();
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
        int blockRows = WorkSplit.roundUpToTile((rows + rowBlocks - 1) / rowBlocks);
        int wantedTasks = small ? 1 : TASKS_PER_THREAD * workers.threads();
        int panelBlocks = Math.clamp((wantedTasks + rowBlocks - 1) / rowBlocks, 1, Math.max(1, panels));
        boolean few = rows <= FEW_ROWS && kernels.widening().multipliesRows(type());
        int tasks = rowBlocks * panelBlocks;
        if (small) {
            for (int task = 0; task < tasks; task++) {
                block(product, task, blockRows, panelBlocks, few);
            }
        } else {
            workers.run(tasks, task -> block(product, task, blockRows, panelBlocks, few));
        }
    }

    /// Task number `task`: some rows of some panels.
    private void block(Product product, int task, int blockRows, int panelBlocks, boolean few) {
        int panels = matrix.panelCount();
        int row = Math.min(product.rows(), task / panelBlocks * blockRows);
        int rows = Math.min(blockRows, product.rows() - row);
        int from = (int) ((long) (task % panelBlocks) * panels / panelBlocks);
        int to = (int) ((long) (task % panelBlocks + 1) * panels / panelBlocks);
        for (int panel = from; panel < to; panel++) {
            if (few) {
                narrow(product, row, rows, panel);
            } else {
                widened(product, row, rows, panel);
            }
            if (matrix instanceof NarrowMatrix.Int8 int8) {
                scale(int8.scales(), product, row, rows, panel);
            }
            activate(product, row, rows, panel);
        }
    }

    /// What is added to sums that are complete; those of whole numbers are not before they are scaled.
    private float @Nullable [] bias(Product product) {
        return matrix instanceof NarrowMatrix.Int8 ? null : product.bias();
    }

    private void scale(float[] scales, Product product, int row, int rows, int panel) {
        int column = panel * matrix.panelWidth();
        int columns = columns(panel);
        float[] y = product.y();
        float[] bias = product.bias();
        for (int r = row; r < row + rows; r++) {
            int at = product.yOffset() + r * product.yStride() + column;
            for (int n = 0; n < columns; n++) {
                y[at + n] *= scales[column + n];
            }
            for (int n = 0; bias != null && n < columns; n++) {
                y[at + n] += bias[column + n];
            }
        }
    }

    private void narrow(Product product, int row, int rows, int panel) {
        for (int r = row; r < row + rows; r++) {
            kernels.widening()
                    .multiplyRow(
                            product.x(),
                            product.xOffset() + r * product.xStride(),
                            matrix,
                            panel,
                            bias(product),
                            product.y(),
                            product.yOffset() + r * product.yStride());
        }
    }

    private void widened(Product product, int row, int rows, int panel) {
        int width = matrix.panelWidth();
        float[] polled = scratch.poll();
        float[] floats = polled == null ? new float[in() * width] : polled;
        kernels.widening().widen(matrix, panel, floats);
        int columns = columns(panel);
        float[] bias = bias(product);
        kernels.multiply(
                product.x(),
                product.xOffset() + row * product.xStride(),
                product.xStride(),
                rows,
                new PackedMatrix(in(), columns, width, floats),
                0,
                1,
                bias == null ? null : Arrays.copyOfRange(bias, panel * width, panel * width + columns),
                product.y(),
                product.yOffset() + row * product.yStride() + panel * width,
                product.yStride());
        scratch.offer(floats);
    }

    private void activate(Product product, int row, int rows, int panel) {
        if (product.activation() != Activation.IDENTITY) {
            int at = product.yOffset() + panel * matrix.panelWidth();
            for (int r = row; r < row + rows; r++) {
                kernels.activate(product.activation(), product.y(), at + r * product.yStride(), columns(panel));
            }
        }
    }

    private int columns(int panel) {
        return Math.min(matrix.panelWidth(), out() - panel * matrix.panelWidth());
    }
}

package heed.autograd;

import heed.tensor.Compute;
import heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// How the gradients of a linear map's parts are gathered, wherever one stands in an operation.
record LinearGradients(Tape tape, Compute compute) {
    /// Columns of one task where rows must be added in order.
    private static final int COLUMNS = 64;

    /// Adds `A · B` to the gradient of `of`, if it needs one.
    void addProduct(Tensor a, Tensor b, Tensor of) {
        if (tape.needsGradient(of)) {
            Tape.Target target = tape.target(of, compute);
            if (target.fresh()) {
                compute.setProduct(a, b, target.gradient());
            } else {
                compute.addProduct(a, b, target.gradient());
            }
        }
    }

    /// Adds the sums of the columns to the gradient of a bias, if there is one that needs it.
    void addColumnSums(Tensor dSums, @Nullable Tensor bias) {
        if (bias != null && tape.needsGradient(bias)) {
            Tensor dBias = tape.gradient(bias, compute);
            columnBlocks(
                    dBias.size(0),
                    (from, columns) -> compute.kernels()
                            .gradients()
                            .addColumnSums(
                                    dSums.values(),
                                    dSums.offset() + from,
                                    dSums.stride(0),
                                    dSums.size(0),
                                    columns,
                                    dBias.values(),
                                    dBias.offset() + from));
        }
    }

    /// Some columns of a matrix.
    interface Columns {
        void run(int from, int columns);
    }

    /// Shares columns among the threads, so that each adds its rows in order.
    void columnBlocks(int columns, Columns task) {
        int blocks = (columns + COLUMNS - 1) / COLUMNS;
        compute.parallel(blocks, block -> task.run(block * COLUMNS, Math.min(COLUMNS, columns - block * COLUMNS)));
    }
}

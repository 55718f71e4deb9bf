package heed.tensor;

import heed.kernel.GradientKernels;

/// The cross-entropy of logits and smoothed targets: with `q` giving `1 - s` to the target and `s` evenly to
/// all classes, `Σ q · -log softmax(x) = logSumExp(x) - (1 - s) x[target] - s · mean(x)`.
final class CrossEntropy {
    private final Compute compute;
    private final GradientKernels loops;

    CrossEntropy(Compute compute) {
        this.compute = compute;
        this.loops = compute.kernels().gradients();
    }

    Tensor apply(Tensor logits, Targets targets) {
        check(logits, targets.ids());
        int rows = logits.size(0);
        Tensor logSumExp = compute.take(rows);
        Tensor losses = compute.take(rows);
        compute.rowBlocks(rows, row -> losses.values()[row] = loss(logits, targets, row, logSumExp.values()));
        double sum = 0; // in the order of the rows
        for (int row = 0; row < rows; row++) {
            sum += losses.values()[row];
        }
        compute.release(losses);
        Tensor loss = compute.take(1);
        loss.values()[0] = (float) (sum / targets.divisor());
        compute.record(() -> new Op.CrossEntropy(logits, targets, logSumExp, loss));
        return loss;
    }

    private float loss(Tensor logits, Targets targets, int row, float[] logSumExp) {
        int target = targets.ids()[row];
        if (target < 0) {
            return 0;
        }
        int classes = logits.size(1);
        int at = logits.offset() + row * classes;
        logSumExp[row] = loops.logSumExp(logits.values(), at, classes);
        float loss = logSumExp[row] - (1 - targets.smoothing()) * logits.values()[at + target];
        float smoothed = targets.smoothing() == 0
                ? loss
                : loss - targets.smoothing() * loops.sum(logits.values(), at, classes) / classes;
        return targets.weight(row) * smoothed;
    }

    private static void check(Tensor logits, int[] ids) {
        if (logits.size(0) != ids.length) {
            throw new IllegalArgumentException(
                    "there are " + logits.size(0) + " rows of logits and " + ids.length + " targets");
        }
        for (int id : ids) {
            if (id >= logits.size(1)) {
                throw new IllegalArgumentException(
                        "target " + id + " is no class: the logits have classes 0 to " + (logits.size(1) - 1));
            }
        }
    }
}

package heed.autograd;

import heed.kernel.GradientKernels;
import heed.kernel.Kernels;
import heed.kernel.RecurrentKernels;
import heed.tensor.Compute;
import heed.tensor.Op;
import heed.tensor.Pairs;
import heed.tensor.Tensor;
import java.util.Arrays;

/// The gradients of additive attention. A task takes one sequence, so that no two add to the same row.
final class PairGradients {
    private final Tape tape;
    private final Compute compute;
    private final Kernels kernels;
    private final RecurrentKernels loops;
    private final GradientKernels sums;

    PairGradients(Tape tape, Compute compute) {
        this.tape = tape;
        this.compute = compute;
        this.kernels = compute.kernels();
        this.loops = kernels.recurrent();
        this.sums = kernels.gradients();
    }

    private Tensor gradientOrUnused(Tensor tensor) {
        return tape.needsGradient(tensor)
                ? tape.gradient(tensor, compute)
                : tensor.over(compute.take(tensor.values().length).values());
    }

    /// `dS = w (dW - Σ w dW)`, then through each score.
    void weights(Op.AdditiveWeights op) {
        Tensor dWeights = tape.gradient(op.output(), compute);
        Tensor dQuery = gradientOrUnused(op.query());
        Tensor dKey = gradientOrUnused(op.key());
        int width = op.score().size(0);
        int sequences = op.pairs().queries().count();
        Tensor shares = compute.take(sequences, width); // of the gradient of the score's vector
        Arrays.fill(shares.values(), 0, sequences * width, 0);
        compute.parallel(sequences, b -> sequence(op, b, dWeights, dQuery, dKey, shares));
        if (tape.needsGradient(op.score())) {
            Tensor dScore = tape.gradient(op.score(), compute);
            sums.addColumnSums(shares.values(), 0, width, sequences, width, dScore.values(), dScore.offset());
        }
        compute.giveBack(shares);
    }

    private void sequence(Op.AdditiveWeights op, int b, Tensor dWeights, Tensor dQuery, Tensor dKey, Tensor shares) {
        Pairs pairs = op.pairs();
        int keys = pairs.keys().length(b);
        int width = op.score().size(0);
        float[] w = op.output().values();
        float[] dW = dWeights.values();
        int at = pairs.start(b);
        for (int i = pairs.queries().start(b); i < pairs.queries().end(b); i++, at += keys) {
            float mean = kernels.dot(w, at, dW, at, keys);
            for (int j = 0; j < keys; j++) {
                int keyRow = pairs.keys().start(b) + j;
                loops.additiveScoreBack(
                        width,
                        w[at + j] * (dW[at + j] - mean),
                        op.query().values(),
                        op.query().offset() + i * op.query().stride(0),
                        op.key().values(),
                        op.key().offset() + keyRow * op.key().stride(0),
                        op.score().values(),
                        op.score().offset(),
                        dQuery.values(),
                        dQuery.offset() + i * dQuery.stride(0),
                        dKey.values(),
                        dKey.offset() + keyRow * dKey.stride(0),
                        shares.values(),
                        b * width);
            }
        }
    }

    /// `dW = dY · v`, `dV += w dY`.
    void sums(Op.WeightedSums op) {
        Tensor dY = tape.gradient(op.output(), compute);
        Tensor dWeights = gradientOrUnused(op.weights());
        Tensor dValue = gradientOrUnused(op.value());
        Pairs pairs = op.pairs();
        int width = op.value().size(1);
        compute.parallel(pairs.queries().count(), b -> {
            int at = pairs.start(b);
            for (int i = pairs.queries().start(b); i < pairs.queries().end(b); i++) {
                for (int j = pairs.keys().start(b); j < pairs.keys().end(b); j++, at++) {
                    int valueRow = op.value().offset() + j * op.value().stride(0);
                    int to = op.weights().offset() + at;
                    dWeights.values()[to] +=
                            kernels.dot(dY.values(), i * width, op.value().values(), valueRow, width);
                    kernels.addScaled(
                            op.weights().values()[to], dY.values(), i * width, dValue.values(), valueRow, width);
                }
            }
        });
    }
}

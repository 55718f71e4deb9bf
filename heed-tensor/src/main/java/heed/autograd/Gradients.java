package heed.autograd;

import heed.kernel.Activation;
import heed.kernel.GradientKernels;
import heed.kernel.Kernels;
import heed.tensor.Compute;
import heed.tensor.Op;
import heed.tensor.Shape;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/// The gradient of every [Op]: given the gradient of its output, adds to those of its inputs. `dY` is the
/// gradient of the loss with respect to `Y`.
///
/// Each place of a gradient is summed by one task in a fixed order, so results do not depend on the number of
/// threads.
final class Gradients {
    /// Rows of a norm whose shares in the gradients of gain and bias are summed together.
    private static final int NORM_ROWS = 64;

    private final Tape tape;
    private final Compute compute;
    private final Kernels kernels;
    private final GradientKernels loops;
    private final LinearGradients linear;

    private Gradients(Tape tape, Compute compute) {
        this.tape = tape;
        this.compute = compute;
        this.kernels = compute.kernels();
        this.loops = kernels.gradients();
        this.linear = new LinearGradients(tape, compute);
    }

    static void add(Op op, Tape tape, Compute compute) {
        Gradients gradients = new Gradients(tape, compute);
        switch (op) {
            case Op.Linear linear -> gradients.linear(linear);
            case Op.LayerNorm norm -> gradients.layerNorm(norm);
            case Op.RmsNorm norm -> gradients.rmsNorm(norm);
            case Op.Times times -> gradients.times(times);
            case Op.Scaled scaled -> gradients.scaled(scaled);
            case Op.Activated activated -> gradients.activated(activated);
            case Op.Rotated rotated -> gradients.rotated(rotated);
            case Op.LookUp lookUp -> gradients.scatter(lookUp.table(), lookUp.ids(), lookUp.output());
            case Op.AddLookUp lookUp -> gradients.scatter(lookUp.table(), lookUp.ids(), lookUp.output());
            case Op.Sum sum -> gradients.sum(sum);
            case Op.Attention attention -> new AttentionGradients(tape, compute).add(attention);
            case Op.Recurrent layer -> RecurrentGradients.add(layer, tape, compute);
            case Op.Joined joined -> gradients.joined(joined);
            case Op.Stacked stacked -> gradients.stacked(stacked);
            case Op.AdditiveWeights weights -> new PairGradients(tape, compute).weights(weights);
            case Op.WeightedSums sums -> new PairGradients(tape, compute).sums(sums);
            case Op.CrossEntropy loss -> gradients.crossEntropy(loss);
            case Op.BinaryCrossEntropy loss -> gradients.binaryCrossEntropy(loss);
            case Op.Dropped dropped -> gradients.dropped(dropped);
            case Op.Recomputed work -> tape.replay(work, compute);
        }
    }

    /// `dX += dS W`, `dW += dSᵀ X` and `dBias += Σ dS` over rows, where `dS = dY · activation'(S)`.
    private void linear(Op.Linear op) {
        Tensor dSums = sumsGradient(op);
        linear.addProduct(dSums, op.weight(), op.x());
        linear.addProduct(dSums.transpose(), op.x(), op.weight());
        linear.addColumnSums(dSums, op.bias());
    }

    /// In place of the output's gradient, which nobody needs any more.
    private Tensor sumsGradient(Op.Linear op) {
        Tensor dY = gradient(op.output());
        if (op.activation() != Activation.IDENTITY) {
            Tensor sums = op.sums();
            int out = sums.size(1);
            compute.rowBlocks(
                    sums.size(0),
                    row -> loops.activate(
                            op.activation(),
                            sums.values(),
                            sums.offset() + row * sums.stride(0),
                            dY.values(),
                            dY.offset() + row * dY.stride(0),
                            out));
        }
        return dY;
    }

    /// `dX += dY · activation'(X)`, in place of the output's gradient, which nobody needs any more.
    private void activated(Op.Activated op) {
        Tensor x = op.x();
        Tensor dY = gradient(op.output());
        compute.pieces(
                dY.shape().elements(),
                (from, n) -> loops.activate(
                        op.activation(), x.values(), x.offset() + from, dY.values(), dY.offset() + from, n));
        passOn(op.output(), x);
    }

    private void layerNorm(Op.LayerNorm op) {
        Tensor x = op.x();
        int d = x.size(1);
        norm(
                x,
                op.output(),
                List.of(op.gain(), op.bias()),
                (from, rows, dY, dX, shares, at) -> loops.layerNorm(
                        x.values(),
                        x.offset() + from * d,
                        rows,
                        d,
                        op.gain().values(),
                        op.eps(),
                        dY.values(),
                        dY.offset() + from * d,
                        dX.values(),
                        dX.offset() + from * d,
                        shares,
                        at,
                        shares,
                        at + d));
    }

    private void rmsNorm(Op.RmsNorm op) {
        Tensor x = op.x();
        int d = x.size(1);
        norm(
                x,
                op.output(),
                List.of(op.gain()),
                (from, rows, dY, dX, shares, at) -> loops.rmsNorm(
                        x.values(),
                        x.offset() + from * d,
                        rows,
                        d,
                        op.gain().values(),
                        op.eps(),
                        dY.values(),
                        dY.offset() + from * d,
                        dX.values(),
                        dX.offset() + from * d,
                        shares,
                        at));
    }

    /// The way back through some rows of a norm, which adds to the sums of its vectors one after the other at
    /// `shares[at]`.
    private interface NormRows {
        void add(int from, int rows, Tensor dY, Tensor dX, float[] shares, int at);
    }

    /// Blocks of rows have sums of their own for each vector that the norm learns, which are then added in
    /// order.
    private void norm(Tensor x, Tensor output, List<Tensor> vectors, NormRows way) {
        int rows = x.size(0);
        int d = x.size(1);
        int stride = vectors.size() * d;
        int blocks = (rows + NORM_ROWS - 1) / NORM_ROWS;
        Tape.Target target =
                tape.needsGradient(x) ? tape.target(x, compute) : new Tape.Target(compute.take(rows, d), true);
        Tensor dX = target.gradient();
        Tensor dY = gradient(output);
        float[] shares = compute.take(blocks, stride).values();
        compute.parallel(blocks, block -> {
            int from = block * NORM_ROWS;
            int count = Math.min(NORM_ROWS, rows - from);
            Arrays.fill(shares, block * stride, (block + 1) * stride, 0);
            if (target.fresh()) {
                Arrays.fill(dX.values(), dX.offset() + from * d, dX.offset() + (from + count) * d, 0);
            }
            way.add(from, count, dY, dX, shares, block * stride);
        });
        for (int i = 0; i < vectors.size(); i++) {
            addShares(vectors.get(i), shares, i * d, blocks, stride);
        }
        compute.giveBack(Tensor.of(Shape.of(1), shares));
    }

    private void times(Op.Times op) {
        addTimesTo(op.x(), op.y(), gradient(op.output()));
        addTimesTo(op.y(), op.x(), gradient(op.output()));
    }

    /// `dX += y ⊙ dY`
    private void addTimesTo(Tensor x, Tensor y, Tensor dY) {
        if (tape.needsGradient(x)) {
            Tensor dX = gradient(x);
            int d = x.size(1);
            compute.rowBlocks(
                    x.size(0),
                    row -> loops.addTimes(
                            y.values(),
                            y.offset() + row * d,
                            dY.values(),
                            dY.offset() + row * d,
                            dX.values(),
                            dX.offset() + row * d,
                            d));
        }
    }

    private void scaled(Op.Scaled op) {
        Tensor dY = gradient(op.output());
        compute.pieces(
                dY.shape().elements(), (from, n) -> loops.scale(op.factor(), dY.values(), dY.offset() + from, n));
        passOn(op.output(), op.x());
    }

    /// A turn is undone by the opposite one. In place of the output's gradient, which nobody needs any more.
    private void rotated(Op.Rotated op) {
        Tensor dY = gradient(op.output());
        int pairs = op.cos().size(1);
        int width = dY.size(1);
        int angles = op.sin().shape().elements();
        float[] back = compute.take(angles).values();
        for (int i = 0; i < angles; i++) {
            back[i] = -op.sin().values()[op.sin().offset() + i];
        }
        float[] cos = op.cos().toArray();
        compute.rowBlocks(dY.size(0), row -> {
            int from = dY.offset() + row * width;
            for (int head = from; head < from + width; head += op.dHead()) {
                kernels.rotate(
                        dY.values(),
                        head,
                        op.interleaved() ? head + 1 : head + pairs,
                        op.interleaved() ? 2 : 1,
                        pairs,
                        cos,
                        back,
                        row * pairs);
            }
        });
        compute.giveBack(Tensor.of(Shape.of(1), back));
        passOn(op.output(), op.x());
    }

    private void addShares(Tensor vector, float[] shares, int offset, int blocks, int stride) {
        if (tape.needsGradient(vector)) {
            Tensor gradient = gradient(vector);
            loops.addColumnSums(shares, offset, stride, blocks, vector.size(0), gradient.values(), gradient.offset());
        }
    }

    /// Row `n` is added to row `ids[n]` of the table's gradient. Tasks have columns of their own, since two
    /// rows may have the same id.
    private void scatter(Tensor table, int[] ids, Tensor output) {
        if (!tape.needsGradient(table)) {
            return;
        }
        Tensor dY = gradient(output);
        Tensor dTable = gradient(table);
        linear.columnBlocks(table.size(1), (from, columns) -> {
            for (int n = 0; n < ids.length; n++) {
                kernels.add(
                        dY.values(),
                        dY.offset() + n * dY.stride(0) + from,
                        dTable.values(),
                        dTable.offset() + ids[n] * dTable.stride(0) + from,
                        columns);
            }
        });
    }

    private void sum(Op.Sum op) {
        if (tape.needsGradient(op.x())) {
            addTo(op.y(), gradient(op.output()));
            passOn(op.output(), op.x());
        } else {
            passOn(op.output(), op.y());
        }
    }

    /// Adds the gradient of an output, as it is and for the last time, to that of an input.
    private void passOn(Tensor output, Tensor input) {
        if (tape.needsGradient(input) && !tape.handOver(output, input)) {
            addTo(input, gradient(output));
        }
    }

    private void addTo(Tensor input, Tensor dY) {
        if (!tape.needsGradient(input)) {
            return;
        }
        Tape.Target target = tape.target(input, compute);
        Tensor dX = target.gradient();
        int d = input.size(1);
        compute.rowBlocks(input.size(0), row -> {
            int from = dY.offset() + row * d;
            int to = dX.offset() + row * dX.stride(0);
            if (target.fresh()) {
                System.arraycopy(dY.values(), from, dX.values(), to, d);
            } else {
                kernels.add(dY.values(), from, dX.values(), to, d);
            }
        });
    }

    private void stacked(Op.Stacked op) {
        Tensor dY = gradient(op.output());
        int row = 0;
        for (Tensor input : op.inputs()) {
            addTo(input, dY.rows(row, row + input.size(0)));
            row += input.size(0);
        }
    }

    private void joined(Op.Joined op) {
        Tensor dY = gradient(op.output());
        int column = 0;
        for (Tensor input : op.inputs()) {
            int first = column;
            int width = input.size(1);
            if (tape.needsGradient(input)) {
                Tensor dX = gradient(input);
                compute.rowBlocks(
                        input.size(0),
                        row -> kernels.add(
                                dY.values(),
                                dY.offset() + row * dY.stride(0) + first,
                                dX.values(),
                                dX.offset() + row * dX.stride(0),
                                width));
            }
            column += width;
        }
    }

    /// `dX += (softmax(x) - q) · dLoss / divisor`, with `q` the smoothed target.
    private void crossEntropy(Op.CrossEntropy op) {
        Tensor logits = op.logits();
        Targets targets = op.targets();
        int classes = logits.size(1);
        float mean = (float) (gradient(op.output()).at(0) / targets.divisor());
        float evenly = targets.smoothing() / classes;
        Tape.Target place = tape.target(logits, compute);
        Tensor dX = place.gradient();
        compute.rowBlocks(logits.size(0), row -> {
            int target = targets.ids()[row];
            if (place.fresh()) {
                Arrays.fill(dX.values(), dX.offset() + row * classes, dX.offset() + (row + 1) * classes, 0);
            }
            if (target >= 0) {
                float factor = mean * targets.weight(row);
                int at = logits.offset() + row * classes;
                loops.addSoftmaxGradient(
                        logits.values(),
                        at,
                        classes,
                        op.logSumExp().values()[row],
                        factor,
                        -evenly * factor,
                        dX.values(),
                        dX.offset() + row * classes);
                dX.values()[dX.offset() + row * classes + target] -= (1 - targets.smoothing()) * factor;
            }
        });
    }

    /// `dX += (σ(x) (1 + (w - 1) t) - w t) · dLoss / divisor`
    private void binaryCrossEntropy(Op.BinaryCrossEntropy op) {
        Tensor logits = op.logits();
        Tensor dX = gradient(logits);
        double factor = gradient(op.output()).at(0) / op.divisor();
        for (int row = 0; row < logits.size(0); row++) {
            for (int c = 0; c < logits.size(1); c++) {
                double target = op.targets().at(row, c);
                double weight =
                        op.positiveWeights() == null ? 1 : op.positiveWeights().at(c);
                double probability = 1 / (1 + Math.exp(-(double) logits.at(row, c)));
                double slope = probability * (1 + (weight - 1) * target) - weight * target;
                dX.set((float) (dX.at(row, c) + slope * factor), row, c);
            }
        }
    }

    private void dropped(Op.Dropped op) {
        Tensor dY = gradient(op.output());
        int d = op.x().size(1);
        compute.rowBlocks(
                op.x().size(0),
                row -> loops.drop(
                        op.dropout(), row, dY.values(), dY.offset() + row * d, dY.values(), dY.offset() + row * d, d));
        passOn(op.output(), op.x());
    }

    private Tensor gradient(Tensor tensor) {
        return tape.gradient(tensor, compute);
    }
}

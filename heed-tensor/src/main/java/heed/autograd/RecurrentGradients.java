package heed.autograd;

import heed.kernel.Activation;
import heed.kernel.GradientKernels;
import heed.kernel.Kernels;
import heed.kernel.RecurrentCell;
import heed.kernel.RecurrentKernels;
import heed.tensor.Compute;
import heed.tensor.Op;
import heed.tensor.Recurrence;
import heed.tensor.StepProduct;
import heed.tensor.Tensor;
import heed.tensor.TimeSteps;
import java.util.Arrays;
import java.util.Objects;

/// The gradient of a recurrent layer, by going back through time (Werbos 1990). Only the gradient of the hidden
/// state is multiplied step by step; those of the weights are gathered from all positions at once.
final class RecurrentGradients {
    private final Tape tape;
    private final Compute compute;
    private final Kernels kernels;
    private final RecurrentKernels loops;
    private final GradientKernels slopes;
    private final Op.Recurrent op;
    private final Recurrence recurrence;
    private final int width;
    private final int sums;
    private final int rows;
    private final int batch;
    private final Tensor dStates; // [S·N, H]
    private final Tensor dStart; // [S·B, H]
    private final Tensor dInput; // [N, G·H], of the input's share
    private final Tensor dShare; // [N, G·H], of the hidden states' share: the same unless a gate stands between
    private final StepProduct product;

    private RecurrentGradients(Op.Recurrent op, Tape tape, Compute compute) {
        this.tape = tape;
        this.compute = compute;
        this.kernels = compute.kernels();
        this.loops = kernels.recurrent();
        this.slopes = kernels.gradients();
        this.op = op;
        this.recurrence = op.recurrence();
        this.width = recurrence.width();
        this.sums = recurrence.cell().gates() * width;
        this.rows = op.sequences().tokens();
        this.batch = op.sequences().count();
        this.dStates = tape.gradient(op.output(), compute);
        this.dStart = op.start() != null && tape.needsGradient(op.start())
                ? tape.gradient(op.start(), compute)
                : compute.take(op.from().shape().toArray());
        this.dInput = compute.take(rows, sums);
        this.dShare = recurrence.cell() == RecurrentCell.GRU ? compute.take(rows, sums) : dInput;
        this.product =
                new StepProduct(Objects.requireNonNull(recurrence.hidden().matrix()), compute);
    }

    static void add(Op.Recurrent op, Tape tape, Compute compute) {
        RecurrentGradients gradients = new RecurrentGradients(op, tape, compute);
        boolean apart = op.groups().size() > 1;
        compute.parallel(
                op.groups().size(), group -> gradients.walkBack(op.groups().get(group), apart));
        gradients.product.close();
        gradients.addToInputs();
    }

    /// Goes back through some sequences.
    private void walkBack(TimeSteps group, boolean alone) {
        int count = group.count();
        float[] dHidden = compute.borrowScratch(count * width);
        float[] dCell = compute.borrowScratch(count * width);
        float[] dSums = compute.borrowScratch(count * sums);
        float[] scratch = compute.borrowScratch(product.scratch(count));
        Arrays.fill(dHidden, 0, count * width, 0);
        Arrays.fill(dCell, 0, count * width, 0);
        for (int step = group.steps() - 1; step >= 0; step--) {
            int running = group.running(step);
            if (alone || running == 1) {
                for (int rank = 0; rank < running; rank++) {
                    goBack(group, rank, step, dHidden, dCell, dSums);
                }
            } else {
                int at = step;
                compute.rowBlocks(running, rank -> goBack(group, rank, at, dHidden, dCell, dSums));
            }
            if (alone) {
                product.multiply(dSums, running, null, dHidden, scratch);
            } else {
                product.multiplyTogether(dSums, running, null, dHidden);
            }
        }
        for (int rank = 0; rank < count; rank++) {
            addToStart(group.sequence(rank), dHidden, rank);
            if (recurrence.cell() == RecurrentCell.LSTM) {
                addToStart(batch + group.sequence(rank), dCell, rank);
            }
        }
        compute.returnScratch(dHidden);
        compute.returnScratch(dCell);
        compute.returnScratch(dSums);
        compute.returnScratch(scratch);
    }

    private void addToStart(int row, float[] gradient, int rank) {
        kernels.add(gradient, rank * width, dStart.values(), dStart.offset() + row * width, width);
    }

    /// Takes one sequence a step back. Afterwards `dHidden` lacks only what comes through the product.
    private void goBack(TimeSteps group, int rank, int step, float[] dHidden, float[] dCell, float[] dSums) {
        int row = group.row(rank, step);
        int at = rank * width;
        kernels.add(dStates.values(), dStates.offset() + row * width, dHidden, at, width);
        switch (recurrence.cell()) {
            case LSTM -> {
                kernels.add(dStates.values(), dStates.offset() + (rows + row) * width, dCell, at, width);
                lstm(group, rank, step, dHidden, dCell, dSums);
            }
            case GRU -> gru(group, rank, step, dHidden, dSums);
            case TANH -> activation(Activation.TANH, row, rank, dHidden, dSums);
            case RELU -> activation(Activation.RELU, row, rank, dHidden, dSums);
        }
        System.arraycopy(dSums, rank * sums, dShare.values(), row * sums, sums);
    }

    private void lstm(TimeSteps group, int rank, int step, float[] dHidden, float[] dCell, float[] dSums) {
        int row = group.row(rank, step);
        boolean first = step == 0;
        Tensor before = first ? op.from() : op.output();
        loops.lstmBack(
                width,
                op.gates().values(),
                row * sums,
                before.values(),
                before.offset() + (first ? batch + group.sequence(rank) : rows + group.rowBefore(rank, step)) * width,
                op.output().values(),
                (rows + row) * width,
                dHidden,
                rank * width,
                dCell,
                rank * width,
                dSums,
                rank * sums);
        Arrays.fill(dHidden, rank * width, (rank + 1) * width, 0);
    }

    private void gru(TimeSteps group, int rank, int step, float[] dHidden, float[] dSums) {
        int row = group.row(rank, step);
        boolean first = step == 0;
        Tensor before = first ? op.from() : op.output();
        loops.gruBack(
                width,
                op.gates().values(),
                row * sums,
                Objects.requireNonNull(op.candidates()).values(),
                row * width,
                before.values(),
                before.offset() + (first ? group.sequence(rank) : group.rowBefore(rank, step)) * width,
                dHidden,
                rank * width,
                dInput.values(),
                row * sums,
                dSums,
                rank * sums);
    }

    private void activation(Activation activation, int row, int rank, float[] dHidden, float[] dSums) {
        System.arraycopy(dHidden, rank * width, dSums, rank * width, width);
        slopes.activate(activation, op.gates().values(), row * width, dSums, rank * width, width);
        Arrays.fill(dHidden, rank * width, (rank + 1) * width, 0);
    }

    /// `dX += dI W`, `dW += dIᵀ X`, `dU += dSᵀ H` with `H` the hidden states before, and the biases' sums.
    private void addToInputs() {
        Tensor input = Objects.requireNonNull(recurrence.input().matrix());
        Tensor hidden = Objects.requireNonNull(recurrence.hidden().matrix());
        LinearGradients linear = new LinearGradients(tape, compute);
        linear.addProduct(dInput, input, op.x());
        linear.addProduct(dInput.transpose(), op.x(), input);
        if (tape.needsGradient(hidden)) {
            Tensor before = statesBefore();
            linear.addProduct(dShare.transpose(), before, hidden);
            compute.giveBack(before);
        }
        linear.addColumnSums(dInput, recurrence.inputBias());
        linear.addColumnSums(dShare, recurrence.hiddenBias());
        compute.giveBack(dInput);
        compute.giveBack(dShare);
    }

    /// The hidden state before each position: `[N, H]`.
    private Tensor statesBefore() {
        Tensor before = compute.take(rows, width);
        for (TimeSteps group : op.groups()) {
            compute.rowBlocks(group.count(), rank -> {
                for (int step = 0; step < group.steps(); step++) {
                    copyStateBefore(group, rank, step, before);
                }
            });
        }
        return before;
    }

    private void copyStateBefore(TimeSteps group, int rank, int step, Tensor target) {
        if (rank < group.running(step)) {
            Tensor states = step == 0 ? op.from() : op.output();
            int row = step == 0 ? group.sequence(rank) : group.rowBefore(rank, step);
            System.arraycopy(
                    states.values(),
                    states.offset() + row * width,
                    target.values(),
                    group.row(rank, step) * width,
                    width);
        }
    }
}

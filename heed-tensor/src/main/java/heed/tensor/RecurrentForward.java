package heed.tensor;

import heed.kernel.Activation;
import heed.kernel.Kernels;
import heed.kernel.Product;
import heed.kernel.RecurrentCell;
import heed.kernel.RecurrentKernels;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A layer of a recurrent network over a batch. The inputs of all positions are multiplied at once; what is
/// left for the steps one after the other is the product of the hidden states.
///
/// Where the weight of the hidden state fits a core's cache, each thread walks through sequences of its own and
/// waits for nobody. A larger one is shared: at every step each thread multiplies by its part of it.
final class RecurrentForward {
    /// Floats of a weight that stays in the second level cache of one core while a sequence is walked through.
    private static final int FITS_A_CORE = 1 << 18;

    private final Compute compute;
    private final Kernels kernels;
    private final RecurrentKernels loops;
    private final Recurrence recurrence;
    private final int width;
    private final int sums; // in a row: a stretch for each gate
    private final int rows; // of all sequences
    private final int batch;
    private final Tensor gates; // [N, G·H]
    private final Tensor states; // [S·N, H]
    private final Tensor from; // [S·B, H]
    private final @Nullable Tensor candidates; // [N, H], what the reset gate of a GRU multiplies
    private final @Nullable StepProduct product; // null for a weight that an engine prepared

    private RecurrentForward(
            Compute compute, Recurrence recurrence, Sequences sequences, Tensor gates, @Nullable Tensor start) {
        this.compute = compute;
        this.kernels = compute.kernels();
        this.loops = kernels.recurrent();
        this.recurrence = recurrence;
        this.width = recurrence.width();
        this.sums = recurrence.cell().gates() * width;
        this.rows = sequences.tokens();
        this.batch = sequences.count();
        this.gates = gates;
        this.states = compute.take(recurrence.cell().states() * rows, width);
        this.from = start == null ? zeros(compute, recurrence.cell().states() * batch, width) : start;
        this.candidates = recurrence.cell() == RecurrentCell.GRU ? compute.take(rows, width) : null;
        Tensor matrix = recurrence.hidden().matrix();
        this.product = matrix == null ? null : new StepProduct(matrix.transpose(), compute);
    }

    private static Tensor zeros(Compute compute, int... sizes) {
        Tensor zeros = compute.take(sizes);
        Arrays.fill(zeros.values(), 0, zeros.shape().elements(), 0);
        return zeros;
    }

    static Tensor apply(
            Compute compute,
            Tensor x,
            Recurrence recurrence,
            Sequences sequences,
            boolean backwards,
            @Nullable Tensor start) {
        check(x, recurrence, sequences, start);
        Tensor gates = compute.linearUnrecorded(x, recurrence.input(), recurrence.inputBias());
        RecurrentForward forward = new RecurrentForward(compute, recurrence, sequences, gates, start);
        List<TimeSteps> groups = TimeSteps.of(sequences, backwards, forward.groups());
        boolean apart = groups.size() > 1;
        compute.parallel(groups.size(), group -> forward.walk(groups.get(group), apart));
        if (forward.product != null) {
            forward.product.close();
        }
        compute.record(() -> new Op.Recurrent(
                x, recurrence, sequences, groups, start, forward.from, gates, forward.candidates, forward.states));
        return forward.states;
    }

    private int groups() {
        boolean fits = (long) sums * width <= FITS_A_CORE;
        return product != null && fits ? Math.clamp(batch, 1, compute.workers().threads()) : 1;
    }

    /// Goes through some sequences, on this thread alone where others have sequences of their own.
    private void walk(TimeSteps group, boolean alone) {
        int count = group.count();
        float[] hidden = compute.borrowScratch(count * width);
        float[] share = compute.borrowScratch(count * sums);
        float[] scratch = compute.borrowScratch(product == null ? 0 : product.scratch(count));
        for (int rank = 0; rank < count; rank++) {
            System.arraycopy(from.values(), from.offset() + group.sequence(rank) * width, hidden, rank * width, width);
        }
        for (int step = 0; step < group.steps(); step++) {
            int running = group.running(step);
            multiply(hidden, running, share, alone, scratch);
            if (alone || running == 1) {
                for (int rank = 0; rank < running; rank++) {
                    advance(group, rank, step, share, hidden);
                }
            } else {
                int at = step;
                compute.rowBlocks(running, rank -> advance(group, rank, at, share, hidden));
            }
        }
        compute.returnScratch(hidden);
        compute.returnScratch(share);
        compute.returnScratch(scratch);
    }

    /// The hidden states' share of the sums.
    private void multiply(float[] hidden, int running, float[] share, boolean alone, float[] scratch) {
        float[] bias = recurrence.hiddenBias().values();
        if (product == null) {
            recurrence
                    .hidden()
                    .prepared()
                    .multiply(
                            new Product(hidden, 0, width, running, bias, Activation.IDENTITY, share, 0, sums),
                            compute.workers());
            return;
        }
        if (alone) {
            product.multiply(hidden, running, bias, share, scratch);
        } else {
            product.multiplyTogether(hidden, running, bias, share);
        }
    }

    /// Brings one sequence to its next state.
    private void advance(TimeSteps group, int rank, int step, float[] share, float[] hidden) {
        int row = group.row(rank, step);
        int to = row * width;
        switch (recurrence.cell()) {
            case LSTM -> {
                boolean first = step == 0;
                loops.lstm(
                        width,
                        gates.values(),
                        row * sums,
                        share,
                        rank * sums,
                        first ? from.values() : states.values(),
                        first
                                ? from.offset() + (batch + group.sequence(rank)) * width
                                : (rows + group.rowBefore(rank, step)) * width,
                        states.values(),
                        (rows + row) * width,
                        states.values(),
                        to);
            }
            case GRU -> {
                if (candidates != null) {
                    System.arraycopy(share, rank * sums + 2 * width, candidates.values(), to, width);
                }
                loops.gru(
                        width,
                        gates.values(),
                        row * sums,
                        share,
                        rank * sums,
                        hidden,
                        rank * width,
                        states.values(),
                        to);
            }
            case TANH -> activate(Activation.TANH, row, share, rank);
            case RELU -> activate(Activation.RELU, row, share, rank);
        }
        System.arraycopy(states.values(), to, hidden, rank * width, width);
    }

    private void activate(Activation activation, int row, float[] share, int rank) {
        kernels.add(share, rank * width, gates.values(), row * width, width);
        System.arraycopy(gates.values(), row * width, states.values(), row * width, width);
        kernels.activate(activation, states.values(), row * width, width);
    }

    private static void check(Tensor x, Recurrence recurrence, Sequences sequences, @Nullable Tensor start) {
        if (x.shape().rank() != 2 || x.size(0) != sequences.tokens() || sequences.rows() != sequences.tokens()) {
            throw new IllegalArgumentException("a recurrent layer's input has shape " + x.shape() + ", expected ["
                    + sequences.tokens() + ", " + recurrence.input().in() + "] for " + sequences);
        }
        Shape expected = Shape.of(recurrence.cell().states() * sequences.count(), recurrence.width());
        if (start != null && (!start.shape().equals(expected) || !start.contiguous())) {
            throw new IllegalArgumentException(
                    "the first state has shape " + start.shape() + ", expected " + expected + " without gaps");
        }
    }
}

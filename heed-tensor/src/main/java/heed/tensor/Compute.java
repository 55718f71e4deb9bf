package heed.tensor;

import heed.kernel.Activation;
import heed.kernel.Dropout;
import heed.kernel.GradientKernels;
import heed.kernel.Kernels;
import heed.kernel.Product;
import heed.kernel.WorkerPool;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs the operations of a pass: kernels for the loops, threads to share them, buffers that are used again.
///
/// A `Compute` serves one pass at a time; concurrent passes have one each and share the threads. Results do not
/// depend on the number of threads, nor on what else is in the batch.
///
/// Buffers: the operations take their results from a pool. [#keepOnly] marks a stretch of work after which
/// everything but its result goes back. A tensor that must outlive the pass is copied out.
public final class Compute {
    /// Tasks of one operation for each thread, so that one that is held up leaves its share to others.
    private static final int TASKS_PER_THREAD = 4;

    /// Floats of one task where nothing but their number matters: fewer are not worth handing over.
    private static final int PIECE = 1 << 14;

    private final Kernels kernels;
    private final WorkerPool workers;
    private final Buffers buffers = new Buffers();
    private final ConcurrentLinkedQueue<float[]> scratch = new ConcurrentLinkedQueue<>();
    private @Nullable Recorder recorder; // of what is being done, when somebody wants gradients of it

    public Compute(Kernels kernels, WorkerPool workers) {
        this.kernels = kernels;
        this.workers = workers;
    }

    public Kernels kernels() {
        return kernels;
    }

    public WorkerPool workers() {
        return workers;
    }

    /// `activation(x Wᵀ + bias)`: `[N, in] → [N, out]`.
    ///
    /// @param bias `[out]`, or null for none
    public Tensor linear(Tensor x, Weight weight, @Nullable Tensor bias, Activation activation) {
        requireWidth("a linear layer's input", x, weight.in());
        Tensor matrix = weight.matrix();
        if (matrix != null) {
            return new LearnedLinear(this).apply(x, matrix, bias, activation);
        }
        return prepared(x, weight, bias, activation);
    }

    private Tensor prepared(Tensor x, Weight weight, @Nullable Tensor bias, Activation activation) {
        requireNotRecording("a weight that was packed for inference");
        int rows = x.size(0);
        Tensor y = take(rows, weight.out());
        float[] biasValues = bias == null ? null : vector("bias", bias, weight.out());
        Product product = new Product(
                x.values(), x.offset(), x.stride(0), rows, biasValues, activation, y.values(), 0, weight.out());
        weight.prepared().multiply(product, workers);
        return y;
    }

    /// `x Wᵀ + bias` as a part of another operation, which is taken down in its place.
    Tensor linearUnrecorded(Tensor x, Weight weight, Tensor bias) {
        requireWidth("a recurrent layer's input", x, weight.in());
        Tensor matrix = weight.matrix();
        return matrix == null
                ? prepared(x, weight, bias, Activation.IDENTITY)
                : new LearnedLinear(this).sums(x, matrix, bias);
    }

    /// A layer of a recurrent network: goes through every sequence position by position, from the first to the
    /// last or the other way round, and gives the state after each: `[N, in] → [S·N, H]`. The first N rows are
    /// the hidden states; with LSTM, N rows with the cells behind them follow.
    ///
    /// @param start `[S·B, H]`, the state before the first position of every sequence, hidden states first;
    /// null for zeros. Gradients flow into it if it depends on parameters.
    public Tensor recurrent(
            Tensor x, Recurrence recurrence, Sequences sequences, boolean backwards, @Nullable Tensor start) {
        return RecurrentForward.apply(this, x, recurrence, sequences, backwards, start);
    }

    /// How much each query of additive attention takes of each key of its sequence: softmax over the keys of
    /// `score · tanh(query + key)` (Bahdanau et al. 2015, §A.1.2).
    ///
    /// @param query `[Nq, A]`
    /// @param key `[Nk, A]`
    /// @param score `[A]`
    /// @return `[P, 1]`, as [Pairs] lays them out
    public Tensor additiveWeights(Tensor query, Tensor key, Tensor score, Pairs pairs) {
        return new AdditiveAttention(this).weights(query, key, score, pairs);
    }

    /// For each query the sum of the values of its sequence, weighted: `[Nk, D] → [Nq, D]`.
    ///
    /// @param weights `[P, 1]`
    public Tensor weightedSums(Tensor weights, Tensor value, Pairs pairs) {
        return new AdditiveAttention(this).sums(weights, value, pairs);
    }

    /// The mean of the rows of each sequence, a sum in which every position weighs the same: `[N, D] → [B, D]`.
    public Tensor means(Tensor x, Sequences sequences) {
        int[] one = new int[sequences.count()];
        Arrays.fill(one, 1);
        Pairs pairs = new Pairs(Sequences.ofLengths(one), sequences);
        Tensor weights = take(pairs.count(), 1);
        for (int b = 0; b < sequences.count(); b++) {
            Arrays.fill(weights.values(), sequences.start(b), sequences.end(b), 1f / sequences.length(b));
        }
        return weightedSums(weights, x, pairs);
    }

    /// Matrices of one width, one below the other: `[N₁, D], [N₂, D], … → [N₁ + N₂ + …, D]`.
    public Tensor stacked(List<Tensor> parts) {
        int width = parts.getFirst().size(1);
        int rows = parts.stream().mapToInt(part -> part.size(0)).sum();
        Tensor y = take(rows, width);
        int row = 0;
        for (Tensor part : parts) {
            requireWidth("what is stacked", part, width);
            for (int i = 0; i < part.size(0); i++, row++) {
                System.arraycopy(part.values(), part.offset() + i * part.stride(0), y.values(), row * width, width);
            }
        }
        record(() -> new Op.Stacked(parts, y));
        return y;
    }

    /// Matrices of as many rows each, side by side: `[N, D₁], [N, D₂], … → [N, D₁ + D₂ + …]`.
    public Tensor joined(Tensor... parts) {
        int rows = parts[0].size(0);
        int width = 0;
        for (Tensor part : parts) {
            requireWidth("what is joined", part, part.size(1));
            if (part.size(0) != rows) {
                throw new IllegalArgumentException(
                        "a matrix of " + part.size(0) + " rows cannot stand beside one of " + rows);
            }
            width += part.size(1);
        }
        Tensor y = take(rows, width);
        int column = 0;
        for (Tensor part : parts) {
            for (int row = 0; row < rows; row++) {
                int from = part.offset() + row * part.stride(0);
                System.arraycopy(part.values(), from, y.values(), row * width + column, part.size(1));
            }
            column += part.size(1);
        }
        record(() -> new Op.Joined(List.of(parts), y));
        return y;
    }

    /// The product of two matrices that change from call to call: `[M, K] · [K, N] → [M, N]`. Views of columns
    /// and transposes cost nothing, so `x Wᵀ` is `product(x, w.transpose())` and `dY W` is `product(dY, w)`. A
    /// weight that stays is better packed once, see [#linear].
    public Tensor product(Tensor a, Tensor b) {
        Tensor c = take(a.size(0), b.size(-1));
        new Products(this).multiply(a, b, c, false);
        return c;
    }

    /// `C = A · B`, whatever was in `C`.
    ///
    /// @param c as for [#addProduct]
    public void setProduct(Tensor a, Tensor b, Tensor c) {
        new Products(this).multiply(a, b, c, false);
    }

    /// `C += A · B`, as gradients of weights are gathered: `dW += dYᵀ x` is `addProduct(dY.transpose(), x,
    /// dW)`.
    ///
    /// @param c `[M, N]`, whole rows; may be columns of a wider matrix, and must not share values with `a` or
    /// `b`
    public void addProduct(Tensor a, Tensor b, Tensor c) {
        new Products(this).multiply(a, b, c, true);
    }

    /// Layer normalisation of every row of `x + residual`: `[N, D] → [N, D]`.
    ///
    /// @param residual as `x`, or null for none
    public Tensor layerNorm(Tensor x, @Nullable Tensor residual, Tensor gain, Tensor bias, float eps) {
        requireContiguous("a layer norm's input", x);
        int rows = x.size(0);
        int d = x.size(1);
        if (residual != null) {
            requireContiguous("a layer norm's residual", residual);
            if (!residual.shape().equals(x.shape())) {
                throw new IllegalArgumentException("x has shape " + x.shape() + ", residual " + residual.shape());
            }
            if (recording()) { // the way back needs the sum
                return layerNorm(sum(x, residual), null, gain, bias, eps);
            }
        }
        Tensor y = take(rows, d);
        float[] gainValues = vector("gain", gain, d);
        float[] biasValues = vector("bias", bias, d);
        int rowsPerTask = 64;
        parallel((rows + rowsPerTask - 1) / rowsPerTask, task -> {
            int from = task * rowsPerTask;
            kernels.layerNorm(
                    x.values(),
                    x.offset() + from * d,
                    residual == null ? null : residual.values(),
                    residual == null ? 0 : residual.offset() + from * d,
                    Math.min(rowsPerTask, rows - from),
                    d,
                    gainValues,
                    biasValues,
                    eps,
                    y.values(),
                    from * d);
        });
        record(() -> new Op.LayerNorm(x, gain, bias, eps, y));
        return y;
    }

    /// Root mean square normalisation of every row of `x + residual`: `[N, D] → [N, D]`.
    ///
    /// @param residual as `x`, or null for none
    public Tensor rmsNorm(Tensor x, @Nullable Tensor residual, Tensor gain, float eps) {
        requireContiguous("a norm's input", x);
        int rows = x.size(0);
        int d = x.size(1);
        if (residual != null) {
            requireContiguous("a norm's residual", residual);
            requireSameShape("residual", residual, x);
            if (recording()) { // the way back needs the sum
                return rmsNorm(sum(x, residual), null, gain, eps);
            }
        }
        Tensor y = take(rows, d);
        float[] gainValues = vector("gain", gain, d);
        int rowsPerTask = 64;
        parallel((rows + rowsPerTask - 1) / rowsPerTask, task -> {
            int from = task * rowsPerTask;
            kernels.rmsNorm(
                    x.values(),
                    x.offset() + from * d,
                    residual == null ? null : residual.values(),
                    residual == null ? 0 : residual.offset() + from * d,
                    Math.min(rowsPerTask, rows - from),
                    d,
                    gainValues,
                    eps,
                    y.values(),
                    from * d);
        });
        record(() -> new Op.RmsNorm(x, gain, eps, y));
        return y;
    }

    /// `x ⊙ y`, element by element, in a new buffer, for two matrices of one shape without gaps.
    public Tensor times(Tensor x, Tensor y) {
        requireContiguous("a factor", x);
        requireContiguous("a factor", y);
        requireSameShape("the second operand", y, x);
        Tensor result = take(x.shape().toArray());
        pieces(x.shape().elements(), (from, n) -> {
            System.arraycopy(x.values(), x.offset() + from, result.values(), from, n);
            kernels.multiplyBy(y.values(), y.offset() + from, result.values(), from, n);
        });
        record(() -> new Op.Times(x, y, result));
        return result;
    }

    /// `x · factor` in a new buffer, for a matrix without gaps.
    public Tensor scaled(Tensor x, float factor) {
        requireContiguous("what is scaled", x);
        Tensor result = take(x.shape().toArray());
        float[] values = result.values();
        pieces(x.shape().elements(), (from, n) -> {
            for (int i = from; i < from + n; i++) {
                values[i] = x.values()[x.offset() + i] * factor;
            }
        });
        record(() -> new Op.Scaled(x, factor, result));
        return result;
    }

    /// `activation(x)`, element by element, in a new buffer, for a matrix without gaps. A linear map applies
    /// its own activation faster.
    public Tensor activated(Tensor x, Activation activation) {
        requireContiguous("what is activated", x);
        Tensor y = take(x.shape().toArray());
        pieces(x.shape().elements(), (from, n) -> {
            System.arraycopy(x.values(), x.offset() + from, y.values(), from, n);
            kernels.activate(activation, y.values(), from, n);
        });
        record(() -> new Op.Activated(x, activation, y));
        return y;
    }

    /// Turns the first R columns of every head of every row in the plane, pair by pair: `[N, H·Dh] → [N,
    /// H·Dh]` in a new buffer. Pair `i` of a head is its columns `i` and `i + R/2`, or `2i` and `2i + 1` when
    /// the pairs are interleaved.
    ///
    /// @param dHead Dh
    /// @param cos `[N, R/2]`
    /// @param sin `[N, R/2]`
    public Tensor rotate(Tensor x, int dHead, Tensor cos, Tensor sin, boolean interleaved) {
        requireContiguous("what is rotated", x);
        requireContiguous("the cosines", cos);
        requireContiguous("the sines", sin);
        requireSameShape("sin", sin, cos);
        int rows = x.size(0);
        int width = x.size(1);
        int pairs = cos.size(1);
        if (cos.size(0) != rows || 2 * pairs > dHead || width % dHead != 0 || cos.offset() != sin.offset()) {
            throw new IllegalArgumentException("heads of width " + dHead + " in " + x.shape()
                    + " cannot be rotated by angles of shape " + cos.shape());
        }
        Tensor y = take(rows, width);
        int rowsPerTask = 64;
        parallel((rows + rowsPerTask - 1) / rowsPerTask, task -> {
            for (int row = task * rowsPerTask; row < Math.min(rows, (task + 1) * rowsPerTask); row++) {
                System.arraycopy(x.values(), x.offset() + row * width, y.values(), row * width, width);
                int angles = cos.offset() + row * pairs;
                for (int head = row * width; head < (row + 1) * width; head += dHead) {
                    kernels.rotate(
                            y.values(),
                            head,
                            interleaved ? head + 1 : head + pairs,
                            interleaved ? 2 : 1,
                            pairs,
                            cos.values(),
                            sin.values(),
                            angles);
                }
            }
        });
        record(() -> new Op.Rotated(x, dHead, cos, sin, interleaved, y));
        return y;
    }

    /// Row `ids[n]` of the table for every token: `[V, D] → [N, D]`.
    ///
    /// @throws IllegalArgumentException when an id is outside the table; `what` names the ids in the message
    public Tensor lookUp(Tensor table, int[] ids, String what) {
        requireTable(what, table);
        int d = table.size(1);
        Tensor y = take(ids.length, d);
        rowBlocks(ids.length, n -> System.arraycopy(table.values(), rowOf(table, ids[n], what), y.values(), n * d, d));
        record(() -> new Op.LookUp(table, ids, y));
        return y;
    }

    /// Adds row `ids[n]` of the table to row `n` of `x`, in place.
    public void addLookUp(Tensor x, Tensor table, int[] ids, String what) {
        requireTable(what, table);
        int d = table.size(1);
        requireWidth("what " + what + " rows are added to", x, d);
        if (x.size(0) != ids.length) {
            throw new IllegalArgumentException(
                    ids.length + " " + what + " rows cannot be added to " + x.shape() + ", one per row is needed");
        }
        rowBlocks(
                ids.length,
                n -> kernels.add(
                        table.values(), rowOf(table, ids[n], what), x.values(), x.offset() + n * x.stride(0), d));
        record(() -> new Op.AddLookUp(table, ids, x));
    }

    private static int rowOf(Tensor table, int id, String what) {
        if (id < 0 || id >= table.size(0)) {
            throw new IllegalArgumentException(
                    what + " " + id + " is outside the table, which has rows 0 to " + (table.size(0) - 1));
        }
        return table.offset() + id * table.stride(0);
    }

    /// `x + y` in a new buffer, for two tensors of one shape without gaps.
    public Tensor sum(Tensor x, Tensor y) {
        requireContiguous("a sum's operand", x);
        requireContiguous("a sum's operand", y);
        if (!x.shape().equals(y.shape())) {
            throw new IllegalArgumentException("cannot add " + y.shape() + " to " + x.shape());
        }
        Tensor result = take(x.shape().toArray());
        pieces(x.shape().elements(), (from, n) -> {
            System.arraycopy(x.values(), x.offset() + from, result.values(), from, n);
            kernels.add(y.values(), y.offset() + from, result.values(), from, n);
        });
        record(() -> new Op.Sum(x, y, result));
        return result;
    }

    /// The mean cross-entropy of rows of logits `[N, V]` and their targets, with the divisor that the targets
    /// have: `[1]`.
    ///
    /// @throws IllegalArgumentException when a target is no class
    public Tensor crossEntropy(Tensor logits, Targets targets) {
        requireContiguous("logits", logits);
        return new CrossEntropy(this).apply(logits, targets);
    }

    /// The cross-entropy of classes of which a row may have several, `-Σ w t log σ(x) + (1 - t) log(1 - σ(x))`
    /// over `divisor`: `[1]`. There are few classes beside all else, so one thread computes it.
    ///
    /// @param logits `[B, C]`
    /// @param targets `[B, C]`, 1 where a row has a class and 0 where not
    /// @param positiveWeights `[C]`, how much a row that has the class counts; null for 1
    public Tensor binaryCrossEntropy(Tensor logits, Tensor targets, @Nullable Tensor positiveWeights, double divisor) {
        if (!logits.shape().equals(targets.shape())) {
            throw new IllegalArgumentException(
                    "logits have shape " + logits.shape() + ", their targets " + targets.shape());
        }
        double sum = 0;
        for (int row = 0; row < logits.size(0); row++) {
            for (int c = 0; c < logits.size(1); c++) {
                double weight = positiveWeights == null ? 1 : positiveWeights.at(c);
                double target = targets.at(row, c);
                double x = logits.at(row, c);
                sum += weight * target * softplus(-x) + (1 - target) * softplus(x);
            }
        }
        Tensor loss = take(1);
        loss.values()[0] = (float) (sum / divisor);
        record(() -> new Op.BinaryCrossEntropy(logits, targets, positiveWeights, divisor, loss));
        return loss;
    }

    /// `log(1 + eˣ)`, which is -log σ(-x), without overflow.
    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /// `x` with some values dropped and the others scaled up, in a new buffer: `[N, D] → [N, D]`.
    public Tensor dropped(Tensor x, Dropout dropout) {
        requireContiguous("what is dropped from", x);
        int d = x.size(1);
        Tensor y = take(x.size(0), d);
        GradientKernels loops = kernels.gradients();
        rowBlocks(x.size(0), row -> loops.drop(dropout, row, x.values(), x.offset() + row * d, y.values(), row * d, d));
        record(() -> new Op.Dropped(x, dropout, y));
        return y;
    }

    /// Runs `work` without keeping what it computes on its way; where gradients are wanted it runs a second
    /// time then.
    ///
    /// @param inputs everything that `work` computes with but learned parameters
    /// @param work does exactly the same when it is called again
    public Tensor recomputed(List<Tensor> inputs, Supplier<Tensor> work) {
        Recorder interrupted = recorder;
        recorder = null;
        Tensor result;
        try {
            result = keepOnly(work);
        } finally {
            recorder = interrupted;
        }
        record(() -> new Op.Recomputed(inputs, work, result));
        return result;
    }

    /// Runs `work` while `by` takes down what is done. Meanwhile no buffer goes back, because the way back may
    /// need it.
    public <T> T recording(Recorder by, Supplier<T> work) {
        Recorder interrupted = recorder;
        recorder = by;
        try {
            return work.get();
        } finally {
            recorder = interrupted;
        }
    }

    /// Whether somebody takes down what is done.
    public boolean recording() {
        return recorder != null;
    }

    /// Takes an op down if somebody wants to know.
    public void record(Supplier<? extends Op> op) {
        Recorder by = recorder;
        if (by != null) {
            by.record(op.get());
        }
    }

    /// @param what has no gradient
    public void requireNotRecording(String what) {
        if (recorder != null) {
            throw new IllegalStateException(what + " has no gradient; train with one that has");
        }
    }

    /// Runs a task for every row, many rows at a time.
    public void rowBlocks(int rows, IntConsumer row) {
        int blocks = Math.clamp(rows / 16, 1, TASKS_PER_THREAD * workers.threads());
        parallel(blocks, block -> {
            int to = (int) ((long) (block + 1) * rows / blocks);
            for (int n = (int) ((long) block * rows / blocks); n < to; n++) {
                row.accept(n);
            }
        });
    }

    /// A stretch of a long array.
    @FunctionalInterface
    public interface Piece {
        void run(int from, int n);
    }

    /// Runs a task for the numbers from 0 to `elements - 1`, many at a time.
    public void pieces(int elements, Piece task) {
        int count = (elements + PIECE - 1) / PIECE;
        parallel(count, piece -> task.run(piece * PIECE, Math.min(PIECE, elements - piece * PIECE)));
    }

    /// The given rows of `x`, gathered: `[N, D] → [rows.length, D]`.
    public Tensor gather(Tensor x, int[] rows) {
        return lookUp(x, rows, "row");
    }

    /// Runs `task` for 0 … `tasks - 1` on this and the other threads; returns when all are done.
    public void parallel(int tasks, IntConsumer task) {
        run(tasks, false, task);
    }

    void run(int tasks, boolean alone, IntConsumer task) {
        if (alone || tasks == 1) {
            for (int i = 0; i < tasks; i++) {
                task.accept(i);
            }
        } else if (tasks > 1) {
            workers.run(tasks, task);
        }
    }

    /// A tensor with unspecified content, valid until the enclosing [#keepOnly] ends or the pass does.
    public Tensor take(int... sizes) {
        Shape shape = Shape.of(sizes);
        return Tensor.of(shape, buffers.take(shape.elements()));
    }

    /// Runs `work` and gives back every buffer that it took, except the one of its result; all of them if it
    /// fails.
    public Tensor keepOnly(Supplier<Tensor> work) {
        if (recorder != null) {
            return work.get();
        }
        float[] mark = buffers.mark();
        Tensor result = null;
        try {
            result = work.get();
            return result;
        } finally {
            buffers.giveBackAfter(mark, result == null ? null : result.values());
        }
    }

    /// Gives one buffer back early; its tensor must no longer be used. A tensor that was not taken here is left
    /// alone.
    public void giveBack(Tensor tensor) {
        if (recorder == null) {
            release(tensor);
        }
    }

    /// Gives back a buffer that nothing on the way back needs.
    void release(Tensor tensor) {
        buffers.giveBack(tensor.values());
    }

    /// Floats of all buffers that were in use at once at most, in the pass that is under way; what tasks use
    /// for themselves is not among them.
    public long mostInUse() {
        return buffers.mostLent();
    }

    /// Ends a pass: every buffer goes back, and tensors that were taken must no longer be used.
    public void reset() {
        buffers.reset();
    }

    /// Floats for one task's own use while it runs; given back with [#returnScratch]. Safe from every thread.
    public float[] borrowScratch(int length) {
        float[] found = scratch.poll();
        return found != null && found.length >= length ? found : new float[length];
    }

    public void returnScratch(float[] buffer) {
        scratch.offer(buffer);
    }

    private static float[] vector(String role, Tensor tensor, int size) {
        if (tensor.shape().rank() != 1 || tensor.size(0) != size || tensor.offset() != 0 || !tensor.contiguous()) {
            throw new IllegalArgumentException(
                    "the " + role + " has shape " + tensor.shape() + ", expected [" + size + "] without offset");
        }
        return tensor.values();
    }

    private static void requireWidth(String role, Tensor x, int width) {
        if (x.shape().rank() != 2 || x.size(1) != width) {
            throw new IllegalArgumentException(role + " has shape " + x.shape() + ", expected [N, " + width + "]");
        }
        requireWholeRows(role, x);
    }

    private static void requireTable(String what, Tensor table) {
        if (table.shape().rank() != 2) {
            throw new IllegalArgumentException(
                    "the " + what + " table has shape " + table.shape() + ", expected [rows, width]");
        }
        requireWholeRows("the " + what + " table", table);
    }

    /// The loops run along rows; in a transposed view neighbours in a row are not neighbours in the array.
    private static void requireWholeRows(String role, Tensor x) {
        if (x.size(1) > 1 && x.stride(1) != 1) {
            throw new IllegalArgumentException(role + ", a " + x.shape() + " view, has stride " + x.stride(1)
                    + " within its rows, expected 1: copy it first");
        }
    }

    private static void requireSameShape(String role, Tensor tensor, Tensor other) {
        if (!tensor.shape().equals(other.shape())) {
            throw new IllegalArgumentException(role + " has shape " + tensor.shape() + ", expected " + other.shape());
        }
    }

    private static void requireContiguous(String role, Tensor x) {
        if (x.shape().rank() != 2 || !x.contiguous()) {
            throw new IllegalArgumentException(role + " must be a matrix without gaps, its shape is " + x.shape());
        }
    }
}

package heed.autograd;

import heed.tensor.Compute;
import heed.tensor.Op;
import heed.tensor.Recorder;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was done in a pass and depends on parameters, in order; walked backwards it gives their gradients
/// (reverse-mode automatic differentiation, Baydin et al. 2018, §3.2).
///
/// A gradient belongs to the array behind a tensor, and is laid out as that array is. So it is one and the same
/// for all views of a tensor, and for a tensor before and after an operation in place.
public final class Tape implements Recorder {
    private final IdentityHashMap<float[], float[]> gradients = new IdentityHashMap<>();
    private final IdentityHashMap<float[], Tensor> tracked = new IdentityHashMap<>(); // as a whole
    private final List<Op> ops = new ArrayList<>();
    private final @Nullable Tape outer;
    private final TapeWatch watch;

    /// @param parameters whose gradients are wanted; what depends on none of them costs nothing
    public Tape(Collection<Parameter> parameters) {
        this(parameters, TapeWatch.NONE);
    }

    /// A tape that somebody watches.
    public Tape(Collection<Parameter> parameters, TapeWatch watch) {
        this.outer = null;
        this.watch = watch;
        for (Parameter parameter : parameters) {
            gradients.put(parameter.value().values(), parameter.gradient().values());
            tracked.put(parameter.value().values(), parameter.value());
        }
    }

    private Tape(Tape outer) {
        this.outer = outer;
        this.watch = outer.watch;
    }

    /// The operations that depend on parameters, in order.
    public List<Op> ops() {
        return Collections.unmodifiableList(ops);
    }

    @Override
    public void record(Op op) {
        boolean opaque = op instanceof Op.Recomputed; // which parameters it uses is seen only when it runs again
        if (opaque || op.inputs().stream().anyMatch(this::needsGradient)) {
            ops.add(op);
            if (!op.inPlace()) {
                tracked.put(op.output().values(), op.output());
            }
        }
        watch.done(op);
    }

    /// Whether a tensor is a parameter or depends on one.
    boolean needsGradient(@Nullable Tensor tensor) {
        return tensor != null
                && (tracked.containsKey(tensor.values()) || (outer != null && outer.needsGradient(tensor)));
    }

    /// Adds the gradients of `loss`, times `factor`, to those of the parameters. Call it after recording,
    /// before the buffers of the pass are given back; it forgets what was recorded.
    ///
    /// @param loss `[1]`
    public void backward(Tensor loss, float factor, Compute compute) {
        if (!needsGradient(loss)) {
            throw new IllegalArgumentException("the loss depends on no parameter");
        }
        gradient(loss, compute).values()[loss.offset()] += factor;
        walkBack(compute);
    }

    /// Adds the gradients of `Σ weights · output` to those of the parameters, as [#backward(Tensor, float,
    /// Compute)] does for a loss.
    ///
    /// @param output a matrix
    /// @param weights of the same shape
    public void backward(Tensor output, Tensor weights, Compute compute) {
        if (!output.shape().equals(weights.shape())) {
            throw new IllegalArgumentException(
                    "the output has shape " + output.shape() + ", its weights " + weights.shape());
        }
        if (needsGradient(output)) {
            Tensor gradient = gradient(output, compute);
            if (output.contiguous() && weights.contiguous()) {
                compute.pieces(
                        output.shape().elements(),
                        (from, n) -> compute.kernels()
                                .add(
                                        weights.values(),
                                        weights.offset() + from,
                                        gradient.values(),
                                        gradient.offset() + from,
                                        n));
                walkBack(compute);
                return;
            }
            for (int i = 0; i < output.size(0); i++) {
                for (int j = 0; j < output.size(1); j++) {
                    gradient.set(gradient.at(i, j) + weights.at(i, j), i, j);
                }
            }
        }
        walkBack(compute);
    }

    /// Walks backwards over all ops and forgets them. The gradient of what an op made is complete when the op
    /// is reached, and nobody needs it afterwards.
    void walkBack(Compute compute) {
        for (int i = ops.size() - 1; i >= 0; i--) {
            Op op = ops.remove(i);
            float[] output = op.output().values();
            if (gradients.containsKey(output)) { // otherwise the loss does not depend on it
                Gradients.add(op, this, compute);
                watch.wentBack(op);
            }
            if (!op.inPlace()) {
                float[] complete = gradients.remove(output);
                tracked.remove(output);
                if (complete != null) {
                    compute.giveBack(Tensor.of(op.output().shape(), complete));
                }
            }
        }
    }

    /// The gradient so far of a tensor that needs one, as a view like the tensor's of its array; zeros if
    /// nothing was added yet.
    Tensor gradient(Tensor tensor, Compute compute) {
        Target target = target(tensor, compute);
        if (target.fresh()) {
            compute.pieces(
                    tensor.shape().elements(),
                    (from, n) -> Arrays.fill(target.gradient().values(), from, from + n, 0));
        }
        return target.gradient();
    }

    /// Where the gradient of a tensor goes.
    ///
    /// @param fresh whether nothing was added yet: then the array holds anything, and all of it is to be
    /// overwritten
    record Target(Tensor gradient, boolean fresh) {}

    /// As [#gradient], but without zeros: who is first overwrites, which saves a pass over the memory.
    Target target(Tensor tensor, Compute compute) {
        float[] known = known(tensor.values());
        if (known != null) {
            return new Target(tensor.over(known), false);
        }
        Tensor whole = tracked.get(tensor.values());
        if (whole == null) {
            throw new IllegalStateException(
                    "work that is computed again used a tensor that was not named as one of its inputs");
        }
        float[] created = compute.take(tensor.values().length).values();
        gradients.put(tensor.values(), created);
        boolean fresh = isAllOf(tensor, whole);
        if (!fresh) {
            Arrays.fill(created, 0, tensor.values().length, 0);
        }
        return new Target(tensor.over(created), fresh);
    }

    private static boolean isAllOf(Tensor tensor, Tensor whole) {
        return tensor.contiguous()
                && tensor.offset() == 0
                && whole.offset() == 0
                && tensor.shape().elements() == whole.shape().elements();
    }

    /// Makes the gradient of an op's output, complete and of no more use as such, the gradient of its input, if
    /// that has none yet.
    ///
    /// @return whether it did
    boolean handOver(Tensor output, Tensor input) {
        Tensor whole = tracked.get(input.values());
        if (whole == null
                || known(input.values()) != null
                || !isAllOf(input, whole)
                || output.offset() != 0
                || !output.contiguous()) {
            return false;
        }
        float[] gradient = gradients.remove(output.values());
        gradients.put(input.values(), gradient);
        return true;
    }

    private float @Nullable [] known(float[] values) {
        float[] own = gradients.get(values);
        return own != null || outer == null ? own : outer.known(values);
    }

    /// Computes work again, this time keeping its intermediate results, and goes back through it.
    void replay(Op.Recomputed op, Compute compute) {
        for (Tensor input : op.inputs()) { // before the buffers of the inner tape, which go back with it
            if (needsGradient(input)) {
                gradient(input, compute);
            }
        }
        Tensor outputGradient = gradient(op.output(), compute);
        compute.keepOnly(() -> {
            Tape inner = new Tape(this);
            Tensor again = compute.recording(inner, op.work());
            if (inner.needsGradient(again)) {
                Tensor target = inner.gradient(again, compute);
                System.arraycopy(
                        outputGradient.values(),
                        outputGradient.offset(),
                        target.values(),
                        target.offset(),
                        again.shape().elements());
                inner.walkBack(compute);
            }
            return again;
        });
        // The values of the second run are the first one's; its buffer is of no more use.
    }
}

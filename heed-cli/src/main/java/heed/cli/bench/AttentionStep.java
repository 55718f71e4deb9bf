package heed.cli.bench;

import heed.autograd.Parameter;
import heed.autograd.Tape;
import heed.kernel.KernelProvider;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Tensor;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// Attention there and back: the gradients of `Σ weights · context` with respect to query, key and value.
final class AttentionStep {
    private static final float TOLERANCE = 1e-3f; // of sums of some hundred terms of size 1

    private final List<Parameter> parameters;
    private final List<Tensor> values;
    private final Tensor weights;

    AttentionStep(Tensor query, Tensor key, Tensor value, Tensor weights) {
        this.parameters = List.of(Parameter.of("query", query), Parameter.of("key", key), Parameter.of("value", value));
        this.values = List.of(query, key, value);
        this.weights = weights;
    }

    void run(BiFunction<List<Tensor>, Pass, Tensor> attention, Compute compute) {
        Tape tape = new Tape(parameters);
        Tensor context = compute.recording(tape, () -> attention.apply(values, Pass.unwatched(compute)));
        tape.backward(context, weights, compute);
        compute.reset();
    }

    /// Holds the gradients against those that the readable kernels compute; the weights are the values.
    static void check(
            Tensor query, Tensor key, Tensor value, BiFunction<List<Tensor>, Pass, Tensor> attention, Compute compute) {
        AttentionStep actual = new AttentionStep(query, key, value, value);
        AttentionStep expected = new AttentionStep(query, key, value, value);
        actual.run(attention, compute);
        expected.run(attention, new Compute(KernelProvider.scalar(), compute.workers()));
        Stream.of(0, 1, 2).forEach(i -> {
            Parameter parameter = actual.parameters.get(i);
            float[] found = parameter.gradient().values();
            float[] right = expected.parameters.get(i).gradient().values();
            for (int at = 0; at < right.length; at++) {
                if (!(Math.abs(found[at] - right[at]) <= TOLERANCE)) {
                    throw new IllegalStateException("the gradient of the " + parameter.path() + " at " + at + " is "
                            + found[at] + ", the readable kernels compute " + right[at]);
                }
            }
        });
    }
}

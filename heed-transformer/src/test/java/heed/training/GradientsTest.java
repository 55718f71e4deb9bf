package heed.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import heed.attention.FusedAttention;
import heed.attention.Heads;
import heed.attention.Mask;
import heed.attention.ScoreBias;
import heed.attention.Scoring;
import heed.autograd.Parameter;
import heed.autograd.Tape;
import heed.kernel.Activation;
import heed.kernel.Dropout;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.RecurrentCell;
import heed.kernel.WorkerPool;
import heed.layer.RmsNorm;
import heed.pass.DropoutRates;
import heed.pass.Noise;
import heed.pass.Pass;
import heed.position.RelativeBuckets;
import heed.tensor.Compute;
import heed.tensor.Op;
import heed.tensor.Pairs;
import heed.tensor.Recurrence;
import heed.tensor.Sequences;
import heed.tensor.Shape;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every operation has a sample here, and its gradient is the difference that a small step makes.
@NullMarked
class GradientsTest {
    private static final float STEP = 0x1p-7f;

    /// An expression of parameters that runs an operation.
    ///
    /// @param op the operation that must be on the tape
    record Sample(
            String name, Class<? extends Op> op, List<Tensor> parameters, BiFunction<List<Tensor>, Pass, Tensor> run) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Sample> samples() {
        Random random = new Random(4);
        List<Sample> samples = new ArrayList<>();
        for (Activation activation : Activation.values()) {
            samples.add(new Sample(
                    "linear " + activation,
                    Op.Linear.class,
                    List.of(normal(random, 7, 5), normal(random, 3, 5), normal(random, 3)),
                    (p, pass) -> pass.compute().linear(p.get(0), Weight.learned(p.get(1)), p.get(2), activation)));
        }
        samples.add(new Sample(
                "linear of some columns of some rows, without bias",
                Op.Linear.class,
                List.of(normal(random, 7, 11), normal(random, 3, 5)),
                (p, pass) -> pass.compute()
                        .linear(
                                p.get(0).rows(1, 6).columns(4, 9),
                                Weight.learned(p.get(1)),
                                null,
                                Activation.IDENTITY)));
        samples.add(new Sample(
                "layer norm",
                Op.LayerNorm.class,
                List.of(normal(random, 7, 13), normal(random, 13), normal(random, 13)),
                (p, pass) -> pass.compute().layerNorm(p.get(0), null, p.get(1), p.get(2), 1e-5f)));
        samples.add(new Sample(
                "layer norm of a sum",
                Op.LayerNorm.class,
                List.of(normal(random, 7, 13), normal(random, 13), normal(random, 13), normal(random, 7, 13)),
                (p, pass) -> pass.compute().layerNorm(p.get(0), p.get(3), p.get(1), p.get(2), 1e-5f)));
        samples.add(new Sample(
                "RMS norm of a sum",
                Op.RmsNorm.class,
                List.of(normal(random, 7, 13), normal(random, 13), normal(random, 7, 13)),
                (p, pass) -> pass.compute().rmsNorm(p.get(0), p.get(2), p.get(1), 1e-6f)));
        samples.add(new Sample(
                "RMS norm of heads",
                Op.RmsNorm.class,
                List.of(normal(random, 5, 6), normal(random, 3)),
                (p, pass) -> new RmsNorm(p.get(1), 1e-6f).applyToHeads(p.get(0), pass)));
        samples.add(new Sample(
                "elementwise product, once with itself",
                Op.Times.class,
                List.of(normal(random, 7, 13), normal(random, 7, 13)),
                (p, pass) -> pass.compute().times(pass.compute().times(p.get(0), p.get(1)), p.get(0))));
        samples.add(new Sample(
                "multiple",
                Op.Scaled.class,
                List.of(normal(random, 7, 13)),
                (p, pass) -> pass.compute().scaled(p.get(0), -2.5f)));
        samples.add(new Sample(
                "activation by itself, of what is used again",
                Op.Activated.class,
                List.of(normal(random, 7, 13)),
                (p, pass) -> pass.compute().sum(pass.compute().activated(p.get(0), Activation.GELU), p.get(0))));
        for (boolean interleaved : new boolean[] {false, true}) {
            Tensor angles = normal(random, 5, 2);
            Tensor cos = Tensor.zeros(5, 2);
            Tensor sin = Tensor.zeros(5, 2);
            for (int i = 0; i < 10; i++) {
                cos.values()[i] = (float) Math.cos(angles.values()[i]);
                sin.values()[i] = (float) Math.sin(angles.values()[i]);
            }
            samples.add(new Sample(
                    "rotation, " + (interleaved ? "neighbours" : "halves"),
                    Op.Rotated.class,
                    List.of(normal(random, 5, 10)),
                    (p, pass) -> pass.compute().rotate(p.get(0), 5, cos, sin, interleaved)));
        }
        samples.add(new Sample(
                "look-up with repeated ids",
                Op.LookUp.class,
                List.of(normal(random, 5, 3)),
                (p, pass) -> pass.compute().lookUp(p.get(0), new int[] {4, 0, 4, 4, 2}, "id")));
        samples.add(new Sample(
                "gathered rows",
                Op.LookUp.class,
                List.of(normal(random, 5, 3)),
                (p, pass) -> pass.compute().gather(p.get(0), new int[] {3, 1})));
        samples.add(new Sample(
                "look-up added in place",
                Op.AddLookUp.class,
                List.of(normal(random, 5, 3), normal(random, 2, 3)),
                (p, pass) -> {
                    Tensor x = pass.compute().lookUp(p.get(0), new int[] {1, 1, 3}, "id");
                    pass.compute().addLookUp(x, p.get(1), new int[] {1, 0, 1}, "other");
                    return x;
                }));
        samples.add(new Sample(
                "sum of a tensor and itself",
                Op.Sum.class,
                List.of(normal(random, 5, 3), normal(random, 5, 3)),
                (p, pass) -> pass.compute().sum(pass.compute().sum(p.get(0), p.get(1)), p.get(0))));
        samples.add(new Sample(
                "cross-entropy with smoothing and rows left out",
                Op.CrossEntropy.class,
                List.of(normal(random, 5, 7)),
                (p, pass) -> pass.compute()
                        .crossEntropy(p.get(0), Targets.of(3, -1, 0, 6, 6).smoothed(0.1f))
                        .reshape(1, 1)));
        samples.add(new Sample(
                "cross-entropy of weighted classes",
                Op.CrossEntropy.class,
                List.of(normal(random, 4, 3)),
                (p, pass) -> pass.compute()
                        .crossEntropy(p.get(0), Targets.of(2, 0, -1, 2).weighted(0.5f, 2, 3))
                        .reshape(1, 1)));
        samples.add(new Sample(
                "binary cross-entropy",
                Op.BinaryCrossEntropy.class,
                List.of(normal(random, 3, 2)),
                (p, pass) -> pass.compute()
                        .binaryCrossEntropy(p.get(0), matrix(3, 2, 1, 0, 0, 0, 1, 1), vector(0.5f, 3), 6)
                        .reshape(1, 1)));
        samples.add(new Sample(
                "dropout",
                Op.Dropped.class,
                List.of(normal(random, 5, 7)),
                (p, pass) -> pass.compute().dropped(p.get(0), Dropout.of(0.4f, 1, 2))));
        samples.add(new Sample(
                "work that is computed again",
                Op.Recomputed.class,
                List.of(normal(random, 5, 7), normal(random, 3, 7), normal(random, 7, 3)),
                (p, pass) -> {
                    Tensor x = pass.compute().sum(p.get(0), p.get(0));
                    Tensor y = pass.recomputed(List.of(x), () -> {
                        Tensor inner = pass.compute().linear(x, Weight.learned(p.get(1)), null, Activation.GELU_TANH);
                        Tensor dropped = pass.noise().dropResidual(inner, pass.compute());
                        return pass.compute().linear(dropped, Weight.learned(p.get(2)), null, Activation.IDENTITY);
                    });
                    return pass.compute().sum(x, y);
                }));
        samples.add(new Sample(
                "matrices side by side, one of them twice",
                Op.Joined.class,
                List.of(normal(random, 5, 7), normal(random, 5, 3)),
                (p, pass) -> pass.compute().joined(p.get(0).columns(1, 3), p.get(1), p.get(0))));
        samples.add(new Sample(
                "matrices one below the other, one of them twice",
                Op.Stacked.class,
                List.of(normal(random, 2, 7), normal(random, 3, 7)),
                (p, pass) -> pass.compute().stacked(List.of(p.get(0), p.get(1), p.get(0)))));
        Pairs pairs =
                new Pairs(Sequences.ofLengths(2, 0, 1), Sequences.placed(new int[] {3, 0, 0}, new int[] {2, 1, 3}, 6));
        samples.add(new Sample(
                "additive weights",
                Op.AdditiveWeights.class,
                List.of(normal(random, 3, 5), normal(random, 6, 5), normal(random, 5)),
                (p, pass) -> pass.compute().additiveWeights(p.get(0), p.get(1), p.get(2), pairs)));
        samples.add(new Sample(
                "weighted sums",
                Op.WeightedSums.class,
                List.of(normal(random, 7, 1), normal(random, 6, 5)),
                (p, pass) -> pass.compute().weightedSums(p.get(0), p.get(1), pairs)));
        samples.addAll(recurrent(new Random(7)));
        samples.addAll(attention(random));
        return samples;
    }

    private static List<Sample> recurrent(Random random) {
        List<Sample> samples = new ArrayList<>();
        Sequences ragged = Sequences.ofLengths(2, 5, 0, 3);
        for (RecurrentCell cell : RecurrentCell.values()) {
            int sums = cell.gates() * 3;
            Tensor bias = normal(random, sums);
            float size = 1;
            if (cell == RecurrentCell.RELU) { // far from its kink, on either side
                size = 0.1f;
                for (int i = 0; i < sums; i++) {
                    bias.set(i % 3 == 1 ? -6 : 6, i);
                }
            }
            List<Tensor> learned = List.of(
                    normal(random, sums, 2).times(size),
                    normal(random, sums, 3).times(size),
                    normal(random, sums).times(size),
                    bias);
            List<Tensor> parameters = new ArrayList<>(learned);
            parameters.add(normal(random, 10, 2)); // x
            parameters.add(normal(random, cell.states() * 4, 3)); // the first state
            for (boolean backwards : new boolean[] {false, true}) {
                samples.add(new Sample(
                        cell + (backwards ? " from the last position" : " from the first position"),
                        Op.Recurrent.class,
                        parameters,
                        (p, pass) ->
                                pass.compute().recurrent(p.get(4), recurrence(cell, p), ragged, backwards, p.get(5))));
            }
            if (cell == RecurrentCell.RELU) {
                continue; // one upon the other has too many kinks for differences
            }
            samples.add(new Sample(cell + " upon itself, from nothing", Op.Recurrent.class, parameters, (p, pass) -> {
                Tensor x = pass.compute().joined(p.get(4), p.get(4)).columns(1, 3);
                Tensor lower = pass.compute().recurrent(x, recurrence(cell, p), ragged, false, null);
                Tensor hidden = lower.rows(0, 10).columns(0, 2);
                return pass.compute().recurrent(hidden, recurrence(cell, p), ragged, true, null);
            }));
        }
        return samples;
    }

    private static Recurrence recurrence(RecurrentCell cell, List<Tensor> p) {
        return new Recurrence(cell, Weight.learned(p.get(0)), Weight.learned(p.get(1)), p.get(2), p.get(3));
    }

    private static List<Sample> attention(Random random) {
        List<Sample> samples = new ArrayList<>();
        Heads grouped = new Heads(4, 2, 3);
        Sequences queries = Sequences.ofLengths(3, 1, 2);
        Sequences keys = Sequences.ofLengths(4, 2, 2);
        List<Scoring> scorings = List.of(
                Scoring.cross(queries, keys, grouped),
                Scoring.cross(queries, keys, grouped).masked(Mask.causal()),
                Scoring.cross(queries, keys, grouped)
                        .masked(new Mask.Pairs((sequence, i, j) -> (i + j) % 2 == 0 && sequence != 1)));
        for (Scoring scoring : scorings) {
            samples.add(new Sample(
                    "attention, " + scoring.mask().getClass().getSimpleName(),
                    Op.Attention.class,
                    List.of(normal(random, 6, 12), normal(random, 8, 6), normal(random, 8, 6)),
                    (p, pass) -> new FusedAttention().attend(p.get(0), p.get(1), p.get(2), grouped, scoring, pass)));
        }
        samples.add(new Sample(
                "attention, biased by distance",
                Op.Attention.class,
                List.of(normal(random, 6, 12), normal(random, 8, 6), normal(random, 8, 6), normal(random, 4, 5)),
                (p, pass) -> new FusedAttention()
                        .attend(
                                p.get(0),
                                p.get(1),
                                p.get(2),
                                grouped,
                                Scoring.cross(queries, keys, grouped).biased(ScoreBias.byDistance(p.get(3))),
                                pass)));
        RelativeBuckets buckets = new RelativeBuckets(4, 3, true);
        samples.add(new Sample(
                "attention, biased by bucket",
                Op.Attention.class,
                List.of(normal(random, 6, 12), normal(random, 8, 6), normal(random, 8, 6), normal(random, 4, 4)),
                (p, pass) -> new FusedAttention()
                        .attend(
                                p.get(0),
                                p.get(1),
                                p.get(2),
                                grouped,
                                Scoring.cross(queries, keys, grouped)
                                        .masked(Mask.causal())
                                        .biased(ScoreBias.byBucket(p.get(3), buckets)),
                                pass)));
        Heads two = Heads.of(2, 6);
        samples.add(new Sample(
                "attention to columns of one matrix", Op.Attention.class, List.of(normal(random, 6, 18)), (p, pass) -> {
                    Tensor qkv = pass.compute().sum(p.get(0), p.get(0));
                    return new FusedAttention()
                            .attend(
                                    qkv.columns(0, 6),
                                    qkv.columns(6, 12),
                                    qkv.columns(12, 18),
                                    two,
                                    Scoring.self(queries, two),
                                    pass);
                }));
        return samples;
    }

    private static Tensor matrix(int rows, int columns, float... values) {
        return Tensor.of(Shape.of(rows, columns), values);
    }

    private static Tensor vector(float... values) {
        return Tensor.of(Shape.of(values.length), values);
    }

    private static Tensor normal(Random random, int... sizes) {
        Tensor tensor = Tensor.zeros(sizes);
        for (int i = 0; i < tensor.values().length; i++) {
            tensor.values()[i] = (float) random.nextGaussian();
        }
        return tensor;
    }

    static Stream<Kernels> kernels() {
        return Stream.of(KernelProvider.scalar(), KernelProvider.vector().orElseThrow());
    }

    @Test
    void everyOperationHasASample() {
        Set<Class<?>> sampled = samples().stream().map(Sample::op).collect(Collectors.toSet());
        assertThat(sampled).containsExactlyInAnyOrderElementsOf(Arrays.asList(Op.class.getPermittedSubclasses()));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aGradientIsTheDifferenceThatASmallStepMakes(Sample sample) {
        kernels().forEach(kernels -> check(sample, kernels));
    }

    private static void check(Sample sample, Kernels kernels) {
        try (WorkerPool workers = WorkerPool.of(2)) {
            Compute compute = new Compute(kernels, workers);
            List<Parameter> parameters = new ArrayList<>();
            for (int i = 0; i < sample.parameters().size(); i++) {
                parameters.add(Parameter.of("p" + i, sample.parameters().get(i).copy()));
            }
            List<Tensor> values = parameters.stream().map(Parameter::value).toList();
            Tape tape = new Tape(parameters);
            Tensor output = compute.recording(tape, () -> sample.run().apply(values, pass(compute)));
            assertThat(tape.ops().stream().anyMatch(op -> sample.op().isInstance(op)))
                    .isTrue();
            Tensor weights = normal(new Random(9), output.shape().toArray());
            tape.backward(output, weights, compute);
            compute.reset();
            for (Parameter parameter : parameters) {
                for (int i = 0; i < parameter.elements(); i++) {
                    double difference =
                            difference(sample, values, parameter.value().values(), i, weights, compute);
                    assertThat((double) parameter.gradient().values()[i])
                            .as("%s, %s, %s[%d]", sample, kernels.name(), parameter.path(), i)
                            .isCloseTo(difference, within(2e-3 * Math.max(1, Math.abs(difference))));
                }
            }
        }
    }

    private static Pass pass(Compute compute) {
        return Pass.training(compute, new Noise(new DropoutRates(0, 0.25f, 0.25f, 0), 3));
    }

    /// Two steps of different size, extrapolated to none (Richardson 1911).
    private static double difference(
            Sample sample, List<Tensor> values, float[] array, int i, Tensor weights, Compute compute) {
        double wide = slope(sample, values, array, i, 2 * STEP, weights, compute);
        double narrow = slope(sample, values, array, i, STEP, weights, compute);
        return narrow + (narrow - wide) / 3;
    }

    private static double slope(
            Sample sample, List<Tensor> values, float[] array, int i, float step, Tensor weights, Compute compute) {
        float before = array[i];
        array[i] = before + step;
        double up = array[i];
        double plus = weighted(sample, values, weights, compute);
        array[i] = before - step;
        double down = array[i];
        double minus = weighted(sample, values, weights, compute);
        array[i] = before;
        return (plus - minus) / (up - down);
    }

    private static double weighted(Sample sample, List<Tensor> values, Tensor weights, Compute compute) {
        Tensor output = sample.run().apply(values, pass(compute));
        double sum = 0;
        for (int i = 0; i < output.size(0); i++) {
            for (int j = 0; j < output.size(1); j++) {
                sum += (double) output.at(i, j) * weights.at(i, j);
            }
        }
        compute.reset();
        return sum;
    }
}

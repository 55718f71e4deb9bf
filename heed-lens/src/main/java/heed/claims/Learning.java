package heed.claims;

import heed.pass.DropoutRates;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import heed.training.Optimizer;
import heed.training.ParameterTree;
import heed.training.Schedule;
import heed.training.Trainer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Teaches small encoders to give short texts a class.
final class Learning {
    private static final int BATCH = 32;
    private static final int WARM_UP = 20;
    private static final double CLIP = 1;

    private final Compute compute;

    Learning(Compute compute) {
        this.compute = compute;
    }

    /// A text and the class that it has.
    @SuppressWarnings("ArrayRecordComponent") // whoever makes an example hands its tokens over
    record Example(int[] ids, int target) {}

    /// The losses of the steps that were taken.
    double[] teach(SmallEncoder model, List<Example> examples, double rate, int steps, long seed) {
        Trainer trainer = new Trainer(
                ParameterTree.of(model),
                new Trainer.Settings(
                        new Optimizer.Adam(0.9, 0.98, 1e-9, 0),
                        new Schedule.Constant(rate, WARM_UP),
                        CLIP,
                        DropoutRates.NONE,
                        seed),
                compute);
        var random = new SplittableRandom(seed);
        double[] losses = new double[steps];
        for (int step = 0; step < steps; step++) {
            List<Example> batch = random.ints(BATCH, 0, examples.size())
                    .mapToObj(examples::get)
                    .toList();
            losses[step] = trainer.step(List.<Function<Pass, Tensor>>of(pass -> loss(model, batch, pass)))
                    .loss();
        }
        return losses;
    }

    private static Tensor loss(SmallEncoder model, List<Example> batch, Pass pass) {
        int[] targets = batch.stream().mapToInt(Example::target).toArray();
        return pass.compute().crossEntropy(logits(model, batch, pass), Targets.of(targets));
    }

    private static Tensor logits(SmallEncoder model, List<Example> batch, Pass pass) {
        int[] ids = batch.stream()
                .flatMapToInt(example -> Arrays.stream(example.ids))
                .toArray();
        Sequences sequences = Sequences.ofLengths(
                batch.stream().mapToInt(example -> example.ids.length).toArray());
        return model.logits(ids, sequences, pass);
    }

    /// The share of examples whose class is the one with the highest score.
    double accuracy(SmallEncoder model, List<Example> examples) {
        Tensor logits = logits(model, examples, Pass.unwatched(compute));
        int right = 0;
        for (int i = 0; i < examples.size(); i++) {
            int best = 0;
            for (int c = 1; c < logits.size(1); c++) {
                best = logits.at(i, c) > logits.at(i, best) ? c : best;
            }
            right += best == examples.get(i).target ? 1 : 0;
        }
        compute.reset();
        return (double) right / examples.size();
    }

    /// The numbers of steps, for charts.
    static double[] numbers(int steps) {
        return IntStream.rangeClosed(1, steps).asDoubleStream().toArray();
    }
}

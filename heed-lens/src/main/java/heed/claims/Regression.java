package heed.claims;

import heed.layer.Linear;
import heed.pass.DropoutRates;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import heed.training.Optimizer;
import heed.training.ParameterTree;
import heed.training.Schedule;
import heed.training.Trainer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Logistic regression between two classes. How strongly it is held to small weights is chosen by what it says
/// of examples that it has not learned, four folds in turn.
final class Regression {
    private static final List<Double> DECAYS = List.of(1e-4, 1e-3, 1e-2, 1e-1);
    private static final int FOLDS = 4;
    private static final int STEPS = 100;
    private static final double RATE = 0.1;

    private final Compute compute;

    Regression(Compute compute) {
        this.compute = compute;
    }

    /// Examples as rows of numbers.
    ///
    /// @param features `[N, D]`
    /// @param classes `[N]`, 0 or 1
    @SuppressWarnings("ArrayRecordComponent") // whoever makes a sheet hands its numbers over
    record Sheet(float[][] features, int[] classes) {
        Sheet of(int[] rows) {
            return new Sheet(
                    Arrays.stream(rows).mapToObj(row -> features[row]).toArray(float[][]::new),
                    Arrays.stream(rows).map(row -> classes[row]).toArray());
        }
    }

    /// The share of the test's rows that are right after learning the others.
    double accuracy(Sheet training, Sheet test) {
        Linear map = learn(training, decay(training));
        Tensor logits = map.apply(Tensor.matrix(test.features), Pass.unwatched(compute));
        int right = 0;
        for (int row = 0; row < test.classes.length; row++) {
            right += (logits.at(row, 1) > logits.at(row, 0) ? 1 : 0) == test.classes[row] ? 1 : 0;
        }
        compute.reset();
        return (double) right / test.classes.length;
    }

    private double decay(Sheet training) {
        double best = DECAYS.getFirst();
        double least = Double.POSITIVE_INFINITY;
        for (double decay : DECAYS) {
            double loss = 0;
            for (int fold = 0; fold < FOLDS; fold++) {
                int out = fold;
                int[] in = rows(training, row -> row % FOLDS != out);
                int[] held = rows(training, row -> row % FOLDS == out);
                loss += loss(learn(training.of(in), decay), training.of(held));
            }
            if (loss < least) {
                least = loss;
                best = decay;
            }
        }
        return best;
    }

    private static int[] rows(Sheet sheet, IntPredicate which) {
        return IntStream.range(0, sheet.classes.length).filter(which).toArray();
    }

    private double loss(Linear map, Sheet sheet) {
        Pass pass = Pass.unwatched(compute);
        double loss = compute.crossEntropy(map.apply(Tensor.matrix(sheet.features), pass), Targets.of(sheet.classes))
                .at(0);
        compute.reset();
        return loss * sheet.classes.length;
    }

    private Linear learn(Sheet sheet, double decay) {
        Linear map = new Linear(Weight.learned(Tensor.zeros(2, sheet.features[0].length)), Tensor.zeros(2));
        Trainer trainer = new Trainer(
                ParameterTree.of(map),
                new Trainer.Settings(
                        new Optimizer.Adam(0.9, 0.999, 1e-8, decay),
                        new Schedule.Linear(RATE, 0, 0, STEPS),
                        0,
                        DropoutRates.NONE,
                        0),
                compute);
        Tensor features = Tensor.matrix(sheet.features);
        Targets targets = Targets.of(sheet.classes);
        for (int step = 0; step < STEPS; step++) {
            trainer.step(List.<Function<Pass, Tensor>>of(
                    pass -> pass.compute().crossEntropy(map.apply(features, pass), targets)));
        }
        return map;
    }
}

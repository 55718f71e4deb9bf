package heed.claims;

import heed.pass.DropoutRates;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import heed.timing.OtherLoad;
import heed.training.Optimizer;
import heed.training.ParameterTree;
import heed.training.Schedule;
import heed.training.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/// Teaches a model a drill from its easiest grade on: it goes up when it answers nine questions of ten, and
/// half of what it then sees is of the grade that it has reached, the rest of those before. So a model that
/// fails at a grade has had every chance to learn what leads there.
///
/// It is examined twice: after so many steps, and after so much time.
///
/// @param batch sequences in a step
/// @param exercises of an examination
record Practice(Drill drill, int batch, int exercises, Compute compute) {
    private static final double PASSED = 0.9;
    private static final double FADING = 0.95; // of the share of right answers from step to step
    private static final long EXAMINER = 4711;
    private static final int WARM_UP = 50;
    private static final int TOGETHER = 32; // sequences of an examination

    /// For how long a model learns: until both are over.
    ///
    /// @param seconds of learning; examinations do not count
    record Budget(int steps, double seconds) {
        /// Some of it, of the steps alone.
        Budget part(int of) {
            return new Budget(Math.max(1, steps / of), 0);
        }
    }

    /// What a model has learned.
    ///
    /// @param afterSteps the share of right answers in each examination, after the steps of the budget
    /// @param afterTime the same after its time
    /// @param grade the one it had reached after the steps
    /// @param loss mean of the last tenth of the steps
    /// @param stepSeconds what a step took, in the mean
    /// @param others the share of the processors that other programs took; NaN where nobody tells
    record Outcome(
            List<Double> afterSteps,
            List<Double> afterTime,
            int grade,
            double loss,
            double stepSeconds,
            double others) {
        /// As the numbers of a cell of a notebook.
        double[] numbers() {
            List<Double> all =
                    new ArrayList<>(List.of((double) grade, loss, stepSeconds, Double.isNaN(others) ? -1 : others));
            all.addAll(afterSteps);
            all.addAll(afterTime);
            return all.stream().mapToDouble(Double::doubleValue).toArray();
        }

        static Outcome of(double[] numbers) {
            List<Double> all = Arrays.stream(numbers).boxed().toList();
            int examinations = (all.size() - 4) / 2;
            return new Outcome(
                    all.subList(4, 4 + examinations),
                    all.subList(4 + examinations, all.size()),
                    (int) numbers[0],
                    numbers[1],
                    numbers[2],
                    numbers[3] < 0 ? Double.NaN : numbers[3]);
        }

        /// The mean over the examinations after the steps.
        double mean() {
            return afterSteps.stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElse(0);
        }

        /// Whether the machine was free enough for times to mean something.
        boolean undisturbed() {
            return !(others > Quiet.MOST);
        }
    }

    Outcome learn(SequenceModel model, double rate, Budget budget, long seed) {
        Trainer trainer = new Trainer(
                ParameterTree.of((Record) model),
                new Trainer.Settings(
                        new Optimizer.Adam(0.9, 0.98, 1e-9, 0),
                        new Schedule.Constant(rate, WARM_UP),
                        1,
                        DropoutRates.NONE,
                        seed),
                compute);
        SplittableRandom random = new SplittableRandom(seed);
        OtherLoad others = OtherLoad.start();
        List<Double> afterSteps = List.of();
        List<Double> afterTime = List.of();
        Share share = new Share();
        double last = 0;
        double seconds = 0;
        int grade = 0;
        int reached = 0;
        int step = 0;
        while (afterSteps.isEmpty() || afterTime.isEmpty()) {
            step++;
            long start = System.nanoTime();
            List<Exercise> exercises = draw(grade, random);
            double loss = trainer.step(List.<Function<Pass, Tensor>>of(pass -> loss(model, exercises, share, pass)))
                    .loss();
            seconds += (System.nanoTime() - start) / 1e9;
            if (share.faded > PASSED && grade < drill.grades() - 1) {
                grade++;
                share.faded = 0;
            }
            last += step > budget.steps - Math.max(1, budget.steps / 10) && step <= budget.steps ? loss : 0;
            if (step == budget.steps) {
                afterSteps = examine(model);
                reached = grade;
            }
            if (afterTime.isEmpty() && seconds >= budget.seconds) {
                afterTime = step == budget.steps ? afterSteps : examine(model);
            }
        }
        return new Outcome(
                afterSteps, afterTime, reached, last / Math.max(1, budget.steps / 10), seconds / step, others.share());
    }

    /// The share of right answers in recent steps, older ones fading.
    private static final class Share {
        private double faded;

        void add(double share) {
            faded = FADING * faded + (1 - FADING) * share;
        }
    }

    private List<Exercise> draw(int grade, SplittableRandom random) {
        List<Exercise> exercises = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            exercises.add(drill.draw(i % 2 == 0 ? grade : random.nextInt(grade + 1), random));
        }
        return exercises;
    }

    private static Tensor loss(SequenceModel model, List<Exercise> exercises, Share share, Pass pass) {
        int[] answers = answers(exercises);
        Tensor logits = logits(model, exercises, pass);
        share.add((double) right(logits, answers) / answers.length);
        return pass.compute().crossEntropy(logits, Targets.of(answers));
    }

    private static int[] answers(List<Exercise> exercises) {
        return exercises.stream()
                .flatMapToInt(exercise -> Arrays.stream(exercise.answers()))
                .filter(answer -> answer >= 0)
                .toArray();
    }

    /// The scores of the classes where something is asked: `[questions, C]`.
    private static Tensor logits(SequenceModel model, List<Exercise> exercises, Pass pass) {
        int[] ids = exercises.stream()
                .flatMapToInt(exercise -> Arrays.stream(exercise.ids()))
                .toArray();
        int[] all = exercises.stream()
                .flatMapToInt(exercise -> Arrays.stream(exercise.answers()))
                .toArray();
        Sequences sequences = Sequences.ofLengths(
                exercises.stream().mapToInt(exercise -> exercise.ids().length).toArray());
        int[] asked = new int[exercises.stream().mapToInt(Exercise::questions).sum()];
        int next = 0;
        for (int row = 0; row < all.length; row++) {
            if (all[row] >= 0) {
                asked[next++] = row;
            }
        }
        return model.head().apply(pass.compute().gather(model.hidden(ids, sequences, pass), asked), pass);
    }

    private static int right(Tensor logits, int[] answers) {
        int right = 0;
        for (int row = 0; row < answers.length; row++) {
            int best = 0;
            for (int c = 1; c < logits.size(1); c++) {
                best = logits.at(row, c) > logits.at(row, best) ? c : best;
            }
            right += best == answers[row] ? 1 : 0;
        }
        return right;
    }

    /// The share of right answers in each examination, the same exercises for every model.
    private List<Double> examine(SequenceModel model) {
        SplittableRandom random = new SplittableRandom(EXAMINER);
        List<Double> shares = new ArrayList<>();
        for (int examination = 0; examination < drill.examinations(); examination++) {
            int right = 0;
            int asked = 0;
            for (int done = 0; done < exercises; done += TOGETHER) {
                List<Exercise> some = new ArrayList<>();
                for (int i = done; i < Math.min(exercises, done + TOGETHER); i++) {
                    some.add(drill.examine(examination, random));
                }
                int[] answers = answers(some);
                right += right(logits(model, some, Pass.unwatched(compute)), answers);
                asked += answers.length;
                compute.reset();
            }
            shares.add((double) right / asked);
        }
        return shares;
    }
}

package heed.claims;

import heed.autograd.Parameter;
import heed.autograd.Tape;
import heed.claims.SmallEncoder.Plan;
import heed.pass.Pass;
import heed.pass.Point;
import heed.pass.Site;
import heed.pass.Watch;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.training.ParameterTree;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Behind a causal mask the future has no weight, leaves no trace and gets no gradient.
///
/// @param masked whether the encoders have the mask; without it the claim must fail
record Masks(boolean masked) implements Claim {
    private static final int LENGTH = 12;
    private static final int VOCABULARY = 4 * LENGTH;
    private static final double ROUNDING = 1e-5;

    @Override
    public String name() {
        return "masks";
    }

    @Override
    public String statement() {
        return "With a causal mask a word gives the words behind it the weight zero, and learns nothing from them.";
    }

    @Override
    public String rule() {
        return "Over random sentences and random causal encoders: every weight above the diagonal is 0, bit by bit, and"
                + " every row sums to 1 within 1e-5; other words behind a position change no bit of what stands"
                + " before; the gradient of a position with respect to the words behind it is 0, bit by bit, and"
                + " that with respect to its own word is not.";
    }

    @Override
    public Lesson lesson() {
        return new Lesson(
                "How can a model that sees the whole sentence learn to predict the next word?",
                "It does not see the whole sentence. Scores of later words are set to minus infinity before softmax, so"
                        + " their weights are exactly 0, not merely small. All positions then learn at once, each as if"
                        + " the sentence ended there.");
    }

    /// What one encoder and sentence showed.
    private record Seen(double future, double sums, int changedBits, double futureGradient, double ownGradient) {}

    @Override
    public Finding measure(Trial trial) {
        int sentences = trial.effort().choose(3, 30);
        Table.Builder table = Table.of(
                "causal",
                "seed",
                "sentences",
                "greatest weight of the future",
                "row sums off 1 by",
                "changed numbers before a changed word",
                "greatest gradient from the future",
                "least own gradient");
        boolean confirmed = true;
        for (long seed : trial.seeds()) {
            trial.say("causal sentences, seed " + seed);
            SmallEncoder model =
                    SmallEncoder.fresh(Plan.of(VOCABULARY, 2, LENGTH).withCausal(masked), seed);
            var random = new SplittableRandom(seed);
            Seen worst = new Seen(0, 0, 0, 0, Double.POSITIVE_INFINITY);
            for (int s = 0; s < sentences; s++) {
                worst = worse(worst, look(model, random, trial.compute()));
            }
            table.row(
                    seed,
                    sentences,
                    worst.future,
                    worst.sums,
                    worst.changedBits,
                    worst.futureGradient,
                    worst.ownGradient);
            confirmed &= worst.future == 0
                    && worst.sums < ROUNDING
                    && worst.changedBits == 0
                    && worst.futureGradient == 0
                    && worst.ownGradient > 0;
        }
        return new Finding(
                confirmed,
                confirmed
                        ? "All weights, traces and gradients of later words were exactly 0."
                        : "Something of later words came through: see the table.",
                List.of(table.table()),
                List.of());
    }

    private static Seen worse(Seen a, Seen b) {
        return new Seen(
                Math.max(a.future, b.future),
                Math.max(a.sums, b.sums),
                a.changedBits + b.changedBits,
                Math.max(a.futureGradient, b.futureGradient),
                Math.min(a.ownGradient, b.ownGradient));
    }

    private static Seen look(SmallEncoder model, SplittableRandom random, Compute compute) {
        // every word stands once, so a row of the embeddings' gradient belongs to one position
        int[] ids = random.ints(0, VOCABULARY).distinct().limit(LENGTH).toArray();
        Weights weights = new Weights();
        model.hidden(ids, Sequences.single(LENGTH), Pass.watched(compute, weights));
        compute.reset();
        double[] gradients = gradients(model, ids, random.nextInt(1, LENGTH - 1), compute);
        return new Seen(weights.future, weights.sums, changed(model, ids, random, compute), gradients[0], gradients[1]);
    }

    /// Looks at all weights of a pass.
    private static final class Weights implements Watch {
        private double future;
        private double sums;

        @Override
        public boolean wants(Site site, Point point) {
            return point == Point.WEIGHTS;
        }

        @Override
        public Tensor see(Site site, Point point, int sequence, Tensor value) {
            for (int h = 0; h < value.size(0); h++) {
                for (int i = 0; i < value.size(1); i++) {
                    double sum = 0;
                    for (int j = 0; j < value.size(2); j++) {
                        sum += value.at(h, i, j);
                        future = j > i ? Math.max(future, value.at(h, i, j)) : future;
                    }
                    sums = Math.max(sums, Math.abs(sum - 1));
                }
            }
            return value;
        }
    }

    /// How many numbers before a position are no longer the same bits when all words from it on are others.
    /// This runs on the fused attention, which never builds a weight.
    private static int changed(SmallEncoder model, int[] ids, SplittableRandom random, Compute compute) {
        int from = random.nextInt(1, LENGTH);
        int[] others = ids.clone();
        for (int i = from; i < LENGTH; i++) {
            others[i] = (ids[i] + 1 + random.nextInt(VOCABULARY - 1)) % VOCABULARY;
        }
        float[] before = hidden(model, ids, compute);
        float[] after = hidden(model, others, compute);
        int d = before.length / LENGTH;
        return (int) IntStream.range(0, from * d)
                .filter(i -> Float.floatToRawIntBits(before[i]) != Float.floatToRawIntBits(after[i]))
                .count();
    }

    private static float[] hidden(SmallEncoder model, int[] ids, Compute compute) {
        float[] values = model.hidden(ids, Sequences.single(LENGTH), Pass.unwatched(compute))
                .toArray();
        compute.reset();
        return values;
    }

    /// The gradients of the output at `position`, every number of it weighted at random: the greatest with
    /// respect to a word behind it, and the greatest with respect to its own.
    private static double[] gradients(SmallEncoder model, int[] ids, int position, Compute compute) {
        List<Parameter> parameters = ParameterTree.of(model);
        Tape tape = new Tape(parameters);
        Tensor hidden =
                compute.recording(tape, () -> model.hidden(ids, Sequences.single(LENGTH), Pass.unwatched(compute)));
        Tensor weights = Tensor.zeros(hidden.size(0), hidden.size(1));
        var random = new SplittableRandom(position);
        for (int c = 0; c < hidden.size(1); c++) { // not all alike: behind a norm their sum is constant
            weights.set((float) random.nextDouble(-1, 1), position, c);
        }
        tape.backward(hidden, weights, compute);
        compute.reset();
        Tensor table = parameters.stream()
                .filter(parameter -> parameter.value() == model.words().table())
                .findFirst()
                .orElseThrow()
                .gradient();
        double future = 0;
        for (int i = position + 1; i < LENGTH; i++) {
            future = Math.max(future, greatest(table, ids[i]));
        }
        return new double[] {future, greatest(table, ids[position])};
    }

    private static double greatest(Tensor table, int row) {
        float[] values = table.rows(row, row + 1).toArray();
        return IntStream.range(0, values.length)
                .mapToDouble(i -> Math.abs(values[i]))
                .max()
                .orElse(0);
    }
}

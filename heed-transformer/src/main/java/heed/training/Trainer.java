package heed.training;

import heed.autograd.Parameter;
import heed.autograd.Tape;
import heed.autograd.TapeWatch;
import heed.kernel.GradientKernels;
import heed.kernel.Kernels;
import heed.pass.DropoutRates;
import heed.pass.Noise;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// Takes steps: loss, gradients, clipping, optimiser. Everything that the next step depends on is in the
/// parameters, the moments and the number of the step; so training that goes on from those gives the same bits
/// as training that never stopped.
public final class Trainer {
    /// Floats of one task.
    private static final int PIECE = 1 << 14;

    private final List<Parameter> parameters;
    private final Settings settings;
    private final Compute compute;
    private final GradientKernels loops;
    private final List<float[][]> moments = new ArrayList<>(); // [parameter][moment][element]
    private final List<Piece> pieces = new ArrayList<>(); // of all parameters, in order
    private TapeWatch watch = TapeWatch.NONE;
    private long step;

    /// @param clip the greatest norm of all gradients together; 0 for no limit
    /// @param seed of what is dropped
    public record Settings(Optimizer optimizer, Schedule schedule, double clip, DropoutRates dropout, long seed) {}

    /// A step that was taken.
    ///
    /// @param number from 1
    /// @param gradientNorm before clipping
    public record Step(long number, double loss, double gradientNorm, double rate) {}

    public Trainer(List<Parameter> parameters, Settings settings, Compute compute) {
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException("there is no parameter to train");
        }
        this.parameters = List.copyOf(parameters);
        this.settings = settings;
        this.compute = compute;
        this.loops = compute.kernels().gradients();
        for (Parameter parameter : parameters) {
            moments.add(new float[settings.optimizer().moments()][parameter.elements()]);
            for (int from = 0; from < parameter.elements(); from += PIECE) {
                int n = Math.min(PIECE, parameter.elements() - from);
                pieces.add(new Piece(parameter, moments.getLast(), from, n));
            }
        }
    }

    public List<Parameter> parameters() {
        return parameters;
    }

    /// The moments of a parameter.
    ///
    /// @param index of the parameter
    public float[][] moments(int index) {
        return moments.get(index);
    }

    /// Lets somebody see the ops of all further steps.
    public void watch(TapeWatch by) {
        watch = by;
    }

    /// How many steps were taken.
    public long step() {
        return step;
    }

    /// Goes on as after that many steps; parameters and moments are set by the caller.
    public void resumeAt(long steps) {
        step = steps;
    }

    /// One step on a batch in one or more parts.
    ///
    /// @param parts the loss `[1]` of each part, divided so that their sum is the loss of the batch
    /// @throws DivergedException when the loss or a gradient is not finite; parameters and moments are then as
    /// before
    public Step step(List<Function<Pass, Tensor>> parts) {
        long number = step + 1;
        inPieces(piece -> Arrays.fill(piece.gradient(), piece.from, piece.from + piece.n, 0));
        double loss = 0;
        for (int i = 0; i < parts.size(); i++) {
            loss += addGradients(parts.get(i), number * 1_000_003 + i);
        }
        double norm = Math.sqrt(squaredNorm());
        requireFinite(number, loss, norm);
        if (settings.clip() > 0 && norm > settings.clip()) {
            scaleGradients((float) (settings.clip() / (norm + 1e-6)));
        }
        double rate = settings.schedule().rate(number);
        inPieces(update(number, rate));
        step = number;
        return new Step(number, loss, norm, rate);
    }

    private double addGradients(Function<Pass, Tensor> part, long noiseSeed) {
        Tape tape = new Tape(parameters, watch);
        Noise noise = new Noise(settings.dropout(), settings.seed() * 0x2545F4914F6CDD1DL + noiseSeed);
        Tensor loss = compute.recording(tape, () -> part.apply(Pass.training(compute, noise)));
        double value = loss.values()[loss.offset()];
        tape.backward(loss, 1, compute);
        compute.reset();
        return value;
    }

    /// Sums of pieces, added in order.
    private double squaredNorm() {
        double[] sums = new double[pieces.size()];
        Kernels kernels = compute.kernels();
        compute.parallel(sums.length, i -> {
            Piece piece = pieces.get(i);
            float[] gradient = piece.gradient();
            sums[i] = kernels.dot(gradient, piece.from, gradient, piece.from, piece.n);
        });
        return Arrays.stream(sums).sum();
    }

    private void requireFinite(long number, double loss, double norm) {
        if (Double.isFinite(loss) && Double.isFinite(norm)) {
            return;
        }
        String culprit = parameters.stream()
                .filter(parameter -> !loops.finite(parameter.gradient().values(), 0, parameter.elements()))
                .map(parameter -> "; the gradient of " + parameter.path() + " is the first that is not finite")
                .findFirst()
                .orElse("");
        throw new DivergedException("step " + number + " diverged: the loss is " + loss + culprit
                + ". A lower learning rate, more warm-up or clipping may help");
    }

    private void scaleGradients(float factor) {
        inPieces(piece -> loops.scale(factor, piece.gradient(), piece.from, piece.n));
    }

    /// What the optimiser does to a piece in step `number`.
    private Consumer<Piece> update(long number, double rate) {
        return switch (settings.optimizer()) {
            case Optimizer.AdamW adam -> {
                Adam step = Adam.of(number, rate, adam.beta1(), adam.beta2(), adam.eps());
                yield piece -> step.take(piece, (float) (1 - rate * decay(piece)), loops);
            }
            case Optimizer.Adam adam -> {
                Adam step = Adam.of(number, rate, adam.beta1(), adam.beta2(), adam.eps());
                yield piece -> {
                    addDecay(piece);
                    step.take(piece, 1, loops);
                };
            }
            case Optimizer.Sgd sgd ->
                piece -> {
                    addDecay(piece);
                    Kernels kernels = compute.kernels();
                    float[] momentum = piece.moments[0];
                    loops.scale((float) sgd.momentum(), momentum, piece.from, piece.n);
                    kernels.add(piece.gradient(), piece.from, momentum, piece.from, piece.n);
                    kernels.addScaled((float) -rate, momentum, piece.from, piece.value(), piece.from, piece.n);
                };
        };
    }

    private double decay(Piece piece) {
        return Optimizer.decays(piece.parameter) ? settings.optimizer().decay() : 0;
    }

    private void addDecay(Piece piece) {
        float decay = (float) decay(piece);
        if (decay != 0) {
            compute.kernels().addScaled(decay, piece.value(), piece.from, piece.gradient(), piece.from, piece.n);
        }
    }

    /// The numbers of one step of Adam, see [GradientKernels#adam].
    private record Adam(float beta1, float beta2, float rate, float correction, float eps) {
        static Adam of(long number, double rate, double beta1, double beta2, double eps) {
            return new Adam(
                    (float) beta1,
                    (float) beta2,
                    (float) (rate / (1 - Math.pow(beta1, (double) number))),
                    (float) (1 / Math.sqrt(1 - Math.pow(beta2, (double) number))),
                    (float) eps);
        }

        void take(Piece piece, float keep, GradientKernels loops) {
            loops.adam(
                    piece.value(),
                    piece.gradient(),
                    piece.moments[0],
                    piece.moments[1],
                    piece.from,
                    piece.n,
                    beta1,
                    beta2,
                    keep,
                    rate,
                    correction,
                    eps);
        }
    }

    /// Some numbers of a parameter: one task for all that is done to each number alone.
    private record Piece(Parameter parameter, float[][] moments, int from, int n) {
        float[] value() {
            return parameter.value().values();
        }

        float[] gradient() {
            return parameter.gradient().values();
        }
    }

    private void inPieces(Consumer<Piece> task) {
        compute.parallel(pieces.size(), i -> task.accept(pieces.get(i)));
    }
}

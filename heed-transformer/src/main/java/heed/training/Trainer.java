package heed.training;

import heed.autograd.Parameter;
import heed.autograd.Tape;
import heed.kernel.GradientKernels;
import heed.pass.DropoutRates;
import heed.pass.Noise;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
        for (Parameter parameter : parameters) {
            clear(parameter.gradient().values());
        }
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
        for (int i = 0; i < parameters.size(); i++) {
            update(parameters.get(i), moments.get(i), number, rate);
        }
        step = number;
        return new Step(number, loss, norm, rate);
    }

    private double addGradients(Function<Pass, Tensor> part, long noiseSeed) {
        Tape tape = new Tape(parameters);
        Noise noise = new Noise(settings.dropout(), settings.seed() * 0x2545F4914F6CDD1DL + noiseSeed);
        Tensor loss = compute.recording(tape, () -> part.apply(Pass.training(compute, noise)));
        double value = loss.values()[loss.offset()];
        tape.backward(loss, 1, compute);
        compute.reset();
        return value;
    }

    /// Sums of pieces, added in order.
    private double squaredNorm() {
        double sum = 0;
        for (Parameter parameter : parameters) {
            float[] gradient = parameter.gradient().values();
            double[] sums = new double[pieces(gradient.length)];
            inPieces(
                    gradient.length,
                    (from, n) -> sums[from / PIECE] = compute.kernels().dot(gradient, from, gradient, from, n));
            sum += Arrays.stream(sums).sum();
        }
        return sum;
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
        for (Parameter parameter : parameters) {
            float[] gradient = parameter.gradient().values();
            inPieces(gradient.length, (from, n) -> loops.scale(factor, gradient, from, n));
        }
    }

    private void update(Parameter parameter, float[][] moment, long number, double rate) {
        float[] x = parameter.value().values();
        float[] gradient = parameter.gradient().values();
        double decay = Optimizer.decays(parameter) ? settings.optimizer().decay() : 0;
        switch (settings.optimizer()) {
            case Optimizer.AdamW adam ->
                adam(x, gradient, moment, number, rate, adam.beta1(), adam.beta2(), adam.eps(), 1 - rate * decay);
            case Optimizer.Adam adam -> {
                addDecay(decay, x, gradient);
                adam(x, gradient, moment, number, rate, adam.beta1(), adam.beta2(), adam.eps(), 1);
            }
            case Optimizer.Sgd sgd -> {
                addDecay(decay, x, gradient);
                float[] momentum = moment[0];
                inPieces(x.length, (from, n) -> {
                    loops.scale((float) sgd.momentum(), momentum, from, n);
                    compute.kernels().add(gradient, from, momentum, from, n);
                    compute.kernels().addScaled((float) -rate, momentum, from, x, from, n);
                });
            }
        }
    }

    private void addDecay(double decay, float[] x, float[] gradient) {
        if (decay != 0) {
            inPieces(x.length, (from, n) -> compute.kernels().addScaled((float) decay, x, from, gradient, from, n));
        }
    }

    private void adam(
            float[] x,
            float[] gradient,
            float[][] moment,
            long number,
            double rate,
            double beta1,
            double beta2,
            double eps,
            double keep) {
        float corrected = (float) (rate / (1 - Math.pow(beta1, (double) number)));
        float correction = (float) (1 / Math.sqrt(1 - Math.pow(beta2, (double) number)));
        inPieces(
                x.length,
                (from, n) -> loops.adam(
                        x,
                        gradient,
                        moment[0],
                        moment[1],
                        from,
                        n,
                        (float) beta1,
                        (float) beta2,
                        (float) keep,
                        corrected,
                        correction,
                        (float) eps));
    }

    private void clear(float[] gradient) {
        inPieces(gradient.length, (from, n) -> Arrays.fill(gradient, from, from + n, 0));
    }

    private interface Piece {
        void run(int from, int n);
    }

    private static int pieces(int n) {
        return (n + PIECE - 1) / PIECE;
    }

    private void inPieces(int length, Piece task) {
        compute.parallel(pieces(length), piece -> task.run(piece * PIECE, Math.min(PIECE, length - piece * PIECE)));
    }
}

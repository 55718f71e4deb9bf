package heed.cli.bench;

import heed.autograd.TapeWatch;
import heed.kernel.Activation;
import heed.pass.Pass;
import heed.tensor.Op;
import heed.tensor.Tensor;
import heed.timing.Timing;
import heed.training.Trainer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/// Where the time of training steps goes, by operation, on the way there and on the way back: wall time from
/// the end of one operation to the end of the next, which includes handing the work to the threads.
final class StepProfile implements TapeWatch {
    private static final int LEAST_STEPS = 3;
    private static final int MOST_STEPS = 100_000;

    private final Trainer trainer;
    private final Function<Pass, Tensor> loss;
    private final Map<String, Times> times = new HashMap<>();
    private long since;

    private static final class Times {
        private long there;
        private long back;
    }

    StepProfile(Trainer trainer, Function<Pass, Tensor> loss) {
        this.trainer = trainer;
        this.loss = loss;
    }

    /// Takes steps for some seconds and writes a table to standard error.
    void report(double seconds, Console console) {
        trainer.watch(this);
        List<Function<Pass, Tensor>> batch = List.of(this::timedLoss);
        Timing steps = Timing.of(() -> step(batch), seconds, LEAST_STEPS, MOST_STEPS);
        trainer.watch(TapeWatch.NONE);
        console.note(String.format(Locale.ROOT, "%-36s %9s %9s %7s", "operation", "ms there", "ms back", "share"));
        times.entrySet().stream()
                .sorted((a, b) -> Long.compare(total(b.getValue()), total(a.getValue())))
                .forEach(entry -> console.note(line(entry.getKey(), entry.getValue(), steps)));
        console.note(String.format(Locale.ROOT, "%-36s %19.3f", "step", steps.mean() * 1e3));
    }

    private static long total(Times of) {
        return of.there + of.back;
    }

    private static String line(String name, Times of, Timing steps) {
        double millis = 1e6 * steps.calls();
        return String.format(
                Locale.ROOT,
                "%-36s %9.3f %9.3f %6.1f%%",
                name,
                of.there / millis,
                of.back / millis,
                total(of) / millis / steps.mean() / 10);
    }

    private void step(List<Function<Pass, Tensor>> batch) {
        since = System.nanoTime();
        trainer.step(batch);
        at("clipping and optimiser").back += passed();
    }

    private Tensor timedLoss(Pass pass) {
        at("clearing of gradients").there += passed();
        return loss.apply(pass);
    }

    @Override
    public void done(Op op) {
        at(name(op)).there += passed();
    }

    @Override
    public void wentBack(Op op) {
        at(name(op)).back += passed();
    }

    private Times at(String name) {
        return times.computeIfAbsent(name, _ -> new Times());
    }

    private long passed() {
        long now = System.nanoTime();
        long passed = now - since;
        since = now;
        return passed;
    }

    private static String name(Op op) {
        if (op instanceof Op.Linear linear) {
            String name =
                    "Linear " + linear.weight().size(1) + "→" + linear.weight().size(0);
            return linear.activation() == Activation.IDENTITY ? name : name + " " + linear.activation();
        }
        return op.getClass().getSimpleName();
    }
}

package heed.cli.bench;

import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.timing.OtherLoad;
import heed.timing.Timing;
import java.util.LinkedHashMap;
import java.util.Map;

/// One result. Every line says what ran and on what: `bench`, `impl`, `kernels`, `threads`, `dtype`.
final class Line {
    private final Map<String, Object> values = new LinkedHashMap<>();

    static Line of(String bench, String kernels, WorkerPool workers, String dtype) {
        return new Line()
                .with("bench", bench)
                .with("impl", "heed")
                .with("kernels", kernels)
                .with("threads", workers.threads())
                .with("dtype", dtype);
    }

    /// With the kernels, the type of weights and the engine of a model.
    static Line of(String bench, Model model, WorkerPool workers) {
        return of(bench, model.kernels().name(), workers, model.weights().type().toString())
                .with("engine", model.weights().engine().name());
    }

    Line with(String key, Object value) {
        values.put(key, value);
        return this;
    }

    /// A number cut to so many decimals, for nobody believes the rest.
    Line with(String key, double value, int decimals) {
        double power = Math.pow(10, decimals);
        return with(key, Math.round(value * power) / power);
    }

    /// Adds `others_cpu`, the share that other programs took, where it is known.
    static Line beside(OtherLoad others, Line line) {
        double share = others.share();
        return Double.isNaN(share) ? line : line.with("others_cpu", share, 3);
    }

    /// Best, median and 99th percentile in milliseconds, how often, and the spread.
    Line with(Timing timing) {
        return with("median_ms", timing.median() * 1e3, 3)
                .with("min_ms", timing.best() * 1e3, 3)
                .with("p99_ms", timing.percentile(99) * 1e3, 3)
                .with("reps", timing.calls())
                .with("spread", timing.spread(), 3);
    }

    Map<String, Object> values() {
        return values;
    }
}

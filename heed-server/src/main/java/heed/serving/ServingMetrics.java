package heed.serving;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;

/// What is measured while many are served, as Prometheus reads it. Names of models and routes are labels;
/// nothing of a text is.
public final class ServingMetrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    public ServingMetrics(Admission admission, String kernels) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        Gauge.builder("heed.admitted.tokens", admission, Admission::taken)
                .description("Tokens under way, waiting or being computed")
                .register(registry);
        Gauge.builder("heed.admitted.tokens.max", admission, Admission::capacity)
                .description("The most tokens that are let in at once")
                .register(registry);
        Gauge.builder("heed.kernels", () -> 1)
                .description("The loops that compute")
                .tag("kernels", kernels)
                .register(registry);
    }

    /// What is measured of decisions, beside all else.
    public ModerationMetrics moderation() {
        return new ModerationMetrics(registry);
    }

    /// @param route the address as it is documented, never as it was asked for
    public void request(String route, int status, Duration time) {
        Timer.builder("heed.requests")
                .description("Requests from their first byte to their answer")
                .tag("route", route)
                .tag("status", String.valueOf(status))
                .publishPercentileHistogram()
                .register(registry)
                .record(time);
    }

    public void declined(NotServed.Reason reason) {
        registry.counter("heed.declined", "reason", reason.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    public void tokenized(String model, Duration time) {
        registry.timer("heed.tokenize", "model", model).record(time);
    }

    /// From being let in to being answered by the model.
    public void answered(String model, String task, Duration time) {
        registry.timer("heed.answer", "model", model, "task", task).record(time);
    }

    /// Hears of the batches of one model.
    public Batcher.Observer batches(String model, String task) {
        DistributionSummary items = summary("heed.batch.texts", "Texts of a batch", model, task);
        DistributionSummary tokens = summary("heed.batch.tokens", "Tokens of a batch", model, task);
        Timer times = Timer.builder("heed.compute")
                .description("Batches from beginning to end")
                .tag("model", model)
                .tag("task", task)
                .publishPercentileHistogram()
                .register(registry);
        return (itemCount, tokenCount, time) -> {
            items.record(itemCount);
            tokens.record(tokenCount);
            times.record(time);
        };
    }

    private DistributionSummary summary(String name, String description, String model, String task) {
        return DistributionSummary.builder(name)
                .description(description)
                .tag("model", model)
                .tag("task", task)
                .register(registry);
    }

    /// All of it, in Prometheus' text format.
    public String scrape() {
        return registry.scrape();
    }
}

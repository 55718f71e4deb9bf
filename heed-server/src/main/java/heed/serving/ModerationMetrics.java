package heed.serving;

import heed.moderation.Action;
import heed.moderation.Decision;
import heed.moderation.ReviewQueue;
import heed.moderation.drift.DriftMonitor;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is measured of decisions. Nothing of a comment is a label but a language that has a short name.
public final class ModerationMetrics {
    /// As BCP 47 begins.
    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})?");

    /// Whoever sends comments may say anything.
    private static final int MOST_LANGUAGES = 64;

    private final MeterRegistry registry;
    private final Set<String> languages = ConcurrentHashMap.newKeySet();

    ModerationMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    public void decided(Decision decision, @Nullable String language) {
        registry.counter(
                        "heed.moderation.decisions",
                        "action",
                        decision.action().word(),
                        "advised",
                        decision.advised().word())
                .increment();
        registry.counter("heed.moderation.languages", "language", named(language))
                .increment();
    }

    private String named(@Nullable String language) {
        if (language == null) {
            return "unsaid";
        }
        boolean known = LANGUAGE.matcher(language).matches()
                && (languages.contains(language) || (languages.size() < MOST_LANGUAGES && languages.add(language)));
        return known ? language : "other";
    }

    /// A person decided.
    public void reviewed(Action advised, Action decided) {
        registry.counter("heed.moderation.reviews", "advised", advised.word(), "decided", decided.word())
                .increment();
    }

    public void watch(ReviewQueue reviews) {
        Gauge.builder("heed.moderation.waiting", reviews, ReviewQueue::size)
                .description("Comments that wait for somebody to look at them")
                .register(registry);
        FunctionCounter.builder("heed.moderation.dropped", reviews, ReviewQueue::dropped)
                .description("Comments that fell out of the queue before somebody looked")
                .register(registry);
    }

    /// Population stability indices are NaN while there are too few comments.
    public void watch(DriftMonitor monitor, String model) {
        for (String label : monitor.reference().scores().keySet()) {
            Gauge.builder("heed.moderation.stability", monitor, one -> one.scores(label))
                    .description("Population stability index of the latest scores; below 0.1 no change, above 0.25 a"
                            + " great one")
                    .tag("model", model)
                    .tag("label", label)
                    .register(registry);
        }
        Gauge.builder("heed.moderation.scripts.stability", monitor, DriftMonitor::scripts)
                .description("Population stability index of the scripts that comments are in")
                .tag("model", model)
                .register(registry);
        Gauge.builder("heed.moderation.unknown.tokens", monitor, DriftMonitor::unknown)
                .description("The share of tokens that the model does not know")
                .tag("model", model)
                .register(registry);
        Gauge.builder(
                        "heed.moderation.unknown.tokens.reference",
                        monitor,
                        one -> one.reference().unknown())
                .description("The same when thresholds were chosen")
                .tag("model", model)
                .register(registry);
    }
}

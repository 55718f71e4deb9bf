package heed.serving;

import heed.model.Model;
import heed.serving.NotServed.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The models that are served, behind one gate. Safe for any number of threads.
public final class Serving implements AutoCloseable {
    private final ServingSettings settings;
    private final List<String> wanted;
    private final LongSupplier clock;
    private final Admission admission;
    private final Admission bodies;
    private final ServingMetrics metrics;
    private final Map<String, ServedModel> models = new LinkedHashMap<>();
    private final Map<String, String> failures = new LinkedHashMap<>();

    /// @param wanted the names of the models without which the server is not ready; the first that can do what
    /// is asked is the one of those who name none
    /// @param clock nanoseconds, as [System#nanoTime]
    /// @param kernels what computes, for the metrics
    public Serving(ServingSettings settings, List<String> wanted, LongSupplier clock, String kernels) {
        this.settings = settings;
        this.wanted = List.copyOf(wanted);
        this.clock = clock;
        this.admission = new Admission(settings.queueTokens(), clock);
        this.bodies = new Admission("bytes", 16L * settings.maxBodyBytes(), clock);
        this.metrics = new ServingMetrics(admission, kernels);
    }

    public ServingSettings settings() {
        return settings;
    }

    public LongSupplier clock() {
        return clock;
    }

    /// The gate of tokens.
    public Admission admission() {
        return admission;
    }

    /// The gate of what has been read and not answered yet, in bytes: before anybody knows how many tokens it
    /// has.
    public Admission bodies() {
        return bodies;
    }

    public ServingMetrics metrics() {
        return metrics;
    }

    /// When an answer to a request that came just now is no longer wanted.
    public Deadline deadline() {
        return Deadline.in(settings.timeout(), clock);
    }

    /// A model was opened, and can be asked from now on.
    public synchronized void opened(String name, Model model) {
        failures.remove(name);
        ServedModel before = models.put(name, new ServedModel(name, model, settings, admission, metrics, clock));
        if (before != null) {
            before.close();
        }
    }

    /// A model could not be opened.
    public synchronized void failed(String name, String reason) {
        failures.put(name, reason);
    }

    /// The models that can be asked, those that were wanted first.
    public synchronized List<ServedModel> models() {
        Map<String, ServedModel> ordered = new LinkedHashMap<>();
        for (String name : wanted) {
            ServedModel model = models.get(name);
            if (model != null) {
                ordered.put(name, model);
            }
        }
        models.forEach(ordered::putIfAbsent);
        return List.copyOf(ordered.values());
    }

    /// The model of a name, or the first that can do what is asked.
    ///
    /// @param name the reference it was opened by, or the name of its folder; null for any
    /// @throws NotServed when there is none, it cannot do that, or it is not open yet
    public synchronized ServedModel model(@Nullable String name, Ability ability) {
        return name == null ? any(ability) : named(name, ability);
    }

    private ServedModel named(String name, Ability ability) {
        ServedModel found = models().stream()
                .filter(model ->
                        model.name().equals(name) || model.model().name().equals(name))
                .findFirst()
                .orElse(null);
        if (found == null) {
            requireNotAwaited(name);
            throw new NotServed(
                    Reason.UNKNOWN,
                    "there is no model '" + name + "' here; there are "
                            + String.join(
                                    ", ",
                                    models().stream().map(ServedModel::name).toList()));
        }
        if (!found.can(ability)) {
            throw NotServed.unable(
                    name + " is a " + found.model().config().architecture() + ", no model that " + ability.does());
        }
        return found;
    }

    private ServedModel any(Ability ability) {
        List<ServedModel> able =
                models().stream().filter(model -> model.can(ability)).toList();
        if (able.isEmpty()) {
            wanted.forEach(this::requireNotAwaited);
            throw NotServed.unable("there is no model here that " + ability.does());
        }
        if (ability == Ability.EMBED) { // a model that was made for something else embeds only if no other does
            return able.stream()
                    .filter(model -> !model.can(Ability.CLASSIFY))
                    .findFirst()
                    .orElse(able.getFirst());
        }
        return able.getFirst();
    }

    private void requireNotAwaited(String name) {
        if (wanted.contains(name) && !models.containsKey(name)) {
            String failure = failures.get(name);
            throw new NotServed(
                    Reason.UNREADY,
                    failure == null ? name + " is still being opened" : name + " could not be opened: " + failure,
                    Duration.ofSeconds(failure == null ? 1 : 0));
        }
    }

    /// Whether requests can be answered, and why not.
    ///
    /// @param reasons why not; empty when they can
    public record Readiness(List<String> reasons) {
        public boolean ready() {
            return reasons.isEmpty();
        }
    }

    /// The truth about this server: it is ready when every wanted model is open, nobody told it to end, and no
    /// batch has been computed for longer than a request may take.
    public synchronized Readiness readiness() {
        List<String> reasons = new ArrayList<>();
        if (bodies.closed()) {
            reasons.add("shutting down");
        }
        for (String name : wanted) {
            if (!models.containsKey(name)) {
                String failure = failures.get(name);
                reasons.add(failure == null ? "opening " + name : name + " could not be opened: " + failure);
            }
        }
        for (ServedModel model : models()) {
            Duration busy = model.busyFor();
            if (busy.compareTo(settings.timeout()) > 0) {
                reasons.add(model.name() + " has been computing one batch for " + busy.toSeconds() + " s");
            }
        }
        return new Readiness(List.copyOf(reasons));
    }

    /// Lets nobody in any more, and waits for those who are in.
    ///
    /// @return whether all were answered in time
    public boolean drain() throws InterruptedException {
        bodies.close();
        return bodies.awaitEmpty(settings.drain());
    }

    /// Ends what is under way. The models are closed by who opened them.
    @Override
    public synchronized void close() {
        admission.close();
        bodies.close();
        models.values().forEach(ServedModel::close);
        models.clear();
    }
}

package heed.server.api;

import heed.moderation.Action;
import heed.moderation.AuditLog;
import heed.moderation.Calibration;
import heed.moderation.CalibrationFile;
import heed.moderation.Decision;
import heed.moderation.DecisionView;
import heed.moderation.Explainer;
import heed.moderation.GradientExplainer;
import heed.moderation.LabelScorer;
import heed.moderation.ModerationException;
import heed.moderation.Moderator;
import heed.moderation.Moderator.Comment;
import heed.moderation.Part;
import heed.moderation.Policy;
import heed.moderation.PolicyFile;
import heed.moderation.ReviewQueue;
import heed.moderation.drift.DriftMonitor;
import heed.moderation.drift.Reference;
import heed.serving.Deadline;
import heed.serving.ModerationMetrics;
import heed.serving.NotServed;
import heed.serving.NotServed.Reason;
import heed.serving.ServedModel;
import heed.task.Classifier;
import heed.text.Encoding;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Judges comments over HTTP: by the policy in force, with scores that are computed in batches with everybody
/// else's. Every decision is in the log before it is answered.
public final class Judge implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Judge.class.getName());

    /// How often the policy's file is looked at, at most.
    private static final long PACE = TimeUnit.SECONDS.toNanos(1);

    /// The latest comments, which are compared with those that thresholds were chosen on.
    private static final int COMPARED = 10_000;

    private final @Nullable Path policyFile;
    private final Map<String, Calibration> calibrations;
    private final @Nullable Reference reference;
    private final @Nullable AuditLog audit;
    private final @Nullable ReviewQueue reviews;
    private final @Nullable Suggestions suggestions;
    private final ModerationMetrics metrics;
    private final LongSupplier clock;
    private final Map<ServedModel, Bench> benches = new ConcurrentHashMap<>();

    /// What a model is judged by.
    ///
    /// @param version of its files, for records
    /// @param drift null where there is nothing to compare comments with
    private record Bench(
            LabelScorer scorer,
            PolicyFile policy,
            String version,
            GradientExplainer gradients,
            @Nullable DriftMonitor drift,
            long[] looked) {}

    /// @param decisions in the order of the comments
    /// @param policy that was in force
    /// @param scorer that scored them, for those who ask why
    record Verdict(List<Decision> decisions, Policy policy, LabelScorer scorer) {}

    private Judge(ModerationFiles files, LongSupplier clock, ModerationMetrics metrics) {
        this.policyFile = files.policy();
        this.calibrations = files.calibration() == null ? Map.of() : CalibrationFile.read(files.calibration());
        this.reference = files.reference() == null ? null : Reference.read(files.reference());
        this.metrics = metrics;
        this.clock = clock;
        this.suggestions = files.suggestions() == null ? null : new Suggestions(files.suggestions());
        this.reviews = files.reviews() == null
                ? null
                : ReviewQueue.open(files.reviews(), files.mostReviews(), InstantSource.system());
        try {
            this.audit = files.audit() == null ? null : AuditLog.open(files.audit(), InstantSource.system());
        } catch (RuntimeException e) {
            if (reviews != null) {
                reviews.close();
            }
            throw e;
        }
        if (reviews != null) {
            metrics.watch(reviews);
        }
    }

    /// @param clock nanoseconds, as [System#nanoTime]
    /// @param metrics hear of decisions
    /// @throws ModerationException when a file cannot be used
    public static Judge open(ModerationFiles files, LongSupplier clock, ModerationMetrics metrics) {
        if (files.policy() == null
                && (files.audit() != null || files.calibration() != null || files.reviews() != null)) {
            throw new ModerationException("nothing is decided without a policy: name one, or leave out the log, the"
                    + " reviews and the calibrations");
        }
        if (files.reviews() != null && files.audit() == null) {
            throw new ModerationException("reviews need a log (--audit), where it is written what people decide");
        }
        if (files.policy() != null) {
            Policy.read(files.policy()); // what is wrong is told at once, and not when somebody asks
        }
        return new Judge(files, clock, metrics);
    }

    boolean hasPolicy() {
        return policyFile != null;
    }

    @Nullable
    Suggestions suggestions() {
        return suggestions;
    }

    /// Whether comments wait for people here.
    public boolean hasReviews() {
        return reviews != null;
    }

    /// @throws NotServed when there is no policy, or a decision cannot be written down
    Verdict decide(ServedModel model, List<Comment> comments, Deadline deadline) {
        Bench bench = bench(model);
        Policy policy = bench.policy.policy();
        LabelScorer scorer = scorer(bench, model, policy, deadline);
        List<Decision> decisions = new Moderator(scorer, () -> policy).decide(comments);
        if (audit != null) {
            write(audit, log -> log.decided(comments, decisions, bench.version));
        }
        for (int i = 0; i < comments.size(); i++) {
            tell(bench, comments.get(i), decisions.get(i));
        }
        return new Verdict(decisions, policy, scorer);
    }

    private LabelScorer scorer(Bench bench, ServedModel model, Policy policy, Deadline deadline) {
        DriftMonitor drift = bench.drift;
        return bench.scorer
                .computedBy(encodings -> {
                    if (drift != null) {
                        drift.read(encodings);
                    }
                    return logits(model, encodings, deadline);
                })
                .withWindow(policy.window());
    }

    /// Everybody who wants to know, once a decision is written down.
    private void tell(Bench bench, Comment comment, Decision decision) {
        metrics.decided(decision, comment.language());
        if (bench.drift != null) {
            bench.drift.decided(comment.text(), decision);
        }
        if (reviews != null && decision.advised() == Action.REVIEW && !reviews.add(comment, decision, bench.version)) {
            LOG.log(System.Logger.Level.ERROR, "a comment that waits for review could not be written to the disk");
        }
    }

    private static void write(AuditLog log, Consumer<AuditLog> writing) {
        try {
            writing.accept(log);
        } catch (ModerationException e) {
            LOG.log(System.Logger.Level.ERROR, "a decision could not be written down", e);
            throw new NotServed(Reason.UNREADY, "a decision could not be written down, and is not made");
        }
    }

    /// Which words a decision hangs on.
    ///
    /// @param by `occlusion` or `gradients`
    List<Map<String, Object>> words(ServedModel model, Verdict verdict, Comment comment, Decision decision, String by) {
        return DecisionView.words(explainer(bench(model), by), verdict.scorer, comment.text(), decision);
    }

    private static Explainer explainer(Bench bench, String by) {
        return switch (by) {
            case "occlusion" -> Explainer.occlusion();
            case "gradients" ->
                (scorer, text, label) -> {
                    synchronized (bench.gradients) { // each uses all threads, and memory for every layer
                        // without batches: the copy that gradients flow through is nobody else's
                        return bench.gradients.parts(
                                scorer.computedBy(new Classifier(scorer.model())::logits), text, label);
                    }
                };
            default -> throw NotServed.invalid("an explanation is by occlusion or by gradients");
        };
    }

    /// Comments that wait.
    ///
    /// @throws NotServed when this server keeps none
    ReviewQueue reviews() {
        if (reviews == null) {
            throw new NotServed(
                    Reason.UNKNOWN,
                    "this server keeps no comments for review; start it with --policy, --audit and --reviews");
        }
        return reviews;
    }

    /// Why a comment that waits is there: all parts of its gravest score.
    ///
    /// @throws NotServed when it waits no longer, or another model judged it
    List<Part> why(ServedModel model, long key, String by, Deadline deadline) {
        ReviewQueue.Item item = waiting(key);
        Bench bench = bench(model);
        if (!bench.version.equals(item.model())) {
            throw NotServed.unable("another model judged this comment than the one that is open now");
        }
        Policy policy = bench.policy.policy();
        LabelScorer scorer = scorer(bench, model, policy, deadline);
        Decision decision = new Moderator(scorer, () -> policy)
                .decide(List.of(item.comment()))
                .getFirst();
        String label = decision.reasons().isEmpty()
                ? scorer.labels().getFirst()
                : decision.reasons().getFirst().label();
        return explainer(bench, by).parts(scorer, item.comment().text(), label);
    }

    private ReviewQueue.Item waiting(long key) {
        return reviews()
                .item(key)
                .orElseThrow(() -> new NotServed(
                        Reason.UNKNOWN, "this comment waits no longer: somebody decided, or it fell out of the queue"));
    }

    /// Somebody decided about a comment that waits. It is in the log before anybody hears of it.
    ///
    /// @throws NotServed when it waits no longer, or that cannot be written down
    void review(long key, Action action, String reviewer, String note) {
        AuditLog log = Objects.requireNonNull(audit, "reviews come with a log");
        synchronized (reviews()) {
            ReviewQueue.Item item = waiting(key);
            write(log, to -> to.reviewed(item.comment().id(), action, reviewer, note));
            reviews().remove(key);
            metrics.reviewed(Action.REVIEW, action);
        }
    }

    private static List<float[]> logits(ServedModel model, List<Encoding> encodings, Deadline deadline) {
        try {
            return model.logits(encodings, deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotServed(Reason.UNREADY, "this server is shutting down");
        }
    }

    private synchronized Bench bench(ServedModel model) {
        Path file = policyFile;
        if (file == null) {
            throw NotServed.unable("this server has no policy; start it with --policy FILE");
        }
        Bench bench = benches.get(model);
        if (bench == null) {
            bench = opened(model, file);
            benches.put(model, bench);
        }
        refresh(bench);
        return bench;
    }

    private Bench opened(ServedModel model, Path file) {
        try {
            LabelScorer scorer = new LabelScorer(model.model(), calibrations);
            PolicyFile policy =
                    new PolicyFile(file, scorer.labels(), reason -> LOG.log(System.Logger.Level.WARNING, reason));
            String version = AuditLog.version(model.model().folder());
            DriftMonitor drift = reference == null
                    ? null
                    : new DriftMonitor(
                            reference, COMPARED, model.model().tokenizer().unknownId());
            if (drift != null) {
                metrics.watch(drift, model.name());
            }
            return new Bench(
                    scorer, policy, version, new GradientExplainer(model.model()), drift, new long[] {clock.getAsLong()
                    });
        } catch (ModerationException e) {
            throw NotServed.unable(String.valueOf(e.getMessage()));
        }
    }

    private void refresh(Bench bench) {
        synchronized (bench) {
            long now = clock.getAsLong();
            if (now - bench.looked[0] >= PACE) {
                bench.looked[0] = now;
                bench.policy.refresh();
            }
        }
    }

    @Override
    public void close() {
        if (audit != null) {
            audit.close();
        }
        if (reviews != null) {
            reviews.close();
        }
    }
}

package heed.server.api;

import heed.moderation.AuditLog;
import heed.moderation.Calibration;
import heed.moderation.CalibrationFile;
import heed.moderation.Decision;
import heed.moderation.LabelScorer;
import heed.moderation.ModerationException;
import heed.moderation.Moderator;
import heed.moderation.Moderator.Comment;
import heed.moderation.Policy;
import heed.moderation.PolicyFile;
import heed.serving.Deadline;
import heed.serving.NotServed;
import heed.serving.NotServed.Reason;
import heed.serving.ServedModel;
import heed.text.Encoding;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Judges comments over HTTP: by the policy in force, with scores that are computed in batches with everybody
/// else's. Every decision is in the log before it is answered.
public final class Judge implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Judge.class.getName());

    /// How often the policy's file is looked at, at most.
    private static final long PACE = TimeUnit.SECONDS.toNanos(1);

    private final @Nullable Path policyFile;
    private final Map<String, Calibration> calibrations;
    private final @Nullable AuditLog audit;
    private final @Nullable Suggestions suggestions;
    private final LongSupplier clock;
    private final Map<ServedModel, Bench> benches = new ConcurrentHashMap<>();

    /// What a model is judged by.
    ///
    /// @param version of its files, for records
    private record Bench(LabelScorer scorer, PolicyFile policy, String version, long[] looked) {}

    /// @param decisions in the order of the comments
    /// @param policy that was in force
    /// @param scorer that scored them, for those who ask why
    record Verdict(List<Decision> decisions, Policy policy, LabelScorer scorer) {}

    private Judge(
            @Nullable Path policyFile,
            Map<String, Calibration> calibrations,
            @Nullable AuditLog audit,
            @Nullable Suggestions suggestions,
            LongSupplier clock) {
        this.policyFile = policyFile;
        this.calibrations = calibrations;
        this.audit = audit;
        this.suggestions = suggestions;
        this.clock = clock;
    }

    /// @param clock nanoseconds, as [System#nanoTime]
    /// @throws ModerationException when a file cannot be used
    public static Judge open(ModerationFiles files, LongSupplier clock) {
        if (files.policy() == null && (files.audit() != null || files.calibration() != null)) {
            throw new ModerationException(
                    "nothing is decided without a policy: name one, or leave out the log and the" + " calibrations");
        }
        if (files.policy() != null) {
            Policy.read(files.policy()); // what is wrong is told at once, and not when somebody asks
        }
        return new Judge(
                files.policy(),
                files.calibration() == null ? Map.of() : CalibrationFile.read(files.calibration()),
                files.audit() == null ? null : AuditLog.open(files.audit(), InstantSource.system()),
                files.suggestions() == null ? null : new Suggestions(files.suggestions()),
                clock);
    }

    boolean hasPolicy() {
        return policyFile != null;
    }

    @Nullable
    Suggestions suggestions() {
        return suggestions;
    }

    /// @throws NotServed when there is no policy, or a decision cannot be written down
    Verdict decide(ServedModel model, List<Comment> comments, Deadline deadline) {
        Bench bench = bench(model);
        LabelScorer scorer = bench.scorer.computedBy(encodings -> logits(model, encodings, deadline));
        Policy policy = bench.policy.policy();
        List<Decision> decisions = new Moderator(scorer, () -> policy).decide(comments);
        if (audit != null) {
            for (int i = 0; i < comments.size(); i++) {
                write(audit, comments.get(i), decisions.get(i), bench.version);
            }
        }
        return new Verdict(decisions, policy, scorer);
    }

    private static void write(AuditLog audit, Comment comment, Decision decision, String version) {
        try {
            audit.decided(comment, decision, version);
        } catch (ModerationException e) {
            LOG.log(System.Logger.Level.ERROR, "a decision could not be written down", e);
            throw new NotServed(Reason.UNREADY, "a decision could not be written down, and is not made");
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

    private Bench bench(ServedModel model) {
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
            return new Bench(scorer, policy, version, new long[] {clock.getAsLong()});
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
    }
}

package heed.flink;

import heed.model.Model;
import heed.model.ModelOptions;
import heed.model.Models;
import heed.moderation.AuditLog;
import heed.moderation.CalibrationFile;
import heed.moderation.Decision;
import heed.moderation.LabelScorer;
import heed.moderation.LabelScorer.Prepared;
import heed.moderation.LabelScorer.Score;
import heed.moderation.Moderator;
import heed.moderation.Policy;
import heed.moderation.stream.StreamSettings.Judging;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Judges the comments of all tasks of this virtual machine: one model, one thread that gathers comments into a
/// ragged batch until it has enough tokens or the oldest has waited long enough. A pass uses all processors, so
/// tasks that each had a model would only get in each other's way.
///
/// When a batch fails each of its comments is tried by itself: one that fails again is told so, the others get
/// their decisions.
final class Judge implements AutoCloseable {
    /// So many batches may wait; then whoever brings more waits, too.
    private static final int BATCHES_WAITING = 8;

    private static final Map<Judging, Judge> OPEN = new HashMap<>(); // guarded by itself

    private final Judging judging;
    private final LabelScorer scorer;
    private final boolean owned;
    private final Policy policy;
    private final String version;
    private int users; // guarded by OPEN

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(); // guarded by itself, like all below
    private long waitingTokens;
    private boolean closed;
    private long judged;
    private long tokens;
    private long first;
    private long last;

    /// Hears what came of a comment, on the thread of the batches: it must not wait for anything.
    interface Asker {
        void decided(Decision decision);

        void failed(Throwable reason);
    }

    /// @param since when it came, in nanoseconds
    private record Waiting(Comment comment, Prepared prepared, int tokens, long since, Asker asker) {}

    /// What was judged since the model was opened.
    ///
    /// @param busy from the first comment's arrival to the last one's scores
    record Work(long judged, long tokens, Duration busy) {}

    /// @param owned whether the model is closed with this
    private Judge(Judging judging, LabelScorer scorer, boolean owned) {
        this.judging = judging;
        this.owned = owned;
        this.policy = Policy.parse(judging.policy(), "the policy").requireLabels(scorer.labels());
        this.scorer = scorer.withWindow(policy.window());
        this.version = AuditLog.version(scorer.model().folder());
    }

    /// @throws IllegalArgumentException when the model does not classify texts, or the calibrations are not for
    /// it
    static LabelScorer scorer(Judging judging, Model model) {
        String calibrations = judging.calibrations();
        return new LabelScorer(
                model, calibrations == null ? Map.of() : CalibrationFile.parse(calibrations, "the calibrations"));
    }

    /// The one of this virtual machine; the first who asks opens the model. Whoever asked closes it.
    ///
    /// @throws IllegalArgumentException when the model cannot be opened or does not fit the policy
    static Judge open(Judging judging) {
        synchronized (OPEN) {
            Judge judge = OPEN.get(judging);
            if (judge == null) {
                judge = opened(judging);
            }
            judge.users++;
            return judge;
        }
    }

    private static Judge opened(Judging judging) {
        ModelOptions options =
                ModelOptions.defaults().withWeightType(judging.weightType()).withEngine(judging.engine());
        Model model = Models.open(judging.model(), options);
        try {
            return started(new Judge(judging, scorer(judging, model), true));
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /// Begins with a model that is open already, and stays so.
    static Judge open(Judging judging, LabelScorer scorer) {
        synchronized (OPEN) {
            if (OPEN.containsKey(judging)) {
                throw new IllegalStateException("somebody judges by " + scorer.model() + " already");
            }
            Judge judge = started(new Judge(judging, scorer, false));
            judge.users++;
            return judge;
        }
    }

    private static Judge started(Judge judge) {
        OPEN.put(judge.judging, judge);
        Thread.ofPlatform().name("heed-judge").daemon().start(judge::run);
        return judge;
    }

    /// The version of the model, for records.
    String version() {
        return version;
    }

    Work work() {
        synchronized (waiting) {
            return new Work(judged, tokens, Duration.ofNanos(last - first));
        }
    }

    /// Tokenises a comment, on the caller's thread, and puts it among those that wait. Waits while there are
    /// too many.
    void submit(Comment comment, Asker asker) throws InterruptedException {
        long now = System.nanoTime();
        Prepared prepared;
        try {
            prepared = scorer.prepare(comment.text());
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) { // the comment's fault, not the task's
            asker.failed(e);
            return;
        }
        int cost = prepared.tokens();
        synchronized (waiting) {
            while (waitingTokens > (long) BATCHES_WAITING * judging.batchTokens() && !closed) {
                waiting.wait();
            }
            if (closed) {
                throw new IllegalStateException("the model was closed");
            }
            first = first == 0 ? now : first;
            waiting.addLast(new Waiting(comment, prepared, cost, now, asker));
            waitingTokens += cost;
            waiting.notifyAll();
        }
    }

    private void run() {
        try {
            for (List<Waiting> batch = next(); !batch.isEmpty(); batch = next()) {
                judge(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The comments of the next batch; none when it is over.
    private List<Waiting> next() throws InterruptedException {
        synchronized (waiting) {
            while (!closed && waitingTokens < judging.batchTokens()) {
                Waiting oldest = waiting.peekFirst();
                if (oldest == null) {
                    waiting.wait();
                    continue;
                }
                long left = judging.batchWait().toNanos() - (System.nanoTime() - oldest.since);
                if (left <= 0) {
                    break;
                }
                waiting.wait(left / 1_000_000, (int) (left % 1_000_000));
            }
            List<Waiting> batch = new ArrayList<>();
            int sum = 0;
            while (!closed && !waiting.isEmpty()) {
                int more = waiting.getFirst().tokens;
                if (!batch.isEmpty() && sum + more > judging.batchTokens()) {
                    break;
                }
                sum += more;
                batch.add(waiting.removeFirst());
            }
            waitingTokens -= sum;
            waiting.notifyAll();
            return batch;
        }
    }

    private void judge(List<Waiting> batch) {
        List<SequencedMap<String, Score>> scores;
        try {
            scores = scorer.scoreAll(batch.stream().map(Waiting::prepared).toList());
        } catch (Throwable e) { // an error too: the thread must go on, and whoever waits must hear of it
            if (batch.size() == 1) {
                tell(batch.getFirst(), e);
            } else {
                batch.forEach(one -> judge(List.of(one)));
            }
            return;
        }
        count(batch);
        for (int i = 0; i < batch.size(); i++) {
            tell(batch.get(i), scores.get(i));
        }
    }

    private void count(List<Waiting> batch) {
        synchronized (waiting) {
            judged += batch.size();
            tokens += batch.stream().mapToLong(Waiting::tokens).sum();
            last = System.nanoTime();
        }
    }

    private void tell(Waiting one, SequencedMap<String, Score> scores) {
        Decision decision;
        try {
            decision = Moderator.decide(policy, scores, one.comment.language());
        } catch (RuntimeException e) {
            tell(one, e);
            return;
        }
        try {
            one.asker.decided(decision);
        } catch (RuntimeException e) {
            gone(e);
        }
    }

    private static void tell(Waiting one, Throwable reason) {
        try {
            one.asker.failed(reason);
        } catch (RuntimeException e) {
            gone(e);
        }
    }

    /// A task that was ended does not hear any more; its comments come again.
    private static void gone(@Nullable RuntimeException reason) {
        System.getLogger(Judge.class.getName())
                .log(System.Logger.Level.DEBUG, "whoever asked is not there any more", reason);
    }

    /// Frees the model when nobody else judges by it.
    @Override
    public void close() {
        synchronized (OPEN) {
            if (--users > 0) {
                return;
            }
            OPEN.remove(judging);
        }
        synchronized (waiting) {
            closed = true;
            waiting.clear(); // whoever brought them has gone
            waiting.notifyAll();
        }
        if (owned) {
            scorer.model().close();
        }
    }
}

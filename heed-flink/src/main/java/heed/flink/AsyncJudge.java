package heed.flink;

import heed.moderation.AuditLog;
import heed.moderation.Decision;
import heed.moderation.DecisionView;
import heed.moderation.stream.StreamSettings.Judging;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Has comments judged in batches with those of all other tasks ([Judge]). A comment that cannot be judged ends
/// as a dead letter; nothing that a comment does ends the job.
final class AsyncJudge extends RichAsyncFunction<Comment, Outcome> {
    private static final long serialVersionUID = 1L;

    private final Judging judging;
    private transient @Nullable Judge judge;

    AsyncJudge(Judging judging) {
        this.judging = judging;
    }

    @Override
    public void open(OpenContext context) {
        judge = Judge.open(judging);
    }

    @Override
    public void asyncInvoke(Comment comment, ResultFuture<Outcome> result) throws InterruptedException {
        Judge asked = Objects.requireNonNull(judge);
        asked.submit(comment, new Judge.Asker() {
            @Override
            public void decided(Decision decision) {
                // what is written is made on the task's thread, not on that of the batches
                result.complete(() -> List.of(
                        new Outcome(comment.id(), decision.action(), line(comment, decision, asked.version()))));
            }

            @Override
            public void failed(Throwable reason) {
                String why = reason instanceof IllegalArgumentException && reason.getMessage() != null
                        ? reason.getMessage()
                        : "it cannot be scored: " + reason;
                result.complete(() -> List.of(new Outcome(
                        comment.id(),
                        null,
                        DeadLetter.line(Instant.now(), comment.place(), comment.id(), why, comment.text()))));
            }
        });
    }

    /// The fields of the audit log, and the reasons.
    private static String line(Comment comment, Decision decision, String version) {
        SequencedMap<String, Object> record = AuditLog.record(Instant.now(), comment.toJudge(), decision, version);
        record.put("reasons", DecisionView.of(comment.id(), decision).get("reasons"));
        return JsonMapper.shared().writeValueAsString(record);
    }

    @Override
    public void close() {
        if (judge != null) {
            judge.close();
            judge = null;
        }
    }
}

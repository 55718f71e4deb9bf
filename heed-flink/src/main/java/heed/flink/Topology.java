package heed.flink;

import heed.moderation.stream.StreamSettings;
import heed.moderation.stream.StreamSettings.Route;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/// The job: lines → comments → each id once → judged → decisions and dead letters.
///
/// ```text
/// source ─ intake ─(by id)─ once ─ judge ─ sorting ─ decisions
///             └──────────── dead letters ────┘
/// ```
///
/// Operators have names that stay, so that a checkpoint fits a later version of the job.
final class Topology {
    /// Comments of a task that are being judged at once; the judge also counts their tokens.
    private static final int IN_FLIGHT = 256;

    private static final long FLUSH_MILLIS = 5;

    private Topology() {}

    /// What the job itself needs of its surroundings, wherever it runs.
    static Configuration configuration(StreamSettings settings) {
        Configuration configuration = new Configuration();
        StreamSettings.Keeping keeping = settings.keeping();
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, keeping.every());
        configuration.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        if (keeping.checkpoints() != null) {
            configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
            configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, keeping.checkpoints());
        }
        configuration.set(ExecutionOptions.BUFFER_TIMEOUT, Duration.ofMillis(FLUSH_MILLIS));
        configuration.set(PipelineOptions.OBJECT_REUSE, true); // nothing that flows here ever changes
        configuration.set(PipelineOptions.GENERIC_TYPES, false); // no slow serializer by mistake
        configuration.set(PipelineOptions.NAME, "heed moderate stream");
        return configuration;
    }

    /// @return the decisions, which are being written
    static DataStream<OutputLine> build(StreamExecutionEnvironment environment, StreamSettings settings) {
        Route route = settings.route();
        SingleOutputStreamOperator<Comment> comments = environment
                .fromSource(
                        Place.of(route.in()).source(route.json(), route.follow()),
                        WatermarkStrategy.noWatermarks(),
                        "comments",
                        Types.POJO(Arrival.class))
                .uid("comments")
                .process(new Intake())
                .returns(Types.POJO(Comment.class))
                .name("intake")
                .uid("intake");
        SingleOutputStreamOperator<Comment> once = comments.keyBy(Comment::id, Types.STRING)
                .process(new OncePerId(settings.keeping().remember()))
                .returns(Types.POJO(Comment.class))
                .name("once")
                .uid("once");
        AsyncJudge judge = new AsyncJudge(settings.judging());
        SingleOutputStreamOperator<OutputLine> decisions = (settings.ordered()
                        ? AsyncDataStream.orderedWait(once, judge, 0, TimeUnit.MILLISECONDS, IN_FLIGHT)
                        : AsyncDataStream.unorderedWait(once, judge, 0, TimeUnit.MILLISECONDS, IN_FLIGHT))
                .returns(Types.POJO(Outcome.class))
                .name("judge")
                .uid("judge")
                .process(new Sorting())
                .returns(Types.POJO(OutputLine.class))
                .name("sorting")
                .uid("sorting");
        String writer = "heed-" + Journal.mark(settings);
        Duration every = settings.keeping().every();
        decisions
                .sinkTo(Place.of(route.out()).sink("decisions", writer + "-decisions", every))
                .name("decisions")
                .uid("decisions");
        decisions
                .getSideOutput(Intake.DEAD)
                .union(comments.getSideOutput(Intake.DEAD))
                .sinkTo(Place.of(route.deadLetters()).sink("dead-letters", writer + "-dead-letters", every))
                .name("dead letters")
                .uid("dead-letters");
        return decisions;
    }

    /// Writes a line into a folder once all decisions are written.
    static void markEnd(DataStream<OutputLine> decisions, String folder) {
        decisions
                .transform("end", Types.POJO(OutputLine.class), new EndMark())
                .uid("end")
                .sinkTo(new FilePlace(folder).sink(Journal.ENDED, "", StreamSettings.Keeping.USUAL_EVERY))
                .name("end mark")
                .uid("end-mark");
    }
}

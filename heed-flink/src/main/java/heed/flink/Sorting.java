package heed.flink;

import heed.moderation.Action;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/// Parts decisions from dead letters, and counts them.
final class Sorting extends ProcessFunction<Outcome, OutputLine> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    static final String DEAD_COMMENTS = "dead comments";

    private transient @Nullable Counts counts;

    /// The name of the accumulator of an action.
    static String name(Action action) {
        return action.word();
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        String[] names = Stream.concat(Arrays.stream(Action.values()).map(Sorting::name), Stream.of(DEAD_COMMENTS))
                .toArray(String[]::new);
        counts = Counts.open(context, getRuntimeContext(), names);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        Objects.requireNonNull(counts).keep();
    }

    @Override
    public void processElement(Outcome outcome, Context context, Collector<OutputLine> out) {
        Action action = outcome.action();
        OutputLine line = new OutputLine(outcome.id(), outcome.line());
        Objects.requireNonNull(counts).add(action == null ? DEAD_COMMENTS : name(action));
        if (action == null) {
            context.output(Intake.DEAD, line);
        } else {
            out.collect(line);
        }
    }
}

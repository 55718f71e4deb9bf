package heed.flink;

import java.time.Duration;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/// Lets each id through once, for as long as it is remembered. It stands before the model: what comes again is
/// not even scored.
final class OncePerId extends KeyedProcessFunction<String, Comment, Comment> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    static final String REPEATED = "repeated";

    private final Duration remember;
    private transient @Nullable Counts counts;
    private transient @Nullable ValueState<Boolean> seen;

    OncePerId(Duration remember) {
        this.remember = remember;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        counts = Counts.open(context, getRuntimeContext(), REPEATED);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        Objects.requireNonNull(counts).keep();
    }

    @Override
    public void open(OpenContext context) {
        ValueStateDescriptor<Boolean> descriptor = new ValueStateDescriptor<>("seen", Types.BOOLEAN);
        descriptor.enableTimeToLive(StateTtlConfig.newBuilder(remember).build());
        seen = getRuntimeContext().getState(descriptor);
    }

    @Override
    public void processElement(Comment comment, Context context, Collector<Comment> out) throws Exception {
        ValueState<Boolean> state = Objects.requireNonNull(seen);
        if (state.value() != null) {
            Objects.requireNonNull(counts).add(REPEATED);
            return;
        }
        state.update(true);
        out.collect(comment);
    }
}

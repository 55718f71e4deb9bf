package heed.flink;

import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.runtime.state.FunctionInitializationContext;

/// Counts of a function that are part of its state: what is done again after a failure is not counted again.
/// Accumulators alone begin anew with every attempt.
final class Counts {
    private final List<String> names;
    private final long[] counts;
    private final LongCounter[] shown;
    private final ListState<long[]> kept;

    private Counts(List<String> names, long[] counts, LongCounter[] shown, ListState<long[]> kept) {
        this.names = names;
        this.counts = counts;
        this.shown = shown;
        this.kept = kept;
    }

    /// @param names of the accumulators that show them; no other function has these
    static Counts open(FunctionInitializationContext context, RuntimeContext runtime, String... names)
            throws Exception {
        ListState<long[]> kept = context.getOperatorStateStore()
                .getListState(
                        new ListStateDescriptor<>("counts", PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO));
        long[] counts = new long[names.length];
        for (long[] part : kept.get()) { // of several subtasks, where there were more before
            for (int i = 0; i < counts.length; i++) {
                counts[i] += part[i];
            }
        }
        LongCounter[] shown =
                Stream.generate(LongCounter::new).limit(names.length).toArray(LongCounter[]::new);
        for (int i = 0; i < names.length; i++) {
            runtime.addAccumulator(names[i], shown[i]);
            shown[i].add(counts[i]);
        }
        return new Counts(List.of(names), counts, shown, kept);
    }

    void add(String name) {
        int which = names.indexOf(name);
        counts[which]++;
        shown[which].add(1);
    }

    void keep() throws Exception {
        kept.clear();
        kept.add(counts.clone());
    }
}

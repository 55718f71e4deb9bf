package heed.flink;

import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/// Says that there is nothing more to come, and nothing else.
///
/// A job that has ended throws its checkpoints away. Whoever is killed in that moment finds none, as if nothing
/// had been written yet, and would begin anew: but this line is there, for it was committed with the last
/// checkpoint.
final class EndMark extends AbstractStreamOperator<OutputLine>
        implements OneInputStreamOperator<OutputLine, OutputLine>, BoundedOneInput {
    private static final long serialVersionUID = 1L;

    @Override
    public void processElement(StreamRecord<OutputLine> line) {}

    @Override
    public void endInput() {
        output.collect(new StreamRecord<>(new OutputLine("", "{\"ended\": true}")));
    }
}

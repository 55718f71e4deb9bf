package heed.flink;

import java.time.Duration;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;

/// Where comments come from or decisions go.
sealed interface Place permits FilePlace, KafkaPlace {
    /// @throws heed.moderation.ModerationException when it is no place
    static Place of(String name) {
        return name.startsWith(KafkaPlace.SCHEME) ? KafkaPlace.parse(name) : new FilePlace(name);
    }

    /// @param json whether all is JSON, whatever it is called
    /// @param follow whether to go on with what comes later
    Source<Arrival, ?, ?> source(boolean json, boolean follow);

    /// Writes each line exactly once.
    ///
    /// @param folder of files, below this place
    /// @param name tells this writer from all others to the same place, and is the same after a restart
    /// @param every how often there is a checkpoint: nothing can be seen before the next
    Sink<OutputLine> sink(String folder, String name, Duration every);
}

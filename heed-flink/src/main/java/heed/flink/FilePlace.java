package heed.flink;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.DefaultRollingPolicy;

/// A file, or a folder of files and further folders.
///
/// @param path also on other file systems that Flink knows
record FilePlace(String path) implements Place {
    /// Longer lines are dead letters.
    private static final int LONGEST_LINE = 4 << 20;

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /// A file that is being written can be read from the checkpoint on after which it is complete: whoever wants
    /// checkpoints more often than usual wants to see what there is sooner, too.
    private static final int CHECKPOINTS_IN_A_FILE = 6;

    private static final Duration LONGEST_FILE_TIME = Duration.ofMinutes(1);

    private static final long FILE_MEGABYTES = 256;

    @Override
    public Source<Arrival, ?, ?> source(boolean json, boolean follow) {
        FileSource.FileSourceBuilder<Arrival> builder =
                FileSource.forBulkFileFormat(new LineFormat(path, json, LONGEST_LINE), new Path(path));
        return (follow ? builder.monitorContinuously(LOOK_EVERY) : builder).build();
    }

    @Override
    public Sink<OutputLine> sink(String folder, String name, Duration every) {
        Duration time = Collections.min(List.of(LONGEST_FILE_TIME, every.multipliedBy(CHECKPOINTS_IN_A_FILE)));
        return FileSink.<OutputLine>forRowFormat(new Path(path, folder), (line, out) -> {
                    out.write(line.line().getBytes(StandardCharsets.UTF_8));
                    out.write('\n');
                })
                .withBucketAssigner(new BasePathBucketAssigner<>())
                .withRollingPolicy(DefaultRollingPolicy.builder()
                        .withRolloverInterval(time)
                        .withInactivityInterval(time)
                        .withMaxPartSize(MemorySize.ofMebiBytes(FILE_MEGABYTES))
                        .build())
                .withBucketCheckInterval(time.dividedBy(CHECKPOINTS_IN_A_FILE).toMillis())
                .withOutputFileConfig(
                        OutputFileConfig.builder().withPartSuffix(".jsonl").build())
                .build();
    }
}

package heed.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.apache.flink.connector.file.src.util.RecordAndPosition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineFormatTest {
    private static final int LONGEST = 50;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private record Read(Arrival arrival, CheckpointedPosition after) {}

    private List<Read> read(String name, @Nullable CheckpointedPosition from) throws IOException {
        Path file = folder.resolve(name);
        long size = Files.size(file);
        FileSourceSplit split = new FileSourceSplit(
                "1", new org.apache.flink.core.fs.Path(file.toString()), 0, size, 0, size, new String[0], from);
        LineFormat format = new LineFormat(folder.toString(), false, LONGEST);
        List<Read> all = new ArrayList<>();
        try (BulkFormat.Reader<Arrival> reader = from == null
                ? format.createReader(new Configuration(), split)
                : format.restoreReader(new Configuration(), split)) {
            for (var batch = reader.readBatch(); batch != null; batch = reader.readBatch()) {
                for (RecordAndPosition<Arrival> one = batch.next(); one != null; one = batch.next()) {
                    all.add(new Read(
                            one.getRecord(), new CheckpointedPosition(one.getOffset(), one.getRecordSkipCount())));
                }
            }
        }
        return all;
    }

    @Test
    void aLineHasItsFileItsNumberAndItsTextWithoutItsEnd() throws IOException {
        Files.createDirectories(folder.resolve("a"));
        Files.write(folder.resolve("a/b.jsonl"), "{}\r\n\nthird ßé€😀".getBytes(StandardCharsets.UTF_8));
        assertThat(read("a/b.jsonl", null).stream().map(Read::arrival))
                .containsExactly(
                        new Arrival("a/b.jsonl:1", true, "{}", ""),
                        new Arrival("a/b.jsonl:2", true, "", ""),
                        new Arrival("a/b.jsonl:3", true, "third ßé€😀", ""));
        Files.write(folder.resolve("empty.txt"), new byte[0]);
        assertThat(read("empty.txt", null)).isEmpty();
    }

    @Test
    void whatIsNoTextOrTooLongIsSaidAndTheNextLineIsFine() throws IOException {
        byte[] bytes = ("ok\n" + "x".repeat(51) + "\n" + "y".repeat(50) + "\nbad \u00ff\nend\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        Files.write(folder.resolve("c.txt"), bytes);
        List<Arrival> lines = read("c.txt", null).stream().map(Read::arrival).toList();
        assertThat(lines.stream().map(Arrival::problem))
                .containsExactly("", "the line has more than 50 bytes", "", "it is not UTF-8", "");
        assertThat(lines.getLast()).isEqualTo(new Arrival("c.txt:5", false, "end", ""));
    }

    @Test
    void readingGoesOnAfterAnyLineAsIfItHadNotStopped() throws IOException {
        Files.write(
                folder.resolve("d.txt"),
                IntStream.range(0, 307).mapToObj(i -> "line " + i).toList());
        List<Read> all = read("d.txt", null);
        assertThat(all).hasSize(307);
        for (int i : new int[] {0, 1, 127, 128, 255, 305, 306}) {
            assertThat(read("d.txt", all.get(i).after())).isEqualTo(all.subList(i + 1, all.size()));
        }
    }
}

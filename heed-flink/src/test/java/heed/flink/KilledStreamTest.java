package heed.flink;

import static org.assertj.core.api.Assertions.assertThat;

import heed.model.Model;
import heed.model.Models;
import heed.moderation.LabelScorer;
import heed.moderation.stream.StreamTally;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed in the midst of a stream, and another that goes on. Nothing here waits for a time:
/// the process says how far it is.
class KilledStreamTest {
    private static final int COMMENTS = 1511;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Process start(Path in) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(List.of(
                        java,
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        TestStreams.classPath(),
                        StreamProcess.class.getName(),
                        in.toString(),
                        folder.toString(),
                        String.valueOf(Files.size(in) * 2 / 3)))
                .redirectErrorStream(true)
                .start();
    }

    @Test
    void whatAKilledProcessHadBegunIsDecidedOnceByTheNext() throws Exception {
        Path in = TestStreams.comments(folder.resolve("comments.jsonl"), COMMENTS);
        Process process = start(in);
        StringBuilder said = new StringBuilder();
        try (BufferedReader lines = process.inputReader()) {
            String line = lines.readLine();
            while (line != null && !line.equals(StreamProcess.HELD)) {
                said.append(line).append('\n');
                line = lines.readLine();
            }
            assertThat(line).as("the process ended by itself: " + said).isNotNull();
            process.destroyForcibly().waitFor();
        } finally {
            process.destroyForcibly();
        }
        assertThat(folder.resolve("checkpoints/finished.json")).doesNotExist();
        TestStreams.Silent watcher = new TestStreams.Silent();
        StreamTally tally;
        try (Model model = Models.open(TestStreams.MODEL)) {
            tally = LocalStream.run(
                    TestStreams.settings("gated://" + in, folder, true, 1), new LabelScorer(model, Map.of()), watcher);
        }
        assertThat(watcher.notes).anyMatch(note -> note.startsWith("going on from chk-"));
        List<String> ids = TestStreams.ids(TestStreams.decisions(folder));
        assertThat(ids).doesNotHaveDuplicates().hasSize(COMMENTS);
        assertThat(tally.comments()).isEqualTo(COMMENTS);
        assertThat(tally.repeated()).isZero();
        assertThat(tally.judged()).isPositive().isLessThan(COMMENTS);
    }
}

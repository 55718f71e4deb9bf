package heed.flink;

import heed.model.Model;
import heed.model.Models;
import heed.moderation.LabelScorer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// A stream in a process of its own, that somebody will kill: it goes on up to some byte of its input and stays
/// there.
final class StreamProcess {
    static final String HELD = "held";

    private StreamProcess() {}

    /// @param arguments the comments, the folder of all the rest, and the byte
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[1]);
        long last = Long.parseLong(arguments[2]);
        GatedFileSystem.set(position -> {
            if (position >= last / 2) {
                TestStreams.awaitDecisions(folder);
            }
            if (position >= last) {
                System.out.println(HELD);
                stay();
            }
        });
        try (Model model = Models.open(TestStreams.MODEL)) {
            LocalStream.run(
                    TestStreams.settings("gated://" + arguments[0], folder, false, 1),
                    new LabelScorer(model, Map.of()),
                    new TestStreams.Silent());
        }
    }

    private static void stay() throws IOException {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }
}

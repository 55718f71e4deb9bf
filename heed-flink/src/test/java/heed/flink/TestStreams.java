package heed.flink;

import heed.kernel.WeightType;
import heed.moderation.stream.StreamEngine;
import heed.moderation.stream.StreamSettings;
import heed.moderation.stream.StreamTally;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Streams for tests, on a small seeded checkpoint with four labels that takes 23 tokens.
final class TestStreams {
    static final Path MODEL = Path.of(
                    "..", "heed-models", "src", "test", "resources", "golden", "bert", "sequence-classification-multi")
            .toAbsolutePath()
            .normalize();
    static final String POLICY =
            "{version: v1, categories: {toxic: {review: 0.2, block: 0.27}, threat: {review: 0.5}}}";

    private static final List<String> WORDS =
            List.of("the", "bank", "river", "money", "can", "lend", "person", "by", "refuse", "to");

    /// What Flink and Kafka log is much, and slow. Held here, since a logger that nobody holds forgets its
    /// level.
    private static final Logger QUIET = Logger.getLogger("org.apache");

    static {
        QUIET.setLevel(Level.OFF);
    }

    private TestStreams() {}

    /// Tests run on the module path or on the class path, as whoever runs them has it.
    static String classPath() {
        return Stream.of("jdk.module.path", "java.class.path", "surefire.test.class.path")
                .map(System::getProperty)
                .filter(path -> path != null && !path.isEmpty())
                .reduce((a, b) -> a + java.io.File.pathSeparator + b)
                .orElseThrow();
    }

    static StreamSettings.Judging judging(int batchTokens) {
        return new StreamSettings.Judging(
                MODEL.toString(), WeightType.F32, null, POLICY, null, batchTokens, Duration.ofMillis(2));
    }

    /// From `in` to `folder/out`, with checkpoints in `folder/checkpoints`.
    static StreamSettings settings(String in, Path folder, boolean resume, int parallelism) {
        String out = folder.resolve("out").toString();
        return new StreamSettings(
                judging(256),
                new StreamSettings.Route(in, false, false, out, out),
                new StreamSettings.Keeping(
                        folder.resolve("checkpoints").toString(), resume, Duration.ofMillis(100), Duration.ofHours(1)),
                parallelism,
                true);
    }

    static String text(SplittableRandom random) {
        return IntStream.rangeClosed(0, random.nextInt(12))
                .mapToObj(_ -> WORDS.get(random.nextInt(WORDS.size())))
                .collect(Collectors.joining(" "));
    }

    static String json(String id, String text) {
        return JsonMapper.shared().writeValueAsString(java.util.Map.of("id", id, "text", text));
    }

    /// Lines of JSON with ids from 0.
    static Path comments(Path file, int count) throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        return Files.write(
                file,
                IntStream.range(0, count)
                        .mapToObj(i -> json("c" + i, text(random)))
                        .toList());
    }

    static List<JsonNode> decisions(Path folder) throws IOException {
        return lines(folder.resolve("out/decisions"));
    }

    /// Waits until decisions can be seen, which is when a checkpoint that has them is complete: an earlier one
    /// may have none.
    static void awaitDecisions(Path folder) throws IOException {
        try {
            while (decisions(folder).isEmpty()) {
                Thread.sleep(5);
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    static List<JsonNode> deadLetters(Path folder) throws IOException {
        return lines(folder.resolve("out/dead-letters"));
    }

    /// Of all files that a reader would see.
    private static List<JsonNode> lines(Path folder) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return lines;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(one -> !one.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList()) {
                Files.readAllLines(file)
                        .forEach(line -> lines.add(JsonMapper.shared().readTree(line)));
            }
        }
        return lines;
    }

    static List<String> ids(List<JsonNode> lines) {
        return lines.stream().map(line -> line.path("id").asString("")).toList();
    }

    /// Sees and says nothing.
    static final class Silent implements StreamEngine.Watcher {
        final List<String> notes = new ArrayList<>();

        @Override
        public void note(String text) {
            notes.add(text);
        }

        @Override
        public void progress(StreamTally tally) {}

        @Override
        public boolean stopRequested() {
            return false;
        }
    }
}

package heed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Training in a process of its own that is killed, interrupted, or has no room to save: it goes on from what
/// it kept with the losses that it would have had. Nothing here waits for a time: what the process says on
/// standard error tells how far it is.
@NullMarked
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no signals")
class InterruptedTrainingTest {
    private static final int EVERY = 10;
    private static final String ENDLESS = "1000000";
    private static final String RECIPE = """
            text: {file: text.txt}
            validation: 0.2
            model: {layers: 1, heads: 2, width: 32, context: 12, dropout: 0.1}
            batch: 3
            steps: 10
            optimizer: {rate: 1e-2, clip: 1}
            schedule: {name: constant}
            evaluate: {every: 10}
            save_every: 10
            seed: 5
            sample: {prompt: the, length: 0}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path recipe = Path.of("");

    @BeforeEach
    void writeRecipe() throws IOException {
        Files.writeString(folder.resolve("text.txt"), "the whale and the sea, the sea and the sky;\n".repeat(20));
        recipe = Files.writeString(folder.resolve("recipe.yaml"), RECIPE);
    }

    /// @param before of the shell, before it becomes Java
    private Process start(String before, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", before + "exec \"$@\"", "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-cp", classPath(), "heed.cli.Heed"));
        command.addAll(List.of("train", "lm", "--config", recipe.toString(), "--threads", "1"));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /// Tests run on the module path or on the class path, as whoever runs them has it.
    private static String classPath() {
        return Stream.of("jdk.module.path", "java.class.path", "surefire.test.class.path")
                .map(System::getProperty)
                .filter(path -> path != null && !path.isEmpty())
                .reduce((a, b) -> a + java.io.File.pathSeparator + b)
                .orElseThrow();
    }

    /// Reads what a process says until it says so; the rest it says to nobody.
    private static void awaitLine(BufferedReader errors, String part) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = errors.readLine(); line != null; line = errors.readLine()) {
            if (line.contains(part)) {
                return;
            }
            said.append(line).append('\n');
        }
        throw new AssertionError("the process ended without '" + part + "': " + said);
    }

    /// Trains in this process.
    ///
    /// @param option `--out` or `--resume`
    private void train(String option, Path run, long steps) {
        StringWriter err = new StringWriter();
        List<String> arguments = List.of(
                "train", "lm", "--config", recipe.toString(), option, run.toString(), "--threads", "1", "--steps");
        int status = Heed.run(
                new PrintWriter(new StringWriter()),
                new PrintWriter(err),
                Stream.concat(arguments.stream(), Stream.of(String.valueOf(steps)))
                        .toArray(String[]::new));
        assertThat(status).as(err.toString()).isZero();
    }

    private static long newestStep(Path run) throws IOException {
        try (Stream<Path> checkpoints = Files.list(run.resolve("checkpoints"))) {
            return checkpoints
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("step-\\d+"))
                    .mapToLong(name -> Long.parseLong(name.substring("step-".length())))
                    .max()
                    .orElseThrow();
        }
    }

    private static List<String> losses(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .map(line -> JsonMapper.shared().readTree(line))
                .map(InterruptedTrainingTest::loss)
                .toList();
    }

    private static String loss(JsonNode line) {
        return line.path("step") + " " + line.path("loss") + line.path("validation_loss");
    }

    /// Goes on with a run, and compares every loss and every parameter with those of a run that was left alone.
    private void assertGoesOnAsIfNothingHadHappened(Path run) throws IOException {
        long steps = newestStep(run) / EVERY * EVERY + 2 * EVERY;
        train("--resume", run, steps);
        Path whole = folder.resolve("whole");
        train("--out", whole, steps);
        assertThat(losses(run)).isEqualTo(losses(whole));
        Path last = Path.of("checkpoints", "step-" + steps, "training.safetensors");
        assertThat(Files.readAllBytes(run.resolve(last))).isEqualTo(Files.readAllBytes(whole.resolve(last)));
    }

    @Test
    void aKilledProcessLosesAtMostTheStepsSinceItsLastCheckpoint() throws Exception {
        Path run = folder.resolve("killed");
        Process process = start("", "--out", run.toString(), "--steps", ENDLESS);
        try (BufferedReader errors = process.errorReader(StandardCharsets.UTF_8)) {
            awaitLine(errors, "heed: step 30, validation loss");
            process.destroyForcibly(); // SIGKILL, while it saves or soon after
            assertThat(process.waitFor()).isNotZero();
        } finally {
            process.destroyForcibly();
        }
        assertThat(newestStep(run)).isGreaterThanOrEqualTo(20);
        assertGoesOnAsIfNothingHadHappened(run);
        try (Stream<Path> files = Files.walk(run)) {
            assertThat(files.map(Path::toString).filter(name -> name.endsWith(".part")))
                    .as("what it had begun to write")
                    .isEmpty();
        }
    }

    @Test
    void anInterruptedProcessSavesAndEndsWithStatus0() throws Exception {
        Path run = folder.resolve("interrupted");
        Process process = start("", "--out", run.toString(), "--steps", ENDLESS);
        try (BufferedReader errors = process.errorReader(StandardCharsets.UTF_8)) {
            awaitLine(errors, "heed: step 10, validation loss");
            interrupt(process);
            awaitLine(errors, "heed: stopped and saved; go on with --resume " + run);
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
        assertThat(newestStep(run)).isGreaterThanOrEqualTo(10);
        assertGoesOnAsIfNothingHadHappened(run);
    }

    /// As Ctrl-C does. A job in the background is started with that signal ignored, and so are its children;
    /// there SIGTERM, which is answered in the same way, stands in.
    private static void interrupt(Process process) throws Exception {
        if (hears(process, 2)) {
            new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        } else {
            process.destroy();
        }
    }

    private static boolean hears(Process process, int signal) throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        if (!Files.exists(status)) {
            return false;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> Long.parseUnsignedLong(
                        line.substring("SigIgn:".length()).strip(), 16))
                .noneMatch(ignored -> (ignored >> (signal - 1) & 1) == 1);
    }

    /// A file may have a few blocks, of 512 or 1,024 bytes as the shell has it: enough for metrics and a
    /// picture, too few for what a checkpoint holds.
    @Test
    void whoHasNoRoomToSaveIsToldAndKeepsTheLastCheckpoint() throws Exception {
        Path run = folder.resolve("full");
        train("--out", run, 20);
        Files.writeString(recipe, RECIPE.replace("evaluate: {every: 10}", "evaluate: {every: 1000000}"));
        Process process = start("ulimit -f 40; ", "--resume", run.toString(), "--steps", ENDLESS);
        List<String> said;
        try (BufferedReader errors = process.errorReader(StandardCharsets.UTF_8)) {
            said = errors.readAllLines();
            assertThat(process.waitFor()).as(String.join("\n", said)).isEqualTo(1);
        } finally {
            process.destroyForcibly();
        }
        assertThat(said.getLast())
                .startsWith("heed: cannot save " + run.resolve("checkpoints/step-30"))
                .endsWith("; step-20 is still there");
        assertThat(said).noneMatch(line -> line.startsWith("\tat "));
        assertThat(newestStep(run)).isEqualTo(20);
        assertThat(run.resolve("checkpoints/step-30.part")).doesNotExist();
        writeRecipe();
        assertGoesOnAsIfNothingHadHappened(run);
    }
}

package heed.cli.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Another process that measures something and prints JSON lines: a peer, or Heed itself, so that neither runs
/// in what the other has warmed up.
record Program(List<String> command, Map<String, String> environment) {
    /// What a program printed, or why it did not.
    ///
    /// @param seconds from its start to its end
    /// @param failure empty when there is none
    record Result(List<JsonNode> lines, double seconds, String failure) {}

    /// This very `heed`, on the same Java with the same flags.
    static Program heed(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("heed.cli.Heed");
        command.addAll(arguments);
        return new Program(command, Map.of());
    }

    Result run() {
        try {
            Path errors = Files.createTempFile("heed-bench", ".err");
            try {
                return run(errors);
            } finally {
                Files.delete(errors);
            }
        } catch (IOException e) {
            return new Result(List.of(), 0, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(List.of(), 0, "interrupted");
        }
    }

    private Result run(Path errors) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        long start = System.nanoTime();
        Process process = builder.start();
        process.getOutputStream().close();
        List<JsonNode> lines = new ArrayList<>();
        try (var reader = process.inputReader()) {
            reader.lines().forEach(line -> parse(line, lines));
        }
        int status = process.waitFor();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (status == 0) {
            return new Result(List.copyOf(lines), seconds, "");
        }
        List<String> said = Files.readAllLines(errors).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("WARNING: Using incubator"))
                .toList();
        return new Result(List.copyOf(lines), seconds, said.isEmpty() ? "exit status " + status : said.getFirst());
    }

    /// What is no JSON is a note.
    private static void parse(String line, List<JsonNode> lines) {
        try {
            lines.add(JsonMapper.shared().readTree(line));
        } catch (JacksonException ignored) {
            // libraries greet and warn on standard output, too
        }
    }
}
